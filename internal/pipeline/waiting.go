package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"golang.org/x/sync/errgroup"

	"github.com/signalbox/signalbox/internal/approval"
)

// defaultTimeout is how long an approval waits unless its declaration says
// otherwise. https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
const defaultTimeout = 7 * 24 * time.Hour

// Waiting reads what waits for an answer at a.
//
// It makes four calls in two rounds, three for a PARALLEL pipeline:
//
//	GetPipelineExecution  the mode, who started it, what it carries
//	ListActionExecutions  the attempt, its texts, the commits of its sources
//	GetPipelineState      the token (not in PARALLEL mode, where it is in the list)
//	GetPipeline           when the attempt times out, which only the declaration tells
//
// It fails with approval.ErrTooEarly when the API does not show the attempt
// yet or another execution holds the stage, and with approval.ErrNotWaiting
// when the attempt has ended or CodePipeline knows no such execution.
func (c *Client) Waiting(ctx context.Context, a approval.Action) (approval.Waiting, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	p, err := c.at(a)
	if err != nil {
		return approval.Waiting{}, err
	}
	w, err := p.waiting(ctx, a)
	if gone(err) {
		return approval.Waiting{}, approval.ErrNotWaiting
	}
	return w, err
}

func (p pipelines) waiting(ctx context.Context, a approval.Action) (approval.Waiting, error) {
	execution, actions, err := p.execution(ctx, a)
	if err != nil {
		return approval.Waiting{}, err
	}
	attempt, ok := newestAttempt(actions, a)
	if !ok {
		return approval.Waiting{}, approval.ErrTooEarly
	}
	token, limit, err := p.tokenAndLimit(ctx, a, execution.ExecutionMode, attempt)
	if err != nil {
		return approval.Waiting{}, err
	}
	texts := configuration(attempt)
	started := aws.ToTime(attempt.StartTime)
	return approval.Waiting{
		Action:            a,
		ActionExecutionID: aws.ToString(attempt.ActionExecutionId),
		Token:             token,
		StartedBy:         startedBy(execution.Trigger),
		Trigger:           triggerType(execution.Trigger),
		Revisions:         revisions(execution.ArtifactRevisions, actions),
		CustomData:        texts["CustomData"],
		ReviewURL:         texts["ExternalEntityLink"],
		StartedAt:         started,
		ExpiresAt:         started.Add(limit),
	}, nil
}

// execution makes the first round of calls, which need nothing of each other.
func (p pipelines) execution(ctx context.Context, a approval.Action) (types.PipelineExecution, []types.ActionExecutionDetail, error) {
	var execution types.PipelineExecution
	var actions []types.ActionExecutionDetail
	round, ctx := errgroup.WithContext(ctx)
	round.Go(func() error {
		out, err := p.api.GetPipelineExecution(ctx, &codepipeline.GetPipelineExecutionInput{
			PipelineName: aws.String(a.Pipeline), PipelineExecutionId: aws.String(a.ExecutionID),
		})
		if err == nil && out.PipelineExecution != nil {
			execution = *out.PipelineExecution
		}
		return err
	})
	round.Go(func() (err error) {
		actions, err = p.actions(ctx, a.Pipeline, a.ExecutionID)
		return err
	})
	return execution, actions, round.Wait()
}

// tokenAndLimit makes the second round of calls, which need what the first
// has read: the mode and the version of the pipeline.
func (p pipelines) tokenAndLimit(ctx context.Context, a approval.Action, mode types.ExecutionMode, attempt types.ActionExecutionDetail) (string, time.Duration, error) {
	var token string
	var limit time.Duration
	round, ctx := errgroup.WithContext(ctx)
	round.Go(func() (err error) {
		if mode == types.ExecutionModeParallel {
			token, err = parallelToken(attempt)
			return err
		}
		token, err = p.stateToken(ctx, a, attempt)
		return err
	})
	round.Go(func() (err error) {
		limit, err = p.timeout(ctx, a, attempt.PipelineVersion)
		return err
	})
	return token, limit, round.Wait()
}

