package engine

import (
	"cmp"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Where the job of a custom action stands, as AcknowledgeJob tells it.
const (
	queuedJob     = "Queued"
	dispatchedJob = "Dispatched"
	runningJob    = "InProgress"
	doneJob       = "Succeeded"
	failedJob     = "Failed"
)

// offerJob leaves the work of r to the job workers of its custom action type.
func (e *Engine) offerJob(r *run) {
	j := &job{id: e.newID(), run: r, open: true, deadline: e.now().Add(jobLimit)}
	e.adopt(j)
	e.queue(j)
}

// queue puts j where job workers find it. A type that was deleted meanwhile
// has none; its action ends at the job's deadline.
func (e *Engine) queue(j *job) {
	j.status = queuedJob
	if t := e.types[j.run.action.Type]; t != nil {
		t.offered = append(t.waiting(), j)
	}
}

// waiting are the jobs that nobody has taken yet.
func (t *customType) waiting() []*job {
	return slices.DeleteFunc(t.offered, func(j *job) bool { return !j.open || j.status == runningJob })
}

// PollForJobs hands out work of a custom action type, oldest first. A job that
// nobody has acknowledged is handed out again, and only the nonce of the last
// time counts.
func (e *Engine) PollForJobs(_ Caller, in api.PollForJobsInput) (api.PollForJobsOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.types[in.ActionType]
	if t == nil {
		return api.PollForJobsOutput{}, api.Errorf("ActionTypeNotFoundException",
			"actionTypeId: there is no custom action type (Category: '%s', Provider: '%s', Owner: '%s', Version: '%s')",
			in.ActionType.Category, in.ActionType.Provider, in.ActionType.Owner, in.ActionType.Version)
	}
	property := t.queryable()
	for key := range in.QueryParam {
		if key != property {
			return api.PollForJobsOutput{}, api.Errorf(api.Validation, "queryParam: '%s' is no queryable property of the action type", key)
		}
	}
	t.offered = t.waiting()
	out := api.PollForJobsOutput{Jobs: []api.Job{}}
	for _, j := range t.offered {
		wanted, selects := in.QueryParam[property]
		if selects && j.run.resolved[property] != wanted || len(out.Jobs) == cmp.Or(in.MaxBatchSize, 1) {
			continue
		}
		j.status, j.nonce = dispatchedJob, e.letters(20, digits)
		out.Jobs = append(out.Jobs, api.Job{ID: j.id, AccountID: e.opts.Account, Nonce: j.nonce, Data: e.jobData(j)})
	}
	return out, nil
}

// AcknowledgeJob makes a job its worker's own. A worker that was overtaken by
// another has an old nonce and is refused.
func (e *Engine) AcknowledgeJob(_ Caller, in api.AcknowledgeJobInput) (api.AcknowledgeJobOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j := e.jobs[in.JobID]
	if j == nil || !isCustom(j.run.action) {
		return api.AcknowledgeJobOutput{}, api.Errorf(api.JobNotFound, "Job with id '%s' does not exist", in.JobID)
	}
	if j.nonce == "" || in.Nonce != j.nonce {
		return api.AcknowledgeJobOutput{}, api.Errorf("InvalidNonceException", "nonce: it is not the one that job '%s' was last handed out with", in.JobID)
	}
	if j.open {
		j.status = runningJob
	}
	return api.AcknowledgeJobOutput{Status: j.standing()}, nil
}

// standing is where j stands: once over, as its action ended.
func (j *job) standing() string {
	switch {
	case j.open:
		return j.status
	case j.run.job != j || j.run.status == succeeded: // it went on as another job, or is done
		return doneJob
	}
	return failedJob
}
