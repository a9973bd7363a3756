package engine

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// A status is where an execution, a stage or an action stands, as the API
// spells it.
type status = string

// The statuses. Actions and rules know InProgress, Succeeded, Failed and
// Abandoned; Superseded is for executions alone, Skipped for stages, Errored and
// Overridden for conditions.
const (
	inProgress status = "InProgress"
	succeeded  status = "Succeeded"
	failed     status = "Failed"
	stopping   status = "Stopping"
	stopped    status = "Stopped"
	cancelled  status = "Cancelled"
	superseded status = "Superseded"
	abandoned  status = "Abandoned"
	skipped    status = "Skipped"
	errored    status = "Errored"
	overridden status = "Overridden"
)

// standard is the type of every execution that is no rollback.
const standard = "STANDARD"

// A pipeline is a declaration and everything that runs or ran by it.
type pipeline struct {
	decl     *api.Declaration
	versions []*api.Declaration // oldest first, decl last
	tags     []api.Tag
	created  time.Time
	updated  time.Time
	stages   []*stage
	// executions are oldest first. Those that ended are forgotten beyond
	// keepExecutions.
	executions []*execution
	byID       map[string]*execution
	// requests are the executions by clientRequestToken.
	requests map[string]*execution
	// approvals are the runs by approval token.
	approvals map[string]*run
	scripts   map[place]Script
	// started counts the executions ever started.
	started int
}

// A place names an action within a pipeline.
type place struct{ stage, action string }

// A stage is what executions queue for. It outlives versions of the pipeline
// that keep its name.
type stage struct {
	name   string
	holder *execution // nil while the stage is free; unused in PARALLEL mode
	latest *execution // the last that entered
	// waiting are the executions in front of the stage, oldest first.
	waiting []*execution
	inbound transition
}

// A transition is open unless it was disabled.
type transition struct {
	disabled bool
	reason   string
	by       string
	at       time.Time
}

// An execution is one run of a pipeline, by the declaration that was in force
// when it started.
type execution struct {
	id       string
	pipeline *pipeline
	decl     *api.Declaration
	status   status
	attempt  int
	started  time.Time
	updated  time.Time
	trigger  api.Trigger
	token    string // clientRequestToken
	commit   Commit // for its sources; zero means the next of the list
	// pinned are the revisions that sources must use, by action.
	pinned map[string]pin
	// places are the stages of decl in order, and passes what this execution
	// did in each; nil where it has not been.
	places []*stage
	passes []*pass
	// at is the stage it is in, was last in, or waits for.
	at      int
	waiting bool
	// stop is the request that is stopping or has stopped it.
	stop *stopRequest
	// cancel is set when the pipeline was changed meanwhile.
	cancel    bool
	variables map[string]string
	// outputs are the variables of actions by namespace.
	outputs   map[string]map[string]string
	artifacts map[string]api.ArtifactDetail
	revisions []revision
	runs      []*run     // every attempt of every action, oldest first
	rules     []*ruleRun // every run of every rule, oldest first
	// target is the execution that a rollback repeats; empty for all others.
	target string
	// note says why the execution stands as it does where nothing else can.
	note string
}

type stopRequest struct {
	abandon bool
	reason  string
}

// A pass is what one execution did in one stage.
type pass struct {
	stage   *api.Stage
	status  status
	started time.Time
	retried time.Time // zero before the first retry
	// retries are those that a caller asked for, autoRetries those of onFailure,
	// and retriedBy is the trigger of the latest.
	retries, autoRetries int
	retriedBy            string
	runs                 []*run // the latest run of each action of stage; nil where none
	// conditions are the evaluations that count, by kind.
	conditions map[string]*condition
	// rollsBack says that the stage is rolled back once it has failed.
	rollsBack bool
}

// A run is one attempt of one action.
type run struct {
	id        string
	seq       int
	execution *execution
	pass      *pass
	action    *api.Action
	status    status
	started   time.Time
	updated   time.Time
	updatedBy string
	resolved  map[string]string // the configuration with variables filled in
	inputs    []api.ArtifactDetail
	outputs   []api.ArtifactDetail // placed at the start, there once the run succeeded
	outcome   outcome
	timer     clock.Timer // what ends the run unless something else does
	// token answers an approval; answered says that somebody did.
	token    string
	answered bool
	job      *job
	// loses is set when the run succeeds without its output artifacts.
	loses bool
}

// An outcome is what a provider says about a run.
type outcome struct {
	externalID string
	summary    string
	url        string
	// code and message are set on failure.
	code    string
	message string
	percent int
	// outputs are variables, and revision is what a source found.
	outputs  map[string]string
	revision *revision
}

func (x *execution) active() bool { return x.status == inProgress || x.status == stopping }

func (x *execution) parallel() bool { return x.decl.ExecutionMode == api.Parallel }

// inside is the pass through the stage that x is in, or nil while it waits.
func (x *execution) inside() *pass {
	if x.waiting {
		return nil
	}
	return x.passes[x.at]
}

func (p *pipeline) find(id string) *execution { return p.byID[id] }

func (r *run) place() place { return place{r.pass.stage.Name, r.action.Name} }

// has reports whether an action of the pass stands at s.
func (p *pass) has(s status) bool {
	for _, r := range p.runs {
		if r != nil && r.status == s {
			return true
		}
	}
	return false
}
