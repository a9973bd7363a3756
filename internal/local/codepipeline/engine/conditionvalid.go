package engine

import (
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Limits that AWS documents (API reference, "Condition" and "RuleDeclaration").
const (
	maxConditions = 1 // of a kind in a stage
	maxRules      = 5 // of a condition
)

// results are what each kind of condition may lead to (user guide, "Configure
// conditions for a stage").
var results = map[string][]string{
	api.BeforeEntry: {api.Fail, api.Skip},
	api.OnSuccess:   {api.Rollback, api.Fail},
	api.OnFailure:   {api.Rollback},
}

// validateConditions checks the conditions, results and rules of all stages.
func validateConditions(d *api.Declaration) error {
	known := map[string]bool{namespacePipeline: true, namespaceVariables: true}
	made := map[string]bool{}
	for i := range d.Stages {
		s := &d.Stages[i]
		if err := validateResults(d, s, i == 0); err != nil {
			return err
		}
		for _, kind := range conditionKinds {
			if kind == api.OnSuccess { // from here on the stage's own actions have run
				produce(s, known, made)
			}
			if err := validateCondition(s, kind, scope{known, made}); err != nil {
				return err
			}
		}
		produce(s, known, made)
	}
	return nil
}

// validateResults checks what follows from the conditions of a stage.
func validateResults(d *api.Declaration, s *api.Stage, first bool) error {
	if d.PipelineType != api.V2 && (s.BeforeEntry != nil || s.OnSuccess != nil || s.OnFailure != nil) {
		return api.Errorf(invalidStructure, "Stage '%s' has beforeEntry, onSuccess or onFailure, which need pipelineType V2", s.Name)
	}
	if rollsBack(s) && (first || d.ExecutionMode == api.Parallel) {
		return api.Errorf(invalidStage, "Stage '%s' cannot have the result ROLLBACK: "+
			"neither the source stage nor a PARALLEL pipeline can be rolled back", s.Name)
	}
	return validateOnFailure(s)
}

// A scope is the namespaces and artifacts that a rule may read.
type scope struct{ namespaces, artifacts map[string]bool }

// produce adds what the actions of s leave.
func produce(s *api.Stage, namespaces, artifacts map[string]bool) {
	for _, a := range s.Actions {
		if a.Namespace != "" {
			namespaces[a.Namespace] = true
		}
		for _, out := range a.OutputArtifacts {
			artifacts[out.Name] = true
		}
	}
}

func rollsBack(s *api.Stage) bool {
	if s.OnFailure != nil && s.OnFailure.Result == api.Rollback {
		return true
	}
	return slices.ContainsFunc(conditionKinds, func(kind string) bool {
		c := conditionOf(s, kind)
		return c != nil && c.Result == api.Rollback
	})
}

// validateOnFailure checks what onFailure has besides its condition.
func validateOnFailure(s *api.Stage) error {
	f := s.OnFailure
	switch {
	case f == nil:
		return nil
	case !slices.Contains([]string{"", api.Rollback, api.Retry}, f.Result):
		return api.Errorf(invalidStage, "onFailure of stage '%s' cannot have the result %s, only ROLLBACK or RETRY", s.Name, f.Result)
	case f.RetryConfiguration != nil && f.Result != api.Retry:
		return api.Errorf(invalidStage, "onFailure of stage '%s' has a retryConfiguration, which needs the result RETRY", s.Name)
	case f.Result == api.Retry && len(f.Conditions) > 0:
		return api.Errorf(invalidStage, "onFailure of stage '%s' has conditions, which automatic retry cannot be used with", s.Name)
	}
	return nil
}

// validateCondition checks the condition of one kind.
func validateCondition(s *api.Stage, kind string, in scope) error {
	if n := countConditions(s, kind); n > maxConditions {
		return api.Errorf(invalidStage, "Stage '%s' has %d %s conditions. There should be a maximum of %d", s.Name, n, kind, maxConditions)
	}
	c := conditionOf(s, kind)
	if c == nil {
		return nil
	}
	if n := len(c.Rules); n == 0 || n > maxRules {
		return api.Errorf(invalidStage, "The %s condition of stage '%s' has %d rules. There should be between 1 and %d", kind, s.Name, n, maxRules)
	}
	result := resultOf(s, kind)
	if !slices.Contains(results[kind], result) {
		return api.Errorf(invalidStage, "The %s condition of stage '%s' has the result '%s', which is not one of %s",
			kind, s.Name, result, strings.Join(results[kind], ", "))
	}
	seen := map[string]bool{}
	for i := range c.Rules {
		r := &c.Rules[i]
		if seen[r.Name] {
			return api.Errorf(invalidStage, "Rule name '%s' is used more than once in the %s condition of stage '%s'", r.Name, kind, s.Name)
		}
		seen[r.Name] = true
		if p := r.Type.Provider; result == api.Skip && p != ruleLambda && p != ruleVariable {
			return api.Errorf(invalidStage, "Rule '%s' in stage '%s': the result SKIP supports only the rules LambdaInvoke and VariableCheck, not %s",
				r.Name, s.Name, p)
		}
		if err := validateRule(s.Name, kind, r, in); err != nil {
			return err
		}
	}
	return nil
}

func countConditions(s *api.Stage, kind string) int {
	switch {
	case kind == api.BeforeEntry && s.BeforeEntry != nil:
		return len(s.BeforeEntry.Conditions)
	case kind == api.OnSuccess && s.OnSuccess != nil:
		return len(s.OnSuccess.Conditions)
	case kind == api.OnFailure && s.OnFailure != nil:
		return len(s.OnFailure.Conditions)
	}
	return 0
}