// newestAttempt is the last run of a in its execution: a retried approval has
// one for each attempt.
func newestAttempt(actions []types.ActionExecutionDetail, a approval.Action) (types.ActionExecutionDetail, bool) {
	var newest types.ActionExecutionDetail
	found := false
	for _, d := range actions {
		if aws.ToString(d.StageName) != a.Stage || aws.ToString(d.ActionName) != a.Name || d.StartTime == nil {
			continue
		}
		if !found || d.StartTime.After(*newest.StartTime) {
			newest, found = d, true
		}
	}
	return newest, found
}

// parallelToken finds the token of an attempt in a PARALLEL execution: the API
// model says that there it is the external execution id.
func parallelToken(attempt types.ActionExecutionDetail) (string, error) {
	if attempt.Status != types.ActionExecutionStatusInProgress {
		return "", approval.ErrNotWaiting
	}
	if r := result(attempt); aws.ToString(r.ExternalExecutionId) != "" {
		return *r.ExternalExecutionId, nil
	}
	return "", approval.ErrTooEarly
}

// stateToken reads the token from the state of the pipeline, which shows that
// of whichever execution is in the stage now: it is ours only if the stage
// says so. The two reads can disagree for a moment, for example right after a
// retry, when the list still ends with the former attempt.
func (p pipelines) stateToken(ctx context.Context, a approval.Action, attempt types.ActionExecutionDetail) (string, error) {
	out, err := p.api.GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: aws.String(a.Pipeline)})
	if err != nil {
		return "", err
	}
	token := tokenIn(out.StageStates, a)
	waits := attempt.Status == types.ActionExecutionStatusInProgress
	switch {
	case token != "" && waits:
		return token, nil
	case token == "" && !waits:
		return "", approval.ErrNotWaiting
	}
	return "", approval.ErrTooEarly
}

// tokenIn returns the token that a waits with, or nothing.
func tokenIn(stages []types.StageState, a approval.Action) string {
	for _, s := range stages {
		if aws.ToString(s.StageName) != a.Stage || s.LatestExecution == nil ||
			aws.ToString(s.LatestExecution.PipelineExecutionId) != a.ExecutionID {
			continue
		}
		for _, action := range s.ActionStates {
			e := action.LatestExecution
			if aws.ToString(action.ActionName) == a.Name && e != nil && e.Status == types.ActionExecutionStatusInProgress {
				return aws.ToString(e.Token)
			}
		}
	}
	return ""
}

// timeout reads how long a may wait from the version of the pipeline that the
// execution runs, which may have been edited since.
func (p pipelines) timeout(ctx context.Context, a approval.Action, version *int32) (time.Duration, error) {
	out, err := p.api.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: aws.String(a.Pipeline), Version: version})
	var unknown *types.PipelineVersionNotFoundException
	if errors.As(err, &unknown) {
		return defaultTimeout, nil
	}
	if err != nil {
		return 0, err
	}
	if out.Pipeline == nil {
		return 0, fmt.Errorf("read pipeline %s: CodePipeline answered without one", a.Pipeline)
	}
	for _, s := range out.Pipeline.Stages {
		for _, action := range s.Actions {
			if aws.ToString(s.Name) == a.Stage && aws.ToString(action.Name) == a.Name && action.TimeoutInMinutes != nil {
				return time.Duration(*action.TimeoutInMinutes) * time.Minute, nil
			}
		}
	}
	return defaultTimeout, nil
}

// configuration is what attempt was configured with, variables filled in when
// CodePipeline has done so.
func configuration(attempt types.ActionExecutionDetail) map[string]string {
	switch {
	case attempt.Input == nil:
		return nil
	case attempt.Input.ResolvedConfiguration != nil:
		return attempt.Input.ResolvedConfiguration
	}
	return attempt.Input.Configuration
}

// startedBy names who or what started an execution. Some triggers hold a JSON
// text of no documented form instead of a name.
func startedBy(t *types.ExecutionTrigger) string {
	if t == nil || strings.HasPrefix(strings.TrimSpace(aws.ToString(t.TriggerDetail)), "{") {
		return ""
	}
	return aws.ToString(t.TriggerDetail)
}

func triggerType(t *types.ExecutionTrigger) string {
	if t == nil {
		return ""
	}
	return string(t.TriggerType)
}
