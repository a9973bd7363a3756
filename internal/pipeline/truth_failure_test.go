package pipeline_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func TestTruthIsReadFromThreeAnswers(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{row("newer", "InProgress", 1, 2), ownRow("InProgress")})
	broken := with(sample(t, "source"), "status", "Failed")
	broken["output"] = object{"executionResult": object{
		"externalExecutionId": "orders:1", "externalExecutionUrl": "https://example.com", "errorDetails": object{"code": "JobFailed", "message": "It is red"},
	}}
	page := object{"actionExecutionDetails": []any{broken}, "nextToken": "more"}
	s.answers["ListActionExecutions"] = []any{page, object{"actionExecutionDetails": []any{s.attempt()}}}
	got, err := c.Truth(t.Context(), asked().ExecutionID)
	if err != nil {
		t.Fatal(err)
	}
	want := release.Truth{
		State: event.Started, Started: started.Truncate(time.Second), Updated: started.Truncate(time.Second).Add(5 * time.Minute),
		Stages: []release.StageTruth{{Name: "Source", State: event.Succeeded}, {Name: "Build", State: event.Succeeded}, {Name: "Approval", State: event.Started}},
		Actions: []release.ActionTruth{
			{
				Stage: "Source", Action: "Orders", ID: "11aa22bb-33cc-44dd-95ee-66ff77aa88bb", State: event.Failed, Region: "eu-west-1",
				Type:    event.ActionType{Category: "Source", Owner: "AWS", Provider: "CodeStarSourceConnection"},
				Started: time.UnixMilli(1773134103101).UTC(), Updated: time.UnixMilli(1773134109000).UTC(),
				Result: event.Result{ExternalID: "orders:1", URL: "https://example.com", Summary: "It is red", ErrorCode: "JobFailed"},
			},
			{
				Stage: "Approval", Action: "ApproveRelease", ID: token, State: event.Started, Region: "eu-west-1",
				Type: event.ActionType{Category: "Approval", Owner: "AWS", Provider: "Manual"}, Started: started, Updated: started,
			},
		},
	}
	for i := range got.Actions {
		got.Actions[i].Started = got.Actions[i].Started.Round(time.Millisecond)
		got.Actions[i].Updated = got.Actions[i].Updated.Round(time.Millisecond)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("truth (-want +got):\n%s", diff)
	}
	filter := s.inputs["ListActionExecutions"][0]["filter"].(object)
	if filter["pipelineExecutionId"] != execution {
		t.Errorf("actions of %v", filter)
	}
}

func TestTruthOfOneThatIsNotListedHasNoTimes(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(10, []object{row("newer", "InProgress", 1, 2)})
	got, err := c.Truth(t.Context(), asked().ExecutionID)
	if err != nil || got.State != event.Started || !got.Started.IsZero() || len(got.Actions) != 2 || len(got.Stages) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, gone := range []string{"PipelineNotFoundException", "PipelineExecutionNotFoundException"} {
		s.answer("GetPipelineExecution", fault{gone, "gone"})
		if got, err := c.Truth(t.Context(), asked().ExecutionID); !errors.Is(err, telegraph.ErrNotFound) || len(got.Actions) > 0 {
			t.Errorf("%s: %+v, %v", gone, got, err)
		}
	}
}

func TestTruthThatIsNotWholeSaysSo(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]string{
		"ListPipelineExecutions": "stages actions",
		"ListActionExecutions":   "state stages",
		"GetPipelineState":       "state actions",
	} {
		s, c := serve(t)
		s.past(100, []object{ownRow("InProgress")})
		for _, broken := range []string{"AccessDeniedException", "ThrottlingException"} {
			s.answer(operation, fault{broken, "not now"})
			got, err := c.Truth(t.Context(), asked().ExecutionID)
			if err == nil || errors.Is(err, telegraph.ErrNotFound) || !strings.Contains(err.Error(), "orders-release") {
				t.Errorf("%s of %s: %v", broken, operation, err)
			}
			if has := known(got); has != want {
				t.Errorf("%s of %s: %s, want %s", broken, operation, has, want)
			}
		}
		s.answer(operation, fault{"PipelineNotFoundException", "gone"})
		if _, err := c.Truth(t.Context(), asked().ExecutionID); errors.Is(err, telegraph.ErrNotFound) != (operation == "ListPipelineExecutions") || err == nil {
			t.Errorf("%s of nothing: %v", operation, err)
		}
	}
}

func known(t release.Truth) string {
	var all []string
	if t.State != "" {
		all = append(all, "state")
	}
	if len(t.Stages) > 0 {
		all = append(all, "stages")
	}
	if len(t.Actions) > 0 {
		all = append(all, "actions")
	}
	return strings.Join(all, " ")
}

func TestExecutionThatIsOverWaitsForNothing(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"InProgress": "Deploy", "Stopping": "", "Superseded": "", "Cancelled": ""} {
		s, c := serve(t)
		s.past(100, []object{ownRow(status)})
		held(s)
		got, err := c.Truth(t.Context(), asked().ExecutionID)
		if err != nil || got.Waits != want {
			t.Errorf("%s waits for %q, %v; want %q", status, got.Waits, err, want)
		}
	}
}
