package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

const approvalFunction = "arn:aws:lambda:eu-west-1:000000000000:function:signalbox-approval"

// The AWS SDK reads its settings from the process, so these do not run in
// parallel.
func TestReconcileInvokesTheFunctionAndSaysHowItWent(t *testing.T) {
	answer, failed := `null`, ""
	var got []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		if failed != "" {
			w.Header().Set("X-Amz-Function-Error", failed)
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")

	code, stdout, stderr := signalbox(t, "", "reconcile", "--function", approvalFunction)
	if code != exitOK || !strings.Contains(stdout, "Reconciled.") {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	ev, err := event.Parse(got)
	if err != nil {
		t.Fatalf("the function was sent %s: %v", got, err)
	}
	if due, ok := ev.(event.ReconcileDue); !ok || due.Account != "000000000000" || due.Region != "eu-west-1" || due.Time.IsZero() {
		t.Errorf("the function was sent %+v, want a ReconcileDue", ev)
	}

	answer, failed = `{"errorMessage":"list the open requests: throttled","errorType":"wrapError"}`, "Unhandled"
	if code, _, stderr = signalbox(t, "", "reconcile", "--function", approvalFunction); code != exitFailed || !strings.Contains(stderr, "throttled") {
		t.Errorf("after an error of the function: exit %d, %q", code, stderr)
	}
	if code, _, stderr = signalbox(t, "", "reconcile", "--function", "approval"); code != exitFailed || !strings.Contains(stderr, "arn:aws:lambda") {
		t.Errorf("with a name instead of an ARN: exit %d, %q", code, stderr)
	}
}
