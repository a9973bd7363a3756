package engine

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// openJobByID finds a job that still waits for its result.
func (e *Engine) openJobByID(id string) (*job, error) {
	j := e.jobs[id]
	if j == nil {
		return nil, api.Errorf(api.JobNotFound, "Job with id '%s' does not exist", id)
	}
	switch {
	case !j.open:
		return nil, api.Errorf(api.InvalidJobState, "Job with id '%s' is already finished", id)
	case isCustom(j.run.action) && j.status != runningJob:
		return nil, api.Errorf(api.InvalidJobState, "Job with id '%s' is %s: nobody has acknowledged it", id, j.status)
	}
	return j, nil
}

// PutJobSuccessResult ends a job well or, with a continuation token, keeps its
// action running and has the function invoked again.
func (e *Engine) PutJobSuccessResult(_ Caller, in api.PutJobSuccessResultInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j, err := e.openJobByID(in.JobID)
	if err != nil {
		return api.Nothing{}, err
	}
	if in.ContinuationToken != "" && len(in.OutputVariables) > 0 {
		return api.Nothing{}, api.Errorf(api.Validation,
			"outputVariables cannot be given together with a continuationToken")
	}
	size := 0
	for k, v := range in.OutputVariables {
		size += len(k) + len(v)
	}
	if size > outputLimit {
		return api.Nothing{}, api.Errorf("OutputVariablesSizeExceededException",
			"outputVariables have %d bytes, more than the %d allowed", size, outputLimit)
	}
	o := j.run.outcome
	if d := in.ExecutionDetails; d != nil {
		o = outcome{
			externalID: d.ExternalExecutionID, summary: d.Summary, percent: d.PercentComplete,
			url: e.executionURL(j.run, d.ExternalExecutionID),
		}
	}
	if in.ContinuationToken != "" {
		j.run.outcome, j.run.updated = o, e.now()
		e.continueJob(j, in.ContinuationToken)
		return api.Nothing{}, nil
	}
	o.outputs = in.OutputVariables
	e.endAction(j.run, succeeded, o)
	return api.Nothing{}, nil
}

// continueJob replaces j by a new job: a function is invoked again after a
// pause, and its twenty minutes begin anew; a job worker finds it at once.
func (e *Engine) continueJob(j *job, token string) {
	j.close()
	next := &job{
		id: e.newID(), run: j.run, token: token, open: true,
		earlier: append(j.earlier, j.id), deadline: j.deadline,
	}
	e.adopt(next)
	if isCustom(j.run.action) {
		e.queue(next)
		return
	}
	next.retry = e.after(continuationPause, func() {
		if next.open {
			e.restartClock(next)
			e.invoke(next)
		}
	})
}

// PutJobFailureResult ends a job badly.
func (e *Engine) PutJobFailureResult(_ Caller, in api.PutJobFailureResultInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j, err := e.openJobByID(in.JobID)
	if err != nil {
		return api.Nothing{}, err
	}
	d := in.FailureDetails
	e.endAction(j.run, failed, outcome{
		externalID: d.ExternalExecutionID, url: e.executionURL(j.run, d.ExternalExecutionID),
		summary: short(d.Message), code: d.Type, message: d.Message,
	})
	return api.Nothing{}, nil
}

// GetJobDetails tells a function what its job is and where it belongs.
func (e *Engine) GetJobDetails(_ Caller, in api.GetJobDetailsInput) (api.GetJobDetailsOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j := e.jobs[in.JobID]
	if j == nil {
		return api.GetJobDetailsOutput{}, api.Errorf(api.JobNotFound, "Job with id '%s' does not exist", in.JobID)
	}
	return api.GetJobDetailsOutput{JobDetails: api.JobDetails{ID: j.id, AccountID: e.opts.Account, Data: e.jobData(j)}}, nil
}

// jobData is what functions and job workers may learn about j.
func (e *Engine) jobData(j *job) api.JobData {
	r := j.run
	x := r.execution
	return api.JobData{
		ActionType:          r.action.Type,
		ActionConfiguration: api.ActionConfiguration{Configuration: r.resolved},
		PipelineContext: api.PipelineContext{
			PipelineName: x.decl.Name, PipelineARN: e.arn(x.decl.Name), PipelineExecutionID: x.id,
			Stage:  api.StageContext{Name: r.pass.stage.Name},
			Action: api.ActionContext{Name: r.action.Name, ActionExecutionID: r.id},
		},
		InputArtifacts:      x.jobArtifacts(r.inputs),
		OutputArtifacts:     x.jobArtifacts(r.outputs),
		ArtifactCredentials: jobCredentials,
		ContinuationToken:   j.token,
		EncryptionKey:       e.store(x.decl, r.action).EncryptionKey,
	}
}
