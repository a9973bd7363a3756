package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func waitingIn(status string, ids ...string) []any {
	var all []any
	for _, id := range ids {
		all = append(all, object{"pipelineExecutionId": id, "status": status})
	}
	return all
}

func TestHoldsAreReadFromTheState(t *testing.T) {
	t.Parallel()
	free := object{"enabled": true}
	closed := object{"enabled": false, "lastChangedBy": "arn:aws:sts::111122223333:assumed-role/Ops/kim", "lastChangedAt": 1773134600.5, "disabledReason": "Freeze"}
	at := time.UnixMilli(1773134600500).UTC()
	rule := object{"latestExecution": object{"status": "InProgress", "lastStatusChange": 1773134600.5}, "ruleStates": []any{
		object{"ruleName": "Window", "latestExecution": object{"status": "InProgress"}},
		object{"ruleName": "Alarm", "latestExecution": object{"status": "Succeeded"}},
		object{"ruleName": "Never"},
	}}
	checked := object{"latestExecution": object{"status": "InProgress"}, "conditionStates": []any{rule}}
	in := object{"pipelineExecutionId": execution, "status": "InProgress"}
	for name, tt := range map[string]struct {
		stage object
		want  []release.Hold
	}{
		"it is in the stage":            {object{"latestExecution": in}, nil},
		"it may go on":                  {object{"inboundExecutions": waitingIn("InProgress", execution), "inboundTransitionState": free}, nil},
		"an edit has ended it":          {object{"inboundExecutions": waitingIn("Failed", execution), "inboundTransitionState": closed}, nil},
		"others wait":                   {object{"inboundExecutions": waitingIn("InProgress", "a"), "inboundTransitionState": closed}, nil},
		"the last there is over":        {object{"inboundExecutions": waitingIn("InProgress", execution), "latestExecution": object{"pipelineExecutionId": "a", "status": "Failed"}}, nil},
		"somebody is there":             {object{"inboundExecutions": waitingIn("InProgress", execution), "latestExecution": object{"pipelineExecutionId": "a", "status": "InProgress"}}, []release.Hold{{Reason: release.ForStage, Stage: "S", By: "a"}}},
		"somebody is being stopped":     {object{"inboundExecutions": waitingIn("InProgress", execution), "latestExecution": object{"pipelineExecutionId": "a", "status": "Stopping"}}, []release.Hold{{Reason: release.ForStage, Stage: "S", By: "a"}}},
		"only the old field":            {object{"inboundExecution": in, "inboundTransitionState": closed}, []release.Hold{{Reason: release.ForTransition, Stage: "S", By: "kim (Ops)", Text: "Freeze", Since: at}}},
		"a queue":                       {object{"inboundExecutions": waitingIn("InProgress", "b", execution, "c"), "inboundTransitionState": free}, []release.Hold{{Reason: release.ForStage, Stage: "S", Text: "2 other releases wait there too"}}},
		"a queue at a closed door":      {object{"inboundExecutions": waitingIn("InProgress", "b", execution), "inboundTransitionState": closed}, []release.Hold{{Reason: release.ForTransition, Stage: "S", By: "kim (Ops)", Text: "Freeze", Since: at}}},
		"somebody behind a closed door": {object{"inboundExecutions": waitingIn("InProgress", execution), "inboundTransitionState": closed, "latestExecution": object{"pipelineExecutionId": "a", "status": "InProgress"}}, []release.Hold{{Reason: release.ForTransition, Stage: "S", By: "kim (Ops)", Text: "Freeze", Since: at}, {Reason: release.ForStage, Stage: "S", By: "a"}}},
		"closed by nobody":              {object{"inboundExecutions": waitingIn("InProgress", execution), "inboundTransitionState": object{"enabled": false}}, []release.Hold{{Reason: release.ForTransition, Stage: "S"}}},
		"a condition":                   {object{"latestExecution": in, "beforeEntryConditionState": checked}, []release.Hold{{Reason: release.ForCondition, Stage: "S", Text: "Window", Since: at}}},
		"a condition of another":        {object{"latestExecution": object{"pipelineExecutionId": "a", "status": "InProgress"}, "onSuccessConditionState": checked}, nil},
		"a condition that was met":      {object{"latestExecution": in, "onFailureConditionState": object{"latestExecution": object{"status": "Succeeded"}}}, nil},
	} {
		s, c := serve(t)
		s.answer("GetPipelineState", object{"stageStates": []any{object{"stageName": "Source"}, with(tt.stage, "stageName", "S")}})
		f, err := c.Facts(t.Context(), asked(), telegraph.Question{Holds: true})
		if diff := cmp.Diff(tt.want, f.Holds); diff != "" || err != nil {
			t.Errorf("%s: %v, holds (-want +got):\n%s", name, err, diff)
		}
	}
}
