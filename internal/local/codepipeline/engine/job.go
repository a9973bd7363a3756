package engine

import (
	"encoding/json"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// A job is one piece of work for a function or, in a custom action, for a job
// worker. An action has one, or several in a row when it continues.
type job struct {
	id  string
	run *run
	// token is what the former job said to continue with.
	token string
	// tries counts the invocations, which Lambda repeats when they fail.
	tries int
	open  bool
	retry clock.Timer
	// status and nonce are for job workers: where the job stands, and what it
	// was last handed out with.
	status string
	nonce  string
	// earlier are the ids of the jobs that this one continues.
	earlier []string
	// deadline ends all continuations.
	deadline time.Time
}

func (j *job) close() {
	j.open = false
	if j.retry != nil {
		j.retry.Stop()
	}
}

// An Invocation is a function that CodePipeline invokes asynchronously.
type Invocation struct {
	JobID    string
	Function string
	// Payload is the event, whose only member is "CodePipeline.job". It holds
	// credentials: do not log it.
	Payload json.RawMessage
}

// openJob invokes the function of r for the first time.
func (e *Engine) openJob(r *run) {
	j := &job{id: e.newID(), run: r, open: true, deadline: e.now().Add(jobLimit)}
	e.adopt(j)
	e.invoke(j)
}

// adopt makes j the job of its run and restarts the clock that ends it.
func (e *Engine) adopt(j *job) {
	r := j.run
	r.job = j
	e.jobs[j.id] = j
	e.restartClock(j)
}

// restartClock gives a function twenty minutes to reply, or what is left of
// the day that all its jobs together have. A job worker has that day.
func (e *Engine) restartClock(j *job) {
	r := j.run
	if r.timer != nil {
		r.timer.Stop()
	}
	wait := j.deadline.Sub(e.now())
	if !isCustom(r.action) {
		wait = min(jobTimeout, wait)
	}
	r.timer = e.after(wait, func() {
		text := noResult(r)
		e.endAction(r, failed, outcome{
			externalID: r.outcome.externalID, url: r.outcome.url, summary: text, code: jobFailed, message: text,
		})
	})
}

// noResult is what is said of a job that nobody ended.
func noResult(r *run) string {
	if isCustom(r.action) {
		return "No job worker of the action type " + r.action.Type.Provider + " ended the job of action " + r.action.Name +
			" within " + jobLimit.String()
	}
	return "The AWS Lambda function " + r.resolved["FunctionName"] + " failed to return a result. " +
		"Check the function to verify that it has permission to call the PutJobSuccessResult action " +
		"and that it made a call to PutJobSuccessResult."
}

func (e *Engine) invoke(j *job) {
	j.tries++
	payload, err := json.Marshal(map[string]jobEvent{"CodePipeline.job": e.jobEvent(j)})
	if err != nil { // strings and numbers only
		e.failSoon(j.run, outcome{code: "SystemUnavailable", message: err.Error()})
		return
	}
	e.opts.Effects.Invoke(Invocation{JobID: j.id, Function: j.run.resolved["FunctionName"], Payload: payload})
}

// InvocationEnded tells how an Invocation went. A function whose handler fails
// is invoked again, twice at most, as Lambda does; one that could not be
// invoked at all fails its action, with why as the reason. An invocation whose
// job is over meanwhile changes nothing.
func (e *Engine) InvocationEnded(jobID string, result InvocationResult, why string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.ruleInvoked(jobID, result, why) {
		return
	}
	j := e.jobs[jobID]
	if j == nil || !j.open {
		return
	}
	switch {
	case result == NotInvoked:
		text := short("The AWS Lambda function " + j.run.resolved["FunctionName"] + " cannot be invoked: " + why)
		e.endAction(j.run, failed, outcome{summary: text, code: configurationError, message: text})
	case result == HandlerFailed && j.tries <= len(invokeRetries):
		j.retry = e.after(invokeRetries[j.tries-1], func() {
			if j.open {
				e.invoke(j)
			}
		})
	}
}

// An InvocationResult is how an invocation went.
type InvocationResult int

// The ways an invocation goes.
const (
	// HandlerReturned: the function ran to its end.
	HandlerReturned InvocationResult = iota
	// HandlerFailed: the function returned an error, crashed or timed out.
	HandlerFailed
	// NotInvoked: Lambda refused, for example because there is no such
	// function.
	NotInvoked
)

// forgetJobs drops the jobs of a run that is forgotten.
func (e *Engine) forgetJobs(r *run) {
	if r.job == nil {
		return
	}
	delete(e.jobs, r.job.id)
	for _, id := range r.job.earlier {
		delete(e.jobs, id)
	}
}
