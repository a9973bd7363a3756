package calls_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/calls"
)

// hasty is an upstream that answers as soon as it has read the header of a
// request, in two parts. It tells first that the one is under way, and waits
// for second before it sends the other.
func hasty(t *testing.T, first chan<- struct{}, second <-chan struct{}) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nfirst")
		close(first)
		<-second
		_, _ = io.WriteString(c, "second")
	}()
	return "http://" + l.Addr().String()
}

func TestAnswerThatComesBeforeTheRequestIsReadIsComplete(t *testing.T) {
	t.Parallel()
	first, second := make(chan struct{}), make(chan struct{})
	w := serve(t, calls.Slack(hasty(t, first, second)+"/api/"))
	body, more := io.Pipe()
	go func() {
		_, _ = io.WriteString(more, "begin")
		select { // where the answer can come that early, it does
		case <-first:
		case <-time.After(100 * time.Millisecond):
		}
		_, _ = io.WriteString(more, "end")
		_ = more.Close()
	}()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.env["SLACK_API_URL"]+"files.upload", body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	begin := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, begin); err != nil {
		t.Fatal(err)
	}
	close(second)
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "second" {
		t.Errorf("read %q, %v after the first part", rest, err)
	}
}
