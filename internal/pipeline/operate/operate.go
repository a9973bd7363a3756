// Package operate has CodePipeline retry, roll back and stop executions.
//
// It stands apart from the reading of them: most functions only read, and what
// a function does not link it cannot do.
package operate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

const (
	// timeout bounds one operation with its repetitions.
	timeout = 10 * time.Second
	// maxReason is the longest reason that CodePipeline takes, in characters.
	maxReason = 200
)

// Calls are the methods of a client that a Client of ours uses. They are handed
// over one by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	RetryStageExecution    func(context.Context, *codepipeline.RetryStageExecutionInput, ...func(*codepipeline.Options)) (*codepipeline.RetryStageExecutionOutput, error)
	StopPipelineExecution  func(context.Context, *codepipeline.StopPipelineExecutionInput, ...func(*codepipeline.Options)) (*codepipeline.StopPipelineExecutionOutput, error)
	RollbackStage          func(context.Context, *codepipeline.RollbackStageInput, ...func(*codepipeline.Options)) (*codepipeline.RollbackStageOutput, error)
	ListPipelineExecutions func(context.Context, *codepipeline.ListPipelineExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListPipelineExecutionsOutput, error)
}

// CallsOf takes the calls off c.
func CallsOf(c *codepipeline.Client) Calls {
	return Calls{
		RetryStageExecution: c.RetryStageExecution, StopPipelineExecution: c.StopPipelineExecution,
		RollbackStage: c.RollbackStage, ListPipelineExecutions: c.ListPipelineExecutions,
	}
}

// A Client is CodePipeline in all places. It is safe for concurrent use.
type Client struct {
	calls func(pipeline.Place) (Calls, error)
}

var _ queue.Pipeline = (*Client)(nil)

// New returns a Client that asks calls for those of the place where a pipeline
// is.
func New(calls func(pipeline.Place) (Calls, error)) *Client { return &Client{calls: calls} }

func (c *Client) at(id release.ExecutionID) (Calls, error) {
	calls, err := c.calls(pipeline.Place{Account: id.Account, Region: id.Region})
	if err != nil {
		return Calls{}, fmt.Errorf("reach pipeline %s: %w", id.Pipeline, err)
	}
	return calls, nil
}

// Retry runs the failed actions of a stage again, or all of them.
func (c *Client) Retry(ctx context.Context, id release.ExecutionID, stage string, all bool) error {
	calls, err := c.at(id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	mode := types.StageRetryModeFailedActions
	if all {
		mode = types.StageRetryModeAllActions
	}
	_, err = calls.RetryStageExecution(ctx, &codepipeline.RetryStageExecutionInput{
		PipelineName: aws.String(id.Pipeline), StageName: aws.String(stage),
		PipelineExecutionId: aws.String(id.ID), RetryMode: mode,
	})
	return explained(err)
}

// Stop stops an execution once the actions that run have ended. It is no error
// if that has been asked for already.
func (c *Client) Stop(ctx context.Context, id release.ExecutionID, reason string) error {
	calls, err := c.at(id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if runes := []rune(reason); len(runes) > maxReason {
		reason = string(runes[:maxReason])
	}
	_, err = calls.StopPipelineExecution(ctx, &codepipeline.StopPipelineExecutionInput{
		PipelineName: aws.String(id.Pipeline), PipelineExecutionId: aws.String(id.ID), Reason: aws.String(reason),
	})
	var again *types.DuplicatedStopRequestException
	if errors.As(err, &again) {
		return nil
	}
	return explained(err)
}

// RollBack releases to a stage what was released to it last before id.
func (c *Client) RollBack(ctx context.Context, id release.ExecutionID, stage string) (string, error) {
	calls, err := c.at(id)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	target, err := lastGood(ctx, calls, id, stage)
	if err != nil {
		return "", err
	}
	_, err = calls.RollbackStage(ctx, &codepipeline.RollbackStageInput{
		PipelineName: aws.String(id.Pipeline), StageName: aws.String(stage), TargetPipelineExecutionId: aws.String(target),
	})
	return target, explained(err)
}

// lastGood is the execution that succeeded in stage last, other than id. That
// it lists the newest first is how CodePipeline does it.
func lastGood(ctx context.Context, calls Calls, id release.ExecutionID, stage string) (string, error) {
	in := &codepipeline.ListPipelineExecutionsInput{
		PipelineName: aws.String(id.Pipeline),
		Filter:       &types.PipelineExecutionFilter{SucceededInStage: &types.SucceededInStageFilter{StageName: aws.String(stage)}},
	}
	for {
		out, err := calls.ListPipelineExecutions(ctx, in)
		if err != nil {
			return "", explained(err)
		}
		for _, e := range out.PipelineExecutionSummaries {
			if found := aws.ToString(e.PipelineExecutionId); found != "" && found != id.ID {
				return found, nil
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return "", queue.ErrNotFound
		}
		in.NextToken = out.NextToken
	}
}

// explained adds to err what it means.
func explained(err error) error {
	var (
		notLatest    *types.NotLatestPipelineExecutionException
		notRetryable *types.StageNotRetryableException
		notStoppable *types.PipelineExecutionNotStoppableException
		outdated     *types.PipelineExecutionOutdatedException
		unable       *types.UnableToRollbackStageException
		noExecution  *types.PipelineExecutionNotFoundException
		noPipeline   *types.PipelineNotFoundException
		noStage      *types.StageNotFoundException
		conflict     *types.ConflictException
		limit        *types.ConcurrentPipelineExecutionsLimitExceededException
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &notLatest), errors.As(err, &notRetryable), errors.As(err, &notStoppable), errors.As(err, &outdated),
		errors.As(err, &unable), errors.As(err, &noExecution), errors.As(err, &noPipeline), errors.As(err, &noStage):
		return fmt.Errorf("%w: %w", queue.ErrTooLate, err)
	case errors.As(err, &conflict), errors.As(err, &limit):
		return fmt.Errorf("%w: %w", queue.ErrBusy, err)
	}
	return err
}
