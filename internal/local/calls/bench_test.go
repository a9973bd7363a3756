package calls_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/calls"
)

// BenchmarkCall compares a call that is recorded with one that is not: the
// difference is what a function waits for on our account. It must stay far
// below a millisecond.
func BenchmarkCall(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	r, err := calls.New(calls.AWS(server.URL))
	if err != nil {
		b.Fatal(err)
	}
	proxy := httptest.NewServer(r.Handler())
	defer proxy.Close()
	body := strings.Repeat("x", 2000)
	for _, to := range []struct{ name, url string }{
		{"recorded", r.Environment(proxy.URL, "approval")["AWS_ENDPOINT_URL"]}, {"straight", server.URL},
	} {
		b.Run(to.name, func(b *testing.B) {
			for b.Loop() {
				request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, to.url, strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
		})
	}
}
