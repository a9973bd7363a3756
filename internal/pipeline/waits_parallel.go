package pipeline

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// inExecutions finds the approvals of a PARALLEL pipeline, whose state shows
// none, in the executions that run: fifty at most, among the newest five
// hundred.
func (p pipelines) inExecutions(ctx context.Context, pipeline string) ([]approval.Action, error) {
	list := executions{pipelines: p, pipeline: pipeline}
	for list.pages == 0 || list.next != nil && list.pages < maxExecutionPages {
		if err := list.more(ctx); err != nil {
			return nil, err
		}
	}
	var all []approval.Action
	for _, s := range list.all {
		// A Stopping execution lets what has begun come to its end.
		if s.Status != types.PipelineExecutionStatusInProgress && s.Status != types.PipelineExecutionStatusStopping {
			continue
		}
		found, err := p.inExecution(ctx, pipeline, aws.ToString(s.PipelineExecutionId))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// inExecution finds the approvals that wait in one execution, by what it has
// run. One that is gone waits for nothing.
func (p pipelines) inExecution(ctx context.Context, pipeline, id string) ([]approval.Action, error) {
	actions, err := p.actions(ctx, pipeline, id)
	if gone(err) {
		return nil, nil
	}
	var all []approval.Action
	for _, d := range actions {
		if d.Status == types.ActionExecutionStatusInProgress && d.Input != nil && approves(d.Input.ActionTypeId) {
			all = append(all, approval.Action{
				Pipeline: pipeline, ExecutionID: id, Stage: aws.ToString(d.StageName), Name: aws.ToString(d.ActionName),
			})
		}
	}
	return all, err
}
