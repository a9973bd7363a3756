package pipeline_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
)

func TestWaitingIsReadFromFourCalls(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	got, err := c.Waiting(t.Context(), action())
	if err != nil {
		t.Fatal(err)
	}
	want := approval.Waiting{
		Action: action(), ActionExecutionID: token, Token: token,
		StartedBy: "arn:aws:sts::111122223333:assumed-role/Developer/dana", Trigger: "StartPipelineExecution",
		Revisions: []approval.Revision{{
			Source: "Orders", ID: "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c",
			Summary: "Add refund endpoint\n\nRefs ORD-42", Author: "Priya Raman",
			URL: "https://github.com/example-org/orders/commit/3f1c2b4a",
		}},
		CustomData: "Please check the release notes", ReviewURL: "https://wiki.example.com/releases/1.8.0",
		StartedAt: started, ExpiresAt: started.Add(90 * time.Minute),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Waiting (-want +got):\n%s", diff)
	}
	calls := []string{"GetPipeline", "GetPipelineExecution", "GetPipelineState", "ListActionExecutions"}
	if got := s.calls(); !slices.Equal(got, calls) {
		t.Errorf("calls: %v, want %v", got, calls)
	}
	if v := s.inputs["GetPipeline"][0]["version"]; v != 3.0 {
		t.Errorf("GetPipeline asks for version %v, want the one that the execution runs", v)
	}
	if f := s.inputs["ListActionExecutions"][0]["filter"].(object); f["pipelineExecutionId"] != execution {
		t.Errorf("ListActionExecutions filters by %v", f)
	}
}

func TestNewestAttemptCountsHoweverTheListIsOrdered(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	former := with(with(s.attempt(), "startTime", 1773130000.0), "status", "Failed")
	former["actionExecutionId"] = "former"
	for _, order := range [][]object{{former, s.attempt()}, {s.attempt(), former}} {
		s.actions("", order...)
		if got, err := c.Waiting(t.Context(), action()); err != nil || got.ActionExecutionID != token {
			t.Errorf("attempt %q, %v; want the newest", got.ActionExecutionID, err)
		}
	}
}

func TestActionOfTheSameNameElsewhereIsNotOurs(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.actions("", with(s.attempt(), "stageName", "Approval2"), with(s.attempt(), "actionName", "ApproveReleaseToo"))
	if _, err := c.Waiting(t.Context(), action()); !errors.Is(err, approval.ErrTooEarly) {
		t.Errorf("Waiting = %v, want ErrTooEarly", err)
	}
}

func TestListIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	attempt := s.attempt()
	s.actions("more", sample(t, "source"))
	first := s.answers["ListActionExecutions"][0]
	s.actions("", attempt)
	s.answers["ListActionExecutions"] = []any{first, s.answers["ListActionExecutions"][0]}
	got, err := c.Waiting(t.Context(), action())
	if err != nil || got.Token != token || len(got.Revisions) != 1 {
		t.Errorf("Waiting = token %q, %d revisions, %v", got.Token, len(got.Revisions), err)
	}
	if next := s.inputs["ListActionExecutions"][1]["nextToken"]; next != "more" {
		t.Errorf("second page asked for with %v", next)
	}
}

func TestApprovalWithoutTimeoutOrOfAForgottenVersionWaitsSevenDays(t *testing.T) {
	t.Parallel()
	for _, answer := range []any{
		object{"pipeline": object{"name": "orders-release", "stages": []any{}}},
		fault{"PipelineVersionNotFoundException", "no such version"},
	} {
		s, c := serve(t)
		s.answers["GetPipeline"] = []any{answer}
		got, err := c.Waiting(t.Context(), action())
		if err != nil || !got.ExpiresAt.Equal(started.Add(7*24*time.Hour)) {
			t.Errorf("expires %v, %v; want seven days after %v", got.ExpiresAt, err, started)
		}
	}
}

func TestUnresolvedTextsAreShownAsConfigured(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	delete(s.attempt()["input"].(object), "resolvedConfiguration")
	got, err := c.Waiting(t.Context(), action())
	if err != nil || got.ReviewURL != "https://wiki.example.com/releases/#{Build.TAG}" {
		t.Errorf("review URL %q, %v", got.ReviewURL, err)
	}
	delete(s.attempt(), "input")
	if got, err := c.Waiting(t.Context(), action()); err != nil || got.ReviewURL != "" {
		t.Errorf("review URL %q, %v; want none", got.ReviewURL, err)
	}
}

func TestTriggerThatNamesNobodyIsNotShownAsAPerson(t *testing.T) {
	t.Parallel()
	tests := []struct {
		trigger         any
		startedBy, kind string
	}{
		{object{"triggerType": "WebhookV2", "triggerDetail": ` {"example":"opaque text"}`}, "", "WebhookV2"},
		{object{"triggerType": "Webhook", "triggerDetail": "arn:aws:codestar-connections:eu-west-1:1:connection/5d"}, "arn:aws:codestar-connections:eu-west-1:1:connection/5d", "Webhook"},
		{nil, "", ""},
	}
	for _, tt := range tests {
		s, c := serve(t)
		s.answers["GetPipelineExecution"][0].(object)["pipelineExecution"].(object)["trigger"] = tt.trigger
		got, err := c.Waiting(t.Context(), action())
		if err != nil || got.StartedBy != tt.startedBy || got.Trigger != tt.kind {
			t.Errorf("started by %q through %q, %v; want %q through %q", got.StartedBy, got.Trigger, err, tt.startedBy, tt.kind)
		}
	}
}

func TestUnknownPipelineOrExecutionDoesNotWait(t *testing.T) {
	t.Parallel()
	tests := []struct{ operation, kind string }{
		{"GetPipelineExecution", "PipelineNotFoundException"},
		{"GetPipelineExecution", "PipelineExecutionNotFoundException"},
		{"ListActionExecutions", "PipelineExecutionNotFoundException"},
		{"GetPipelineState", "PipelineNotFoundException"},
		{"GetPipeline", "PipelineNotFoundException"},
	}
	for _, tt := range tests {
		s, c := serve(t)
		s.answers[tt.operation] = []any{fault{tt.kind, "gone"}}
		if _, err := c.Waiting(t.Context(), action()); !errors.Is(err, approval.ErrNotWaiting) {
			t.Errorf("Waiting with %s from %s = %v, want ErrNotWaiting", tt.kind, tt.operation, err)
		}
	}
}

func TestFailedCallIsNoAnswerAndThrottlingIsRetried(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"GetPipeline", "GetPipelineExecution", "GetPipelineState", "ListActionExecutions"} {
		s, c := serve(t)
		normal := s.answers[operation][0]
		s.answers[operation] = []any{fault{"ThrottlingException", "Rate exceeded"}, fault{"ThrottlingException", "Rate exceeded"}, normal}
		if _, err := c.Waiting(t.Context(), action()); err != nil {
			t.Errorf("%s throttled twice: %v", operation, err)
		}
		s.answers[operation] = []any{fault{"AccessDeniedException", "not authorized"}}
		_, err := c.Waiting(t.Context(), action())
		if err == nil || errors.Is(err, approval.ErrNotWaiting) || errors.Is(err, approval.ErrTooEarly) || !strings.Contains(err.Error(), operation) {
			t.Errorf("%s denied: %v; want an error that names the call", operation, err)
		}
	}
}

func BenchmarkWaiting(b *testing.B) {
	_, c := serve(b)
	for b.Loop() {
		if _, err := c.Waiting(b.Context(), action()); err != nil {
			b.Fatal(err)
		}
	}
}
