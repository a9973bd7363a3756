package pipeline_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/signalbox/signalbox/internal/approval"
)

// TestTokenComesOnlyFromTheStageThatWeHold: the state of a pipeline shows
// whatever is in the stage now, and its two views can disagree for a moment.
func TestTokenComesOnlyFromTheStageThatWeHold(t *testing.T) {
	t.Parallel()
	held := func(o object) {}
	tests := []struct {
		name  string
		state func(stage object)
		list  string // the status of our newest attempt there; empty when it is not listed
		want  error
	}{
		{"we wait", held, "InProgress", nil},
		{"not listed yet", held, "", approval.ErrTooEarly},
		{"another execution holds the stage", holder("other"), "InProgress", approval.ErrTooEarly},
		{"the stage has not run", func(o object) { delete(o, "latestExecution") }, "InProgress", approval.ErrTooEarly},
		{"the action has not run", latest(nil), "InProgress", approval.ErrTooEarly},
		{"no token yet", latest(object{"status": "InProgress"}), "InProgress", approval.ErrTooEarly},
		{"the state shows the former attempt", latest(object{"status": "Failed", "token": token}), "InProgress", approval.ErrTooEarly},
		{"the list shows the former attempt", held, "Failed", approval.ErrTooEarly},
		{"approved", latest(object{"status": "Succeeded"}), "Succeeded", approval.ErrNotWaiting},
		{"rejected", latest(object{"status": "Failed"}), "Failed", approval.ErrNotWaiting},
		{"abandoned, stage taken by the next", holder("other"), "Abandoned", approval.ErrNotWaiting},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t)
			tt.state(approvalStage(s))
			if tt.list == "" {
				s.actions("", sample(t, "source"))
			} else {
				s.attempt()["status"] = tt.list
			}
			got, err := c.Waiting(t.Context(), action())
			if !errors.Is(err, tt.want) {
				t.Fatalf("Waiting = %v, want %v", err, tt.want)
			}
			if (got.Token != "") != (tt.want == nil) {
				t.Errorf("token %q with error %v", got.Token, err)
			}
		})
	}
}

func TestParallelPipelineKeepsItsTokenInTheList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, status, external string
		want                   error
	}{
		{"waits", "InProgress", "0a0b0c0d-0000-4000-8000-000000000001", nil},
		{"no token yet", "InProgress", "", approval.ErrTooEarly},
		{"rejected", "Failed", "0a0b0c0d-0000-4000-8000-000000000001", approval.ErrNotWaiting},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t)
			s.answers["GetPipelineExecution"][0].(object)["pipelineExecution"].(object)["executionMode"] = "PARALLEL"
			s.attempt()["status"] = tt.status
			s.attempt()["output"] = object{"executionResult": object{"externalExecutionId": tt.external}}
			got, err := c.Waiting(t.Context(), action())
			if !errors.Is(err, tt.want) || err == nil && got.Token != tt.external {
				t.Errorf("Waiting = token %q, %v; want %q, %v", got.Token, err, tt.external, tt.want)
			}
			if slices.Contains(s.calls(), "GetPipelineState") {
				t.Error("asked for the state, which a PARALLEL pipeline does not have")
			}
		})
	}
}

func approvalStage(s *server) object {
	return s.answers["GetPipelineState"][0].(object)["stageStates"].([]any)[2].(object)
}

// holder changes a stage so that another execution is in it.
func holder(execution string) func(object) {
	return func(stage object) {
		stage["latestExecution"] = object{"pipelineExecutionId": execution, "status": "InProgress"}
	}
}

// latest changes what a stage shows of its first action.
func latest(run object) func(object) {
	return func(stage object) {
		shown := stage["actionStates"].([]any)[0].(object)
		delete(shown, "latestExecution")
		if run != nil {
			shown["latestExecution"] = run
		}
	}
}
