package engine

import (
	"errors"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// openApproval gives r a token and its deadline. Each attempt has its own.
func (e *Engine) openApproval(r *run) {
	r.token = e.newToken(r.id)
	r.outcome.externalID = r.token
	r.execution.pipeline.approvals[r.token] = r
	r.timer = e.after(approvalLimit(r.action), func() {
		e.endAction(r, failed, outcome{
			externalID: r.token, summary: expiredSummary, code: jobFailed, message: expiredSummary,
		})
	})
}

// approvalLimit is how long an approval waits.
func approvalLimit(a *api.Action) time.Duration {
	if m := a.TimeoutInMinutes; m > 0 {
		return time.Duration(m) * time.Minute
	}
	return approvalTimeout
}

// PutApprovalResult answers an approval.
func (e *Engine) PutApprovalResult(c Caller, in api.PutApprovalResultInput) (api.PutApprovalResultOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.PutApprovalResultOutput{}, err
	}
	at := place{in.StageName, in.ActionName}
	if err := e.hasAction(p, at); err != nil {
		return api.PutApprovalResultOutput{}, err
	}
	r := p.approvals[in.Token]
	switch {
	case r == nil || r.place() != at:
		return api.PutApprovalResultOutput{}, api.Errorf("InvalidApprovalTokenException",
			"The approval request already received a response or has expired.")
	case r.answered:
		return api.PutApprovalResultOutput{}, api.Errorf("ApprovalAlreadyCompletedException",
			"The approval action has already been approved or rejected.")
	case r.status != inProgress:
		return api.PutApprovalResultOutput{}, api.Errorf("InvalidApprovalTokenException",
			"The approval request already received a response or has expired.")
	}
	e.answer(r, c, in.Result.Status, in.Result.Summary)
	return api.PutApprovalResultOutput{ApprovedAt: api.Time{Time: r.updated}}, nil
}

// An Answer is a person's answer at the console, which needs no token.
type Answer struct {
	Pipeline string
	Stage    string
	Action   string
	// Execution tells apart the executions of a PARALLEL pipeline; it may be
	// empty while only one waits.
	Execution string
	// Verdict is api.Approved or api.Rejected.
	Verdict string
	Summary string
}

// ErrNothingWaits says that no approval waits where an Answer points, and
// ErrSeveralWait that the Answer must name its execution.
var (
	ErrNothingWaits = errors.New("no approval waits there")
	ErrSeveralWait  = errors.New("several executions wait there: name one")
)

// Answer answers the approval that waits at a place.
func (e *Engine) Answer(c Caller, a Answer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(a.Pipeline)
	if err != nil {
		return err
	}
	at := place{a.Stage, a.Action}
	if err := e.hasAction(p, at); err != nil {
		return err
	}
	var found *run
	for _, r := range p.approvals {
		if r.status != inProgress || r.place() != at || a.Execution != "" && r.execution.id != a.Execution {
			continue
		}
		if found != nil {
			return ErrSeveralWait
		}
		found = r
	}
	if found == nil {
		return ErrNothingWaits
	}
	e.answer(found, c, a.Verdict, a.Summary)
	return nil
}

// answer ends an approval that waits.
func (e *Engine) answer(r *run, c Caller, verdict, summary string) {
	if summary == "" {
		summary = verdict + " by " + c.ARN
	}
	r.answered, r.updatedBy = true, c.ARN
	o := outcome{externalID: r.token, summary: summary}
	if verdict == api.Approved {
		e.endAction(r, succeeded, o)
		return
	}
	o.code, o.message = jobFailed, summary
	e.endAction(r, failed, o)
}

// hasAction refuses a place that is not in the newest declaration of p.
func (e *Engine) hasAction(p *pipeline, at place) error {
	if _, err := e.stage(p, at.stage); err != nil {
		return err
	}
	if p.action(at) == nil {
		return api.Errorf(api.ActionNotFound, "Stage '%s' of pipeline '%s' does not have an action with name '%s'",
			at.stage, p.decl.Name, at.action)
	}
	return nil
}

// action is the declaration of the action at a place, or nil.
func (p *pipeline) action(at place) *api.Action {
	for i := range p.decl.Stages {
		s := &p.decl.Stages[i]
		for j := range s.Actions {
			if s.Name == at.stage && s.Actions[j].Name == at.action {
				return &s.Actions[j]
			}
		}
	}
	return nil
}
