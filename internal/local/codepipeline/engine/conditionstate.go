package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// conditionsState shows the conditions of one kind of a stage: the declared
// rules, and how they stand for the latest execution in it, if they run or ran.
// It is nil if the stage declares none.
func conditionsState(s *api.Stage, p *pass, kind string) *api.ConditionsState {
	decl := conditionOf(s, kind)
	if decl == nil {
		return nil
	}
	state := api.ConditionState{RuleStates: []api.RuleState{}}
	for _, r := range decl.Rules {
		state.RuleStates = append(state.RuleStates, api.RuleState{RuleName: r.Name})
	}
	out := &api.ConditionsState{ConditionStates: []api.ConditionState{state}}
	if p == nil || p.conditions[kind] == nil {
		return out
	}
	c := p.conditions[kind]
	out.LatestExecution = &api.ConditionsExecution{Status: c.status, Summary: c.reason()}
	shown := &out.ConditionStates[0]
	shown.LatestExecution = &api.ConditionExecution{
		Status: c.status, Summary: c.reason(), LastStatusChange: api.Time{Time: c.updated},
	}
	for i := range shown.RuleStates {
		for _, r := range c.rules {
			if r.decl.Name == shown.RuleStates[i].RuleName {
				shown.RuleStates[i].LatestExecution = r.show()
			}
		}
	}
	return out
}

func (r *ruleRun) show() *api.RuleExecution {
	return &api.RuleExecution{
		RuleExecutionID: r.id, Status: r.status, Summary: r.outcome.summary,
		LastStatusChange: api.Time{Time: r.updated}, LastUpdatedBy: r.updatedBy,
		ExternalExecutionID: r.outcome.externalID, ErrorDetails: r.outcome.errorDetails(),
	}
}

// A ConditionOverview is a stage's condition as the console page draws it.
// Status is empty before the stage's latest execution reaches it.
type ConditionOverview struct {
	// Type is BEFORE_ENTRY, ON_SUCCESS or ON_FAILURE.
	Type   string `json:"type"`
	Result string `json:"result"`
	Status string `json:"status,omitempty"`
	// Reason says what it waits for or what decided it.
	Reason string `json:"reason,omitempty"`
	// Overridable says that OverrideStageCondition would let the stage's
	// latest execution pass.
	Overridable bool     `json:"overridable,omitempty"`
	Rules       []string `json:"rules"`
}

// conditionOverviews are the conditions of s for its latest execution x, which
// may be nil.
func conditionOverviews(s *api.Stage, x *execution, p *pass) []ConditionOverview {
	out := []ConditionOverview{}
	for _, kind := range conditionKinds {
		decl := conditionOf(s, kind)
		if decl == nil {
			continue
		}
		row := ConditionOverview{Type: kind, Result: resultOf(s, kind), Rules: []string{}}
		for _, r := range decl.Rules {
			row.Rules = append(row.Rules, r.Name)
		}
		if p != nil && p.conditions[kind] != nil {
			row.Status, row.Reason = p.conditions[kind].status, p.conditions[kind].reason()
			row.Overridable = kind != api.OnFailure && x.overridable(s.Name, kind) != nil
		}
		out = append(out, row)
	}
	return out
}
