package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// Truth reads how the execution stands, or fails with telegraph.ErrNotFound if
// CodePipeline does not know it.
//
// It makes three calls side by side:
//
//	ListPipelineExecutions  its state, and when it began and last changed
//	ListActionExecutions    what it has run, a hundred actions a page
//	GetPipelineState        the stages in which it is, or in front of which
//
// If it is not among the newest hundred executions, GetPipelineExecution tells
// its state, and no times. What could be read is returned beside an error.
func (c *Client) Truth(ctx context.Context, id release.ExecutionID) (release.Truth, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	p, err := c.of(id)
	if err != nil {
		return release.Truth{}, err
	}
	var (
		calls   sync.WaitGroup
		t       release.Truth
		actions []types.ActionExecutionDetail
		stages  []types.StageState
		errs    [3]error
	)
	calls.Go(func() { t, errs[0] = p.standing(ctx, id) })
	calls.Go(func() {
		if actions, errs[1] = p.actions(ctx, id.Pipeline, id.ID); errs[1] != nil {
			errs[1] = fmt.Errorf("read what execution %s of pipeline %s has run: %w", id.ID, id.Pipeline, errs[1])
		}
	})
	calls.Go(func() { stages, errs[2] = p.state(ctx, id.Pipeline) })
	calls.Wait()
	if gone(errs[0]) {
		return release.Truth{}, fmt.Errorf("execution %s of pipeline %s: %w", id.ID, id.Pipeline, telegraph.ErrNotFound)
	}
	for _, d := range actions {
		t.Actions = append(t.Actions, actionTruth(d))
	}
	return placed(t, stages, id.ID), errors.Join(errs[:]...)
}

// standing reads how the execution itself stands.
func (p pipelines) standing(ctx context.Context, id release.ExecutionID) (release.Truth, error) {
	list := executions{pipelines: p, pipeline: id.Pipeline}
	if err := list.more(ctx); err != nil {
		return release.Truth{}, fmt.Errorf("list the executions of pipeline %s: %w", id.Pipeline, err)
	}
	if own := indexOf(list.all, id.ID); own >= 0 {
		s := list.all[own]
		return release.Truth{
			State: release.StateOf(string(s.Status)), Started: aws.ToTime(s.StartTime), Updated: aws.ToTime(s.LastUpdateTime),
		}, nil
	}
	x, err := p.one(ctx, id)
	if err != nil {
		return release.Truth{}, err
	}
	return release.Truth{State: release.StateOf(string(x.Status))}, nil
}

// placed is t with where stages show the execution to be.
func placed(t release.Truth, stages []types.StageState, id string) release.Truth {
	for _, s := range stages {
		if x := s.LatestExecution; x != nil && aws.ToString(x.PipelineExecutionId) == id {
			t.Stages = append(t.Stages, release.StageTruth{Name: aws.ToString(s.StageName), State: release.StateOf(string(x.Status))})
		}
		if waitsFor(s, id) && (t.State == "" || t.State == event.Started) {
			t.Waits = aws.ToString(s.StageName)
		}
	}
	return t
}

// actionTruth is what d tells. The result of an approval that waits holds its
// token where executions run in parallel, so it is left out.
func actionTruth(d types.ActionExecutionDetail) release.ActionTruth {
	a := release.ActionTruth{
		Stage: aws.ToString(d.StageName), Action: aws.ToString(d.ActionName), ID: aws.ToString(d.ActionExecutionId),
		State: release.StateOf(string(d.Status)), Started: aws.ToTime(d.StartTime), Updated: aws.ToTime(d.LastUpdateTime),
	}
	waits := d.Status == types.ActionExecutionStatusInProgress
	if d.Input != nil {
		kind := kindOf(d.Input.ActionTypeId)
		a.Type = event.ActionType{Category: kind.Category, Owner: kind.Owner, Provider: kind.Provider}
		a.Region = aws.ToString(d.Input.Region)
		waits = waits && approves(d.Input.ActionTypeId)
	}
	if waits {
		return a
	}
	r := result(d)
	a.Result = event.Result{
		ExternalID: aws.ToString(r.ExternalExecutionId), URL: aws.ToString(r.ExternalExecutionUrl),
		Summary: cmp.Or(aws.ToString(r.ExternalExecutionSummary), message(d)),
	}
	if r.ErrorDetails != nil {
		a.Result.ErrorCode = aws.ToString(r.ErrorDetails.Code)
	}
	return a
}
