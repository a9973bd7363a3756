package calls_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/calls"
)

func TestCallsAreListedAndForgottenOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	request := func(method string) (int, string) {
		answer := httptest.NewRecorder()
		w.Control().ServeHTTP(answer, httptest.NewRequest(method, "/local/calls", nil))
		return answer.Code, strings.TrimSpace(answer.Body.String())
	}
	if _, got := request(http.MethodGet); got != "[]" {
		t.Errorf("without calls the list is %s", got)
	}
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		response, err := post(t, w.env["SLACK_API_URL"]+method, "")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	_, got := request(http.MethodGet)
	var all []map[string]any
	if err := json.Unmarshal([]byte(got), &all); err != nil || len(all) != 2 || all[1]["operation"] != "chat.update" {
		t.Fatalf("listed %s, %v; want chat.update last of two", got, err)
	}
	for _, member := range []string{"service", "operation", "function", "time", "status", "duration_ms"} {
		if _, found := all[0][member]; !found || len(all[0]) != 6 {
			t.Errorf("%s is missing in %v, or there is more", member, all[0])
		}
	}
	if status, _ := request(http.MethodDelete); status != http.StatusNoContent {
		t.Errorf("DELETE answered %d", status)
	}
	w.want(t)
}

func TestOldestCallsAreForgotten(t *testing.T) {
	t.Parallel()
	r, err := calls.New(calls.Slack("http://127.0.0.1:1/api/")) // nobody answers there
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/fn/web/slack/chat.update", nil)
	for range 10_050 {
		r.Handler().ServeHTTP(httptest.NewRecorder(), request)
	}
	if got := len(r.Calls()); got < 9_000 || got > 10_000 {
		t.Errorf("%d calls are kept, want at most 10000 and not many fewer", got)
	}
}
