package slack_test

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
)

// forged makes up a request that Slack never sent, or sent too long ago: from
// one that it did send.
func forged(r *rand.Rand, body string) (header http.Header, forgedBody string) {
	stamp := strconv.FormatInt(now.Unix(), 10)
	genuine := sign(signingKey, stamp, body)
	bent := func(s string) string {
		b := []byte(s)
		b[r.IntN(len(b))] ^= 1 << r.IntN(7)
		return string(b)
	}
	switch r.IntN(8) {
	case 0:
		return headers(stamp, bent(genuine)), body
	case 1:
		return headers(stamp, genuine), bent(body)
	case 2: // cut short
		return headers(stamp, genuine[:r.IntN(len(genuine))]), body
	case 3:
		return headers(stamp, genuine), body[:r.IntN(len(body))]
	case 4: // replayed under a newer time
		old := strconv.FormatInt(now.Unix()-1-r.Int64N(1e6), 10)
		return headers(stamp, sign(signingKey, old, body)), body
	case 5: // stale, or ahead of time, and signed by Slack
		off := 301 + r.Int64N(1e6)
		if r.IntN(2) == 0 {
			off = -off
		}
		at := strconv.FormatInt(now.Unix()+off, 10)
		return headers(at, sign(signingKey, at, body)), body
	case 6: // signed with another key, or none
		return headers(stamp, sign([]string{"", signingKey + " ", previousKey, strconv.Itoa(r.Int())}[r.IntN(4)], stamp, body)), body
	default: // the end of the time moved into the body
		return headers(stamp[:len(stamp)-1], sign(signingKey, stamp, body)), strings.TrimPrefix(body, "p")
	}
}

func forge(n int) (accepted int) {
	r, key := rand.New(rand.NewPCG(1, 2)), secret.NewText(signingKey)
	body := form(approveClick)
	for range n {
		header, forgedBody := forged(r, body)
		if slack.Verify(header, []byte(forgedBody), now, key) == nil {
			accepted++
		}
	}
	return accepted
}

// TestForgedRequestsAreRefused is BenchmarkForgedRequests in small.
func TestForgedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	const tries = 50_000
	if accepted := forge(tries); accepted > 0 {
		t.Errorf("%d of %d forged requests were accepted", accepted, tries)
	}
	stamp := strconv.FormatInt(now.Add(-time.Minute).Unix(), 10)
	body := form(approveClick)
	if err := slack.Verify(headers(stamp, sign(signingKey, stamp, body)), []byte(body), now, secret.NewText(signingKey)); err != nil {
		t.Errorf("a genuine request: %v, so that nothing is shown by the others", err)
	}
}

// BenchmarkForgedRequests tries a million forged, altered, stale and replayed
// requests.
func BenchmarkForgedRequests(b *testing.B) {
	const tries = 1_000_000
	accepted, all := 0, 0
	for b.Loop() {
		accepted += forge(tries)
		all += tries
	}
	b.ReportMetric(float64(all), "forged")
	b.ReportMetric(float64(accepted), "accepted")
	b.ReportMetric(float64(all)/b.Elapsed().Seconds(), "forged/s")
	if accepted > 0 {
		b.Errorf("%d of %d forged requests were accepted", accepted, all)
	}
}
