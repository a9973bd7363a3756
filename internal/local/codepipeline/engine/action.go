package engine

import (
	"maps"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// startAction begins an attempt of the i-th action of p. However it goes, it
// ends later, by a timer, a job, a build or a person, never within this call.
func (e *Engine) startAction(x *execution, p *pass, i int) {
	a := &p.stage.Actions[i]
	e.runs++
	r := &run{
		id: e.newID(), seq: e.runs, execution: x, pass: p, action: a,
		status: inProgress, started: e.now(), updated: e.now(),
	}
	p.runs[i] = r
	x.runs = append(x.runs, r)
	x.updated = r.started
	err := e.prepare(r)
	if err == nil && isApproval(a) {
		e.openApproval(r)
	}
	e.emitAction(r, "STARTED")
	if err != nil {
		e.failSoon(r, outcome{code: configurationError, message: err.Error()})
		return
	}
	e.carryOut(r)
}

// prepare finds r's artifacts and fills in its configuration. Its error says
// which of them is wrong; whatever can be found is there all the same.
func (e *Engine) prepare(r *run) error {
	problem := e.findInputs(r)
	for _, out := range r.action.OutputArtifacts {
		r.outputs = append(r.outputs, e.newArtifact(r.execution, r.action, out.Name))
	}
	resolved, err := r.execution.resolve(r.action)
	r.resolved = resolved
	if problem == nil {
		problem = err
	}
	kind, known := e.provider(r.action.Type)
	if problem == nil && known && kind.check != nil {
		problem = kind.check(e, r)
	}
	return problem
}

// carryOut has r done by whoever does actions of its type. A script stands in
// for everybody but a person and CodeBuild, which is told the script.
func (e *Engine) carryOut(r *run) {
	a, script := r.action, r.takeScript()
	if script != nil {
		r.loses = script.LosesArtifacts
	}
	switch {
	case isApproval(a):
		e.notify(r)
	case e.runsBuild(a):
		e.startBuild(r, script)
	case script != nil:
		e.simulate(r, *script)
	case isLambda(a):
		e.openJob(r)
	case isCustom(a):
		e.offerJob(r)
	default:
		e.simulate(r, Script{})
	}
}

// failSoon fails r in the next step.
func (e *Engine) failSoon(r *run, o outcome) {
	r.stopTimer()
	r.timer = e.after(0, func() { e.endAction(r, failed, o) })
}

// endAction ends r unless it has ended.
func (e *Engine) endAction(r *run, end status, o outcome) {
	if r.status != inProgress {
		return
	}
	x := r.execution
	r.stopTimer()
	r.status, r.updated, r.outcome = end, e.now(), o
	x.updated = r.updated
	if r.loses {
		r.outputs = nil
	}
	if end == succeeded {
		x.keepOutput(r)
	}
	e.emitAction(r, eventState(end))
	e.advance(x)
}

// keepOutput stores what a run that succeeded leaves to later actions.
func (x *execution) keepOutput(r *run) {
	for _, d := range r.outputs {
		x.artifacts[d.Name] = d
	}
	if ns := r.action.Namespace; ns != "" {
		x.outputs[ns] = maps.Clone(r.outcome.outputs)
	}
	if rev := r.outcome.revision; rev != nil {
		x.keepRevision(*rev)
	}
}

func (r *run) stopTimer() {
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.job != nil {
		r.job.close()
	}
}

// changed is when the status of r last changed: progress is no change.
func (r *run) changed() api.Time {
	if r.status == inProgress {
		return api.Time{Time: r.started}
	}
	return api.Time{Time: r.updated}
}

// stopTimers stops whatever p still has running.
func (e *Engine) stopTimers(p *pipeline) {
	for _, x := range p.executions {
		for _, r := range x.runs {
			r.stopTimer()
		}
		for _, r := range x.rules {
			e.releaseRule(r)
		}
	}
}
