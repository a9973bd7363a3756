package pipeline_test

import "testing"

func TestApprovalGuardsWhatRunsAfterIt(t *testing.T) {
	t.Parallel()
	act := func(name, category string, order int) object {
		return object{"name": name, "runOrder": order, "actionTypeId": object{"category": category, "owner": "AWS", "provider": "x", "version": "1"}}
	}
	stage := func(name string, actions ...object) object {
		return object{"name": name, "actions": anySlice(actions)}
	}
	gate, deploy := act("ApproveRelease", "Approval", 1), act("Deploy", "Deploy", 1)
	tests := []struct {
		name   string
		stages []object
		want   string
	}{
		{"the next stage", []object{stage("Approval", gate), stage("Production", deploy)}, "Production"},
		{"its own stage", []object{stage("Approval", gate, act("Deploy", "Deploy", 2)), stage("After", deploy)}, "Approval"},
		{"not what runs beside it", []object{stage("Approval", gate, act("Scan", "Test", 1)), stage("Production", deploy)}, "Production"},
		{"not the next approval", []object{stage("Approval", gate), stage("Approval2", gate), stage("Production", deploy)}, "Production"},
		{"its own stage if nothing follows", []object{stage("Production", deploy), stage("Approval", gate)}, "Approval"},
		{"its own stage if the pipeline was edited", []object{stage("Production", deploy)}, "Approval"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t)
			s.past(100, []object{summary(execution, 0)})
			s.answers["GetPipeline"] = []any{object{"pipeline": object{"name": "orders-release", "stages": anySlice(tt.stages)}}}
			got, err := c.Changes(t.Context(), waiting())
			if err != nil || got.Stage != tt.want {
				t.Errorf("guards %q, %v; want %q", got.Stage, err, tt.want)
			}
		})
	}
}
