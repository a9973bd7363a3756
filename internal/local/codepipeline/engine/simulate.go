package engine

import (
	"cmp"
	"maps"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A Script says how the next run of one action ends. The zero value succeeds
// after the usual time.
type Script struct {
	// Fails makes the action end as Failed.
	Fails bool
	// Delay is how long it takes; nil means the usual time.
	Delay *time.Duration
	// Summary is the provider's text; empty means the provider's usual one.
	Summary string
	// Variables are output variables besides the provider's own.
	Variables map[string]string
	// LosesArtifacts makes the action succeed without its output artifacts, as
	// when an upload was lost. Whatever needs them fails.
	LosesArtifacts bool
}

// Script scripts the next run of an action. A Manual approval cannot be
// scripted, as only a person ends it.
func (e *Engine) Script(pipeline, stage, action string, s Script) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(pipeline)
	if err != nil {
		return err
	}
	at := place{stage, action}
	if p.commandsRule(at) {
		p.scripts[at] = s
		return nil
	}
	if err := e.hasAction(p, at); err != nil {
		return err
	}
	if isApproval(p.action(at)) {
		return api.Errorf(api.Validation, "Action '%s' waits for a person: answer it instead of scripting it", action)
	}
	p.scripts[at] = s
	return nil
}

// A plan is how a simulated action goes unless somebody scripts it otherwise.
type plan struct {
	// takes is how long; zero is the usual time.
	takes time.Duration
	// limit is how long it may take when the action's configuration says so.
	limit time.Duration
	// shown is what the API shows from the start, before any step.
	shown outcome
	steps []step
	// done is its outcome, and failure the summary when it fails.
	done    outcome
	failure string
	// refused is set when the provider itself fails the action.
	refused *outcome
}

// A step is progress that the API shows while an action runs. Events do not.
type step struct {
	// at is when, as a share of the whole time.
	at      float64
	percent int
	summary string
}

// simulate ends r after a while, as its provider would or as s says.
func (e *Engine) simulate(r *run, s Script) {
	p := e.plan(r)
	takes := cmp.Or(p.takes, e.pause())
	if s.Delay != nil {
		takes = *s.Delay
	}
	end, o := succeeded, p.done
	switch {
	case p.refused != nil:
		end, o = failed, *p.refused
	case s.Fails:
		text := short(cmp.Or(s.Summary, p.failure))
		end, o = failed, outcome{externalID: p.shown.externalID, url: p.shown.url, summary: text, code: jobFailed, message: text}
	default:
		o.summary = cmp.Or(s.Summary, o.summary)
		o.outputs = withVariables(o.outputs, s.Variables)
	}
	if end == failed && len(p.steps) > 0 { // it fails before its last step
		p.steps = p.steps[:len(p.steps)-1]
		if n := len(p.steps); n > 0 {
			o.percent = p.steps[n-1].percent
		}
	}
	if kind, known := e.provider(r.action.Type); known {
		if limit := cmp.Or(p.limit, kind.limit, actionTimeout); takes > limit {
			takes, end, o = limit, failed, r.timedOut(limit)
		}
	}
	r.outcome = p.shown
	e.follow(r, p.steps, takes, func() { e.endAction(r, end, o) })
}

// follow shows the steps of r as time goes by, and then ends it.
func (e *Engine) follow(r *run, steps []step, takes time.Duration, end func()) {
	begun := r.started
	for len(steps) > 0 && steps[0].at == 0 {
		r.progress(steps[0])
		steps = steps[1:]
	}
	if len(steps) == 0 {
		r.timer = e.after(begun.Add(takes).Sub(e.now()), end)
		return
	}
	due := begun.Add(time.Duration(steps[0].at * float64(takes)))
	r.timer = e.after(due.Sub(e.now()), func() {
		if r.status != inProgress {
			return
		}
		r.progress(steps[0])
		r.updated, r.execution.updated = e.now(), e.now()
		e.follow(r, steps[1:], takes, end)
	})
}

// progress makes a step the progress of r.
func (r *run) progress(s step) { r.outcome.percent, r.outcome.summary = s.percent, s.summary }

// timedOut is how r ends when it takes longer than its provider allows.
func (r *run) timedOut(limit time.Duration) outcome {
	text := "The action " + r.action.Name + " did not finish within " + limit.String()
	return outcome{externalID: r.outcome.externalID, url: r.outcome.url, summary: text, code: jobFailed, message: text}
}

// plan is how r goes, by its provider.
func (e *Engine) plan(r *run) plan {
	switch {
	case isSource(r.action):
		return e.sourcePlan(r)
	case r.action.Type.Category == categoryDeploy:
		return e.deployPlan(r)
	case r.action.Type.Provider == providerCodeBuild:
		id := r.resolved["ProjectName"] + ":" + e.newID()
		return planned(outcome{externalID: id, url: e.buildURL(r, id)}, "", "Build terminated with state: FAILED")
	}
	return planned(outcome{externalID: e.newID()}, "", r.action.Type.Provider+" reported a failure")
}

// planned is a plan without steps: shown is known from the start on, and
// summary joins it at the end.
func planned(shown outcome, summary, failure string) plan {
	done := shown
	done.summary = summary
	return plan{shown: shown, done: done, failure: failure}
}

func withVariables(own, more map[string]string) map[string]string {
	if len(more) == 0 {
		return own
	}
	merged := maps.Clone(own)
	if merged == nil {
		merged = map[string]string{}
	}
	maps.Copy(merged, more)
	return merged
}
