package engine

import (
	"maps"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// startAction begins an attempt of the i-th action of p. However it goes, it
// ends later, by a timer, a job or a person, never within this call.
func (e *Engine) startAction(x *execution, p *pass, i int) {
	a := &p.stage.Actions[i]
	e.runs++
	r := &run{
		id: e.newID(), seq: e.runs, execution: x, pass: p, action: a,
		status: inProgress, started: e.now(), updated: e.now(),
	}
	for _, in := range a.InputArtifacts {
		r.inputs = append(r.inputs, x.artifacts[in.Name])
	}
	for _, out := range a.OutputArtifacts {
		r.outputs = append(r.outputs, e.newArtifact(x, a, out.Name))
	}
	p.runs[i] = r
	x.runs = append(x.runs, r)
	x.updated = r.started
	resolved, err := x.resolve(a)
	r.resolved = resolved
	if err == nil && isApproval(a) {
		e.openApproval(r)
	}
	e.emitAction(r, "STARTED")
	script, scripted := x.pipeline.scripts[r.place()]
	switch {
	case err != nil:
		e.failSoon(r, outcome{code: configurationError, message: err.Error()})
	case isApproval(a):
	case isLambda(a) && !scripted:
		e.openJob(r)
	default:
		delete(x.pipeline.scripts, r.place())
		e.simulate(r, script)
	}
}

// failSoon fails r in the next step.
func (e *Engine) failSoon(r *run, o outcome) {
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

// newArtifact places an artifact. CodePipeline cuts the pipeline's name to 20
// characters and the artifact's to 10.
func (e *Engine) newArtifact(x *execution, a *api.Action, name string) api.ArtifactDetail {
	key := cut(x.decl.Name, 20) + "/" + cut(name, 10) + "/" + e.letters(7, alphanumeric)
	return api.ArtifactDetail{
		Name:       name,
		S3Location: api.S3Location{Bucket: e.store(x.decl, a).Location, Key: key},
	}
}

// store is the artifact store of the action's Region.
func (e *Engine) store(d *api.Declaration, a *api.Action) api.ArtifactStore {
	if d.ArtifactStore != nil {
		return *d.ArtifactStore
	}
	return d.ArtifactStores[e.regionOf(a)]
}

func (e *Engine) regionOf(a *api.Action) string {
	if a.Region != "" {
		return a.Region
	}
	return e.opts.Region
}

func (r *run) stopTimer() {
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.job != nil {
		r.job.close()
	}
}

// stopTimers stops whatever p still has running.
func (e *Engine) stopTimers(p *pipeline) {
	for _, x := range p.executions {
		for _, r := range x.runs {
			r.stopTimer()
		}
	}
}
