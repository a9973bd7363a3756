package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// warmTimeout bounds how long a start may wait for connections.
const warmTimeout = 500 * time.Millisecond

// A Doer is an HTTP client, such as that of an aws.Config.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Warm opens the TLS connections to urls that the first request will need, all
// at once. Call it while a function starts: then Lambda gives it a full CPU,
// whatever its memory, and handshakes are most of the work of a first request.
// A connection that cannot be opened is no failure: it is tried again when it
// is needed. Nothing is under way any more when Warm returns, since Lambda may
// freeze a started function for long.
func Warm(ctx context.Context, client Doer, urls ...string) {
	urls = slices.DeleteFunc(urls, func(u string) bool { return !strings.HasPrefix(u, "https://") })
	if len(urls) == 0 {
		return // no handshake to save
	}
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	defer cancel()
	var all sync.WaitGroup
	for _, u := range urls {
		all.Go(func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodHead, u, http.NoBody)
			if err != nil {
				return
			}
			if resp, err := client.Do(req); err == nil {
				_ = resp.Body.Close() // whatever it answers, the connection is open
			}
		})
	}
	all.Wait()
}
