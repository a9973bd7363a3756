package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// ownRow lists the execution of the samples, with everything else in pairs.
func ownRow(status string, more ...any) object {
	revision := object{"actionName": "Orders", "revisionId": "3f1c", "revisionSummary": `{"ProviderType":"GitHub","CommitMessage":"Add refund endpoint\n\nRefs ORD-42"}`}
	return row(execution, status, 0, 5, append([]any{
		"sourceRevisions", []any{revision}, "executionMode", "QUEUED",
		"trigger", object{"triggerType": "Webhook"},
	}, more...)...)
}

// has is which facts there are.
func has(f release.Facts) string {
	var all []string
	for name, known := range map[string]bool{
		"mode": f.Mode != "", "plan": len(f.Plan) > 0, "trigger": f.TriggeredBy != "", "revisions": len(f.Revisions) > 0,
		"authors": len(f.Authors) > 0, "usual": f.Usual > 0, "previous": f.Previous != nil, "holds": len(f.Holds) > 0,
	} {
		if known {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestWhatCannotBeReadDoesNotHideTheRest(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]string{
		"":                       "authors holds mode plan previous revisions trigger usual",
		"GetPipeline":            "authors holds mode previous revisions trigger usual",
		"ListPipelineExecutions": "authors holds mode plan revisions trigger",
		"ListActionExecutions":   "holds mode plan previous revisions trigger usual",
		"GetPipelineState":       "authors mode plan previous revisions trigger usual",
		"GetPipelineExecution":   "authors holds mode plan previous revisions trigger usual",
	} {
		for _, broken := range []any{fault{"AccessDeniedException", "no"}, fault{"ThrottlingException", "Rate exceeded"}, fault{"PipelineNotFoundException", "gone"}} {
			s, c := serve(t)
			s.past(100, []object{ownRow("InProgress"), row("a", "Succeeded", -20, -10)})
			held(s)
			if operation != "" {
				s.answer(operation, broken)
			}
			f, err := c.Facts(t.Context(), asked(), everything)
			if got := has(f); got != want {
				t.Errorf("%s fails: %s; want %s", operation, got, want)
			}
			needed := operation != "" && operation != "GetPipelineExecution" // which is asked only if the list does not tell
			if (err != nil) != needed || f.At.IsZero() {
				t.Errorf("%s fails: %v, read at %v", operation, err, f.At)
			}
			if needed && !strings.Contains(err.Error(), "orders-release") {
				t.Errorf("%s fails: %v: of which pipeline?", operation, err)
			}
		}
	}
}

// held lets the execution of the samples wait in front of Deploy.
func held(s *server) {
	stages := s.answers["GetPipelineState"][0].(object)["stageStates"].([]any)
	stages[2].(object)["latestExecution"] = object{"pipelineExecutionId": execution, "status": "Succeeded"}
	stages[3].(object)["inboundExecution"] = object{"pipelineExecutionId": execution, "status": "InProgress"}
	stages[3].(object)["inboundTransitionState"] = object{
		"enabled": false, "lastChangedBy": "arn:aws:iam::111122223333:user/dana", "lastChangedAt": 1773134600.0, "disabledReason": "Freeze",
	}
}

func TestNothingIsKnownWhereEverythingFails(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	for _, operation := range []string{"GetPipeline", "GetPipelineExecution", "GetPipelineState", "ListPipelineExecutions", "ListActionExecutions"} {
		s.answer(operation, fault{"AccessDeniedException", operation + " is not allowed"})
	}
	f, err := c.Facts(t.Context(), asked(), everything)
	if has(f) != "" || err == nil {
		t.Errorf("%s, %v", has(f), err)
	}
	for _, operation := range []string{"GetPipeline", "GetPipelineExecution", "GetPipelineState", "ListPipelineExecutions"} {
		if !strings.Contains(fmt.Sprint(err), operation+" is not allowed") {
			t.Errorf("%s is missing in %v", operation, err)
		}
	}
	s.answer("GetPipeline", object{})
	s.answer("ListPipelineExecutions", object{})
	s.answer("GetPipelineExecution", object{})
	if f, err = c.Facts(t.Context(), asked(), telegraph.Question{Structure: true, Origin: true}); has(f) != "" || err == nil || strings.Count(err.Error(), "CodePipeline answered without") != 2 {
		t.Errorf("empty answers: %s, %v", has(f), err)
	}
	if _, err := c.Truth(t.Context(), asked().ExecutionID); err == nil || errors.Is(err, telegraph.ErrNotFound) {
		t.Errorf("truth of an empty answer: %v", err)
	}
}

func TestPlaceThatCannotBeReachedIsAnError(t *testing.T) {
	t.Parallel()
	var asking []pipeline.Place
	c := pipeline.Across(func(p pipeline.Place) (pipeline.Calls, error) {
		asking = append(asking, p)
		return pipeline.Calls{}, errors.New("no way there")
	})
	r := release.NewRecord(release.ExecutionID{Account: foreign, Region: "us-east-1", Pipeline: "orders", ID: execution})
	f, err := c.Facts(t.Context(), r, everything)
	if err == nil || has(f) != "" || f.At.IsZero() {
		t.Errorf("facts %+v, %v", f, err)
	}
	if _, err := c.Truth(t.Context(), r.ExecutionID); err == nil || errors.Is(err, telegraph.ErrNotFound) {
		t.Errorf("truth: %v", err)
	}
	want := pipeline.Place{Account: foreign, Region: "us-east-1"}
	if diff := cmp.Diff([]pipeline.Place{want, want}, asking); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestAnswersAreNotAwaitedForEver(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{ownRow("InProgress")})
	s.answer("GetPipelineState", hang{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	f, err := c.Facts(ctx, asked(), everything)
	if !errors.Is(err, context.DeadlineExceeded) || has(f) != "authors mode plan revisions trigger" {
		t.Errorf("%s, %v", has(f), err)
	}
}

func TestExecutionThatIsNotListedIsReadByItself(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{row("other", "Succeeded", -9, -1)})
	f, err := c.Facts(t.Context(), asked(), telegraph.Question{Origin: true})
	if err != nil || f.TriggeredBy != "dana (Developer)" || f.Mode != "QUEUED" || len(f.Revisions) != 1 || f.RollsBackTo != "" {
		t.Fatalf("%+v, %v", f, err)
	}
	want := release.Commit{
		Source: "Orders", ID: "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c", Summary: "Add refund endpoint", Author: "Priya Raman", Email: "priya@example.com",
		URL: "https://github.com/example-org/orders/commit/3f1c2b4a", ExecutionID: execution, Keys: []string{"ORD-42"},
	}
	if diff := cmp.Diff(want, f.Revisions[0]); diff != "" {
		t.Errorf("revision (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]release.Author{{Name: "Priya Raman", Email: "priya@example.com", Login: "priya-raman"}}, f.Authors); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	x := s.answers["GetPipelineExecution"][0].(object)["pipelineExecution"].(object)
	x["rollbackMetadata"], x["artifactRevisions"] = object{"rollbackTargetPipelineExecutionId": "target"}, []any{}
	f, err = c.Facts(t.Context(), asked(), telegraph.Question{Origin: true})
	if err != nil || f.RollsBackTo != "target" || len(f.Revisions) != 0 {
		t.Errorf("roll-back: %+v, %v", f, err)
	}
}

func TestSourcesWithoutRevisionsTellWhatTheyFound(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{row(execution, "InProgress", 0, 5)})
	f, err := c.Facts(t.Context(), asked(), telegraph.Question{Origin: true})
	if err != nil || len(f.Revisions) != 0 || slices.Contains(s.calls(), "ListActionExecutions") {
		t.Errorf("before the source has run: %+v, %v, calls %q", f.Revisions, err, s.calls())
	}
	r, _ := asked().Fold(event.ActionChanged{
		Meta: event.Meta{Account: home.Account, Region: home.Region, Time: started}, Stage: "Source", Action: "Orders", ActionExecutionID: "1",
		Execution: event.Execution{Pipeline: action().Pipeline, ExecutionID: execution, State: event.Succeeded, Attempt: 1},
		Type:      event.ActionType{Category: "Source", Owner: "AWS", Provider: "CodeStarSourceConnection"},
	})
	f, err = c.Facts(t.Context(), r, telegraph.Question{Origin: true})
	if err != nil || len(f.Revisions) != 1 || f.Revisions[0].Author != "Priya Raman" {
		t.Errorf("after it has: %+v, %v", f.Revisions, err)
	}
}

func TestPlanKeepsOrderKindAndRegion(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	p := s.answers["GetPipeline"][0].(object)["pipeline"].(object)
	delete(p, "executionMode")
	p["stages"] = []any{
		object{"name": "Z", "actions": []any{
			object{"name": "Late", "runOrder": 2, "region": "us-east-1", "actionTypeId": object{"category": "Deploy", "owner": "Custom", "provider": "Mine", "version": "1"}},
			object{"name": "Early", "actionTypeId": object{"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}},
		}},
		object{"name": "A", "actions": []any{object{"name": "Strange"}}},
	}
	f, err := c.Facts(t.Context(), asked(), telegraph.Question{Structure: true})
	want := []release.PlannedStage{
		{Name: "Z", Actions: []release.PlannedAction{
			{Name: "Late", RunOrder: 2, Kind: release.Kind{Category: "Deploy", Owner: "Custom", Provider: "Mine", Region: "us-east-1"}},
			{Name: "Early", RunOrder: 1, Kind: release.Kind{Category: "Build", Owner: "AWS", Provider: "CodeBuild"}},
		}},
		{Name: "A", Actions: []release.PlannedAction{{Name: "Strange", RunOrder: 1}}},
	}
	if diff := cmp.Diff(want, f.Plan); diff != "" || err != nil || f.Mode != "SUPERSEDED" {
		t.Errorf("mode %s, %v, plan (-want +got):\n%s", f.Mode, err, diff)
	}
}
