package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/cron"
)

// checkWindow succeeds as soon as the deployment window is open.
func (e *Engine) checkWindow(r *ruleRun) {
	schedule, zone, err := window(r.resolved)
	if err != nil {
		e.errSoon(r, err.Error())
		return
	}
	now := e.now()
	opens, ok := schedule.Next(now.In(zone))
	const layout = "Mon 2006-01-02 15:04 MST"
	switch {
	case !ok:
		e.endSoon(r, failed, "The deployment window never opens again")
	case !opens.After(now):
		e.endSoon(r, succeeded, "The deployment window is open")
	default:
		r.outcome.summary = "Waiting for the deployment window, which opens " + opens.Format(layout)
		e.schedule(r, opens.Sub(now), func() {
			e.endRule(r, succeeded, outcome{summary: "The deployment window opened " + opens.Format(layout)})
		})
	}
}

func window(c map[string]string) (cron.Schedule, *time.Location, error) {
	schedule, err := cron.Parse(c["Cron"])
	if err != nil {
		return cron.Schedule{}, nil, err
	}
	zone, err := cron.Zone(c["TimeZone"])
	return schedule, zone, err
}

// checkVariable compares a variable with a value.
func (e *Engine) checkVariable(r *ruleRun) {
	c := r.resolved
	ok, err := compare(c["Operator"], c["Variable"], c["Value"])
	text := fmt.Sprintf("'%s' %s '%s'", c["Variable"], c["Operator"], c["Value"])
	switch {
	case err != nil:
		e.errSoon(r, err.Error())
	case ok:
		e.endSoon(r, succeeded, text+" holds")
	default:
		e.endSoon(r, failed, text+" does not hold")
	}
}

// operators are those of a VariableCheck; all distinguish upper and lower case.
var operators = []string{"EQ", "NE", "CONTAINS", "MATCHES"}

// compare applies an operator. MATCHES is about the whole variable, as Java's
// String.matches is.
func compare(operator, variable, value string) (bool, error) {
	switch operator {
	case "EQ":
		return variable == value, nil
	case "NE":
		return variable != value, nil
	case "CONTAINS":
		return strings.Contains(variable, value), nil
	case "MATCHES":
		pattern, err := regexp.Compile(`\A(?:` + value + `)\z`)
		if err != nil {
			return false, fmt.Errorf("the Value %q is no regular expression that can be used here: %w", value, err)
		}
		return pattern.MatchString(variable), nil
	}
	return false, fmt.Errorf("the Operator %q is not one of %s", operator, strings.Join(operators, ", "))
}

// runCommands ends as told by a Script. Nothing runs commands here, so without
// one it takes its time and succeeds, or says so in a strict world.
func (e *Engine) runCommands(r *ruleRun) {
	scripts := r.condition.execution.pipeline.scripts
	script, scripted := scripts[r.place()]
	delete(scripts, r.place())
	if !scripted && e.opts.Strict {
		e.errSoon(r, "This local CodePipeline runs no commands: script how the rule ends")
		return
	}
	delay := e.pause()
	if script.Delay != nil {
		delay = *script.Delay
	}
	r.outcome.summary, r.outcome.externalID = "The commands run", e.newID()
	end, summary := succeeded, "The commands succeeded"
	if script.Fails {
		end, summary = failed, "The commands failed"
	}
	if script.Summary != "" {
		summary = script.Summary
	}
	e.schedule(r, delay, func() { e.endRule(r, end, outcome{summary: summary}) })
}

// commandsRule reports whether a place of the newest declaration is a Commands
// rule, and no action.
func (p *pipeline) commandsRule(at place) bool {
	for i := range p.decl.Stages {
		s := &p.decl.Stages[i]
		if s.Name != at.stage || p.action(at) != nil {
			continue
		}
		for _, kind := range conditionKinds {
			c := conditionOf(s, kind)
			if c != nil && slices.ContainsFunc(c.Rules, func(r api.Rule) bool {
				return r.Name == at.action && r.Type.Provider == ruleCommands
			}) {
				return true
			}
		}
	}
	return false
}
