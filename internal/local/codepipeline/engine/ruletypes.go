package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The rule providers.
const (
	ruleWindow   = "DeploymentWindow"
	ruleVariable = "VariableCheck"
	ruleAlarm    = "CloudWatchAlarm"
	ruleLambda   = "LambdaInvoke"
	ruleCommands = "Commands"
)

// A ruleType says what a rule must look like.
type ruleType struct {
	required, optional []string
	// check refuses literal values that can never work; nil accepts all.
	check func(kind string, r *api.Rule) error
}

// ruleTypes are the rules that can be declared, by provider. Source:
// CodePipeline user guide, "Rule structure reference".
var ruleTypes = map[string]ruleType{
	ruleWindow:   {required: []string{"Cron"}, optional: []string{"TimeZone"}, check: literalWindow},
	ruleVariable: {required: []string{"Operator", "Value", "Variable"}, check: literalOperator},
	ruleAlarm:    {required: []string{"AlarmName"}, optional: []string{"AlarmStates", "WaitTime"}, check: literalAlarm},
	ruleLambda:   {required: []string{"FunctionName"}, optional: []string{"UserParameters"}},
	ruleCommands: {check: singleLines},
}

// checkRule begins the check that the rule's provider makes.
func (e *Engine) checkRule(r *ruleRun) {
	switch r.decl.Type.Provider {
	case ruleWindow:
		e.checkWindow(r)
	case ruleVariable:
		e.checkVariable(r)
	case ruleAlarm:
		e.checkAlarm(r)
	case ruleLambda:
		e.invokeRule(r)
	case ruleCommands:
		e.runCommands(r)
	}
}

func literalWindow(_ string, r *api.Rule) error {
	if !literal(r, "Cron", "TimeZone") {
		return nil
	}
	_, _, err := window(r.Configuration)
	return err
}

func literalOperator(_ string, r *api.Rule) error {
	operator := r.Configuration["Operator"]
	if !literal(r, "Operator") || slices.Contains(operators, operator) {
		return nil
	}
	_, err := compare(operator, "", "")
	return err
}

func literalAlarm(kind string, r *api.Rule) error {
	if literal(r, "AlarmStates") {
		if _, err := wantedStates(kind, r.Configuration["AlarmStates"]); err != nil {
			return err
		}
	}
	if !literal(r, "WaitTime") {
		return nil
	}
	_, err := waitTime(r.Configuration["WaitTime"])
	return err
}

func singleLines(_ string, r *api.Rule) error {
	for _, c := range r.Commands {
		if strings.ContainsAny(c, "\r\n") {
			return fmt.Errorf("the command %q has more than one line", c)
		}
	}
	return nil
}

// literal reports whether the values of keys have no variables.
func literal(r *api.Rule, keys ...string) bool {
	return !slices.ContainsFunc(keys, func(k string) bool { return reference.MatchString(r.Configuration[k]) })
}
