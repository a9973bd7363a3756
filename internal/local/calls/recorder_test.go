package calls_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/signalbox/signalbox/internal/local/calls"
)

// A world is a Recorder before an upstream that plays AWS, CodePipeline and
// Slack alike.
type world struct {
	*calls.Recorder
	url string
	env map[string]string
}

func newWorld(t *testing.T, upstream http.HandlerFunc) *world {
	t.Helper()
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	return serve(t, calls.AWS(server.URL), calls.Service("CODEPIPELINE", server.URL), calls.Slack(server.URL+"/api/"))
}

// serve is a Recorder before upstreams that run already.
func serve(t *testing.T, upstreams ...calls.Upstream) *world {
	t.Helper()
	r, err := calls.New(upstreams...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	proxy := httptest.NewServer(r.Handler())
	t.Cleanup(proxy.Close)
	return &world{Recorder: r, url: proxy.URL, env: r.Environment(proxy.URL, "approval")}
}

// want fails unless those are the calls, but for their times.
func (w *world) want(t *testing.T, want ...calls.Call) {
	t.Helper()
	// The answer comes a moment before the call is noted as ended.
	for deadline := time.Now().Add(5 * time.Second); !w.ended() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	got := w.Calls()
	for i := range want {
		want[i].Function = "approval"
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(calls.Call{}, "Time", "Duration"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("calls differ (-want +got):\n%s", diff)
	}
}

func (w *world) ended() bool {
	for _, c := range w.Calls() {
		if c.Duration == 0 {
			return false
		}
	}
	return true
}

func post(t *testing.T, url, body string, header ...string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return http.DefaultClient.Do(r)
}

func TestCallIsPassedOnAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := r.Method + " " + r.RequestURI + " " + r.Header.Get("Authorization") + " " + string(body)
		if want := "POST /a%2Fb//c?d=e Bearer xoxb-1 the body"; got != want {
			t.Errorf("the upstream got %q, want %q", got, want)
		}
		w.Header().Set("X-Amzn-Requestid", "7")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "the answer")
	})
	response, err := post(t, w.env["AWS_ENDPOINT_URL"]+"/a%2Fb//c?d=e", "the body", "Authorization", "Bearer xoxb-1")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "the answer" || response.StatusCode != http.StatusTeapot || response.Header.Get("X-Amzn-Requestid") != "7" {
		t.Errorf("got %d %q %v", response.StatusCode, body, err)
	}
	w.want(t, calls.Call{Service: "unknown", Operation: "POST /a/b//c", Status: http.StatusTeapot})
}

func TestAnswerIsPassedOnWhileItIsWritten(t *testing.T) {
	t.Parallel()
	more := make(chan struct{})
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		_ = http.NewResponseController(w).Flush()
		<-more
		_, _ = io.WriteString(w, "second")
	})
	response, err := post(t, w.env["SLACK_API_URL"]+"chat.update", "")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "first" {
		t.Fatalf("read %q, %v before the answer was complete", first, err)
	}
	if all := w.Calls(); len(all) != 1 || all[0].Status != http.StatusOK || all[0].Duration != 0 {
		t.Errorf("calls are %+v; want one that goes on", all)
	}
	close(more)
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "second" {
		t.Errorf("read %q, %v", rest, err)
	}
	w.want(t, calls.Call{Service: "slack", Operation: "chat.update", Status: http.StatusOK})
}

func TestCallWithoutAnswerEndsWithoutAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = connection.Close()
	})
	response, err := post(t, w.env["SLACK_API_URL"]+"chat.postMessage", "")
	if err == nil {
		response.Body.Close()
		t.Fatalf("got status %d, want no answer", response.StatusCode)
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end of the connection", err)
	}
	w.want(t, calls.Call{Service: "slack", Operation: "chat.postMessage", Status: 0})
}

func TestFunctionThatStopsWaitingEndsTheCall(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(gone)
	})
	client := http.Client{Timeout: 50 * time.Millisecond}
	response, err := client.Post(w.env["SLACK_API_URL"]+"views.open", "application/json", strings.NewReader("{}")) //nolint:noctx // its timeout is the point
	if err == nil {
		response.Body.Close()
		t.Fatal("an answer came")
	}
	<-gone
	w.want(t, calls.Call{Service: "slack", Operation: "views.open", Status: 0})
}

func TestNothingOfTheContentIsKept(t *testing.T) {
	t.Parallel()
	const secret = "hush-5d1f"
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, secret) })
	for _, path := range []string{"SLACK_API_URL", "AWS_ENDPOINT_URL_SNS"} {
		response, err := post(t, strings.TrimSuffix(w.env[path], "/")+"/"+secret+"?token="+secret, "Action="+secret+"&token="+secret,
			"Authorization", "AWS4-HMAC-SHA256 Credential=A/B/C/"+strings.ToUpper(secret)+"/aws4_request", "X-Amz-Target", secret,
			"Content-Type", "application/x-www-form-urlencoded")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	for _, c := range w.Calls() {
		c.Operation = strings.TrimPrefix(c.Operation, "POST /"+secret) // a path is a name of something, in AWS
		raw, err := json.Marshal(c)
		if err != nil || strings.Contains(strings.ToLower(string(raw)), secret) {
			t.Errorf("kept %s, %v", raw, err)
		}
	}
}

func TestStrangeAddressesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { t.Error("it was passed on") })
	for _, path := range []string{"/", "/fn", "/fn/approval", "/fn/approval/", "/fn/approval/mars/", "/elsewhere/approval/aws/"} {
		answer := httptest.NewRecorder()
		w.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, path, nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, answer.Code)
		}
	}
	if _, err := calls.New(calls.AWS("nowhere")); err == nil {
		t.Error("an upstream without a URL was taken")
	}
}
