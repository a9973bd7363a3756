package engine

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// A ruleRun is one run of one rule of a condition.
type ruleRun struct {
	id        string
	seq       int
	condition *condition
	decl      *api.Rule
	status    status
	// errored says that the rule could not be checked, rather than that its
	// check failed; its status is Failed in both cases.
	errored   bool
	started   time.Time
	updated   time.Time
	updatedBy string
	resolved  map[string]string
	inputs    []api.ArtifactDetail
	outcome   outcome // while it runs, its summary says what it waits for
	timers    []clock.Timer
}

// newRule makes a run of a rule without starting it.
func (e *Engine) newRule(c *condition, decl *api.Rule) *ruleRun {
	e.runs++
	r := &ruleRun{
		id: e.newID(), seq: e.runs, condition: c, decl: decl,
		status: inProgress, started: e.now(), updated: e.now(), outcome: outcome{summary: "Being checked"},
	}
	c.execution.rules = append(c.execution.rules, r)
	return r
}

// startRule begins the check. It ends r later, by a timer, an alarm or a
// function, and a timeout if nothing else does.
func (e *Engine) startRule(r *ruleRun) {
	resolved, missing := r.condition.execution.fill(r.decl.Configuration)
	r.resolved = resolved
	limit := e.ruleLimit(r.decl)
	e.schedule(r, limit, func() {
		e.endRule(r, failed, outcome{summary: fmt.Sprintf("The rule timed out after %s: %s", limit, r.outcome.summary)})
	})
	if missing != "" {
		e.errSoon(r, fmt.Sprintf("The variable %s has no value: no action produced it", missing))
		return
	}
	for _, in := range r.decl.InputArtifacts {
		artifact, made := r.condition.execution.artifacts[in.Name]
		if !made {
			e.errSoon(r, fmt.Sprintf("The input artifact %s does not exist: no action has made it", in.Name))
			return
		}
		r.inputs = append(r.inputs, artifact)
	}
	e.checkRule(r)
}

// schedule calls f after d unless r has ended by then.
func (e *Engine) schedule(r *ruleRun, d time.Duration, f func()) {
	r.timers = append(r.timers, e.after(d, f))
}

// endSoon ends r in the next step.
func (e *Engine) endSoon(r *ruleRun, end status, summary string) {
	e.schedule(r, 0, func() { e.endRule(r, end, outcome{summary: summary}) })
}

// errSoon ends r in the next step because it cannot be checked.
func (e *Engine) errSoon(r *ruleRun, why string) {
	e.schedule(r, 0, func() { e.errRule(r, why) })
}

func (e *Engine) errRule(r *ruleRun, why string) {
	if r.status == inProgress {
		r.errored = true
		e.endRule(r, failed, outcome{summary: why, code: configurationError})
	}
}

// endRule ends r unless it has ended, and decides its condition if it can.
func (e *Engine) endRule(r *ruleRun, end status, o outcome) {
	if r.status != inProgress {
		return
	}
	e.releaseRule(r)
	o.summary = short(o.summary)
	o.externalID = r.outcome.externalID
	if end == failed {
		if o.code == "" {
			o.code = jobFailed
		}
		o.message = o.summary
	}
	r.status, r.updated, r.outcome = end, e.now(), o
	r.condition.execution.updated = r.updated
	e.judge(r.condition)
}

// abandonRule ends r without an outcome.
func (e *Engine) abandonRule(r *ruleRun, by string) {
	e.releaseRule(r)
	r.status, r.updated, r.updatedBy = abandoned, e.now(), by
}

// releaseRule stops what would end r.
func (e *Engine) releaseRule(r *ruleRun) {
	r.stopTimers()
	delete(e.calls, r.id)
}

func (r *ruleRun) stopTimers() {
	for _, t := range r.timers {
		t.Stop()
	}
	r.timers = nil
}

// verdict is the status of a condition that r has failed.
func (r *ruleRun) verdict() status {
	if r.errored {
		return errored
	}
	return failed
}

func (r *ruleRun) place() place { return place{r.condition.pass.stage.Name, r.decl.Name} }

// ruleLimit is how long a rule may take.
func (e *Engine) ruleLimit(r *api.Rule) time.Duration {
	limit := e.defaultRuleLimit(r.Type.Provider)
	if r.TimeoutInMinutes > 0 {
		limit = time.Duration(r.TimeoutInMinutes) * time.Minute
	}
	if r.Type.Provider == ruleCommands {
		limit = min(limit, commandsLimit)
	}
	return limit
}

// fill fills the variables of x into the values of a configuration. It also
// returns the first variable that nothing has produced, or empty.
func (x *execution) fill(configuration map[string]string) (filled map[string]string, missing string) {
	filled = make(map[string]string, len(configuration))
	for _, key := range sorted(configuration) {
		filled[key] = reference.ReplaceAllStringFunc(configuration[key], func(ref string) string {
			name := strings.TrimSuffix(strings.TrimPrefix(ref, "#{"), "}")
			value, ok := x.lookup(name)
			if !ok {
				if missing == "" {
					missing = ref
				}
				return ref
			}
			return value
		})
	}
	return filled, missing
}

// maxSummary is the longest summary of a rule or condition in characters
// (ExecutionSummary in the service model).
const maxSummary = 2048

// short cuts a text that is too long for a summary.
func short(text string) string {
	if utf8.RuneCountInString(text) <= maxSummary {
		return text
	}
	return string([]rune(text)[:maxSummary-1]) + "…"
}
