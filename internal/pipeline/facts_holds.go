package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// holds reads what keeps the execution from going on. In PARALLEL mode nothing
// does, and the state is empty.
func (i inquiry) holds(ctx context.Context) ([]release.Hold, error) {
	stages, err := i.state(ctx, i.of.Pipeline)
	if err != nil {
		return nil, err
	}
	arrived := arrival(i.of)
	var all []release.Hold
	for _, s := range stages {
		if waitsFor(s, i.of.ID) {
			all = append(all, inFront(s, i.of.ID, arrived)...)
		}
		if in(s, i.of.ID) {
			all = append(all, conditions(s)...)
		}
	}
	return all, nil
}

// state reads how the stages of a pipeline stand.
func (p pipelines) state(ctx context.Context, pipeline string) ([]types.StageState, error) {
	out, err := p.api.GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: aws.String(pipeline)})
	if err != nil {
		return nil, fmt.Errorf("read the state of pipeline %s: %w", pipeline, err)
	}
	return out.StageStates, nil
}

// waitsFor reports whether the execution waits in front of s. There is no
// status of its own for that; one that a change of the pipeline has ended is
// shown there too, as Failed.
func waitsFor(s types.StageState, id string) bool {
	waits := func(x types.StageExecution) bool {
		return aws.ToString(x.PipelineExecutionId) == id && x.Status == types.StageExecutionStatusInProgress
	}
	return slices.ContainsFunc(s.InboundExecutions, waits) || s.InboundExecution != nil && waits(*s.InboundExecution)
}

// in reports whether the execution is in s.
func in(s types.StageState, id string) bool {
	x := s.LatestExecution
	return x != nil && aws.ToString(x.PipelineExecutionId) == id && occupies(x)
}

func occupies(x *types.StageExecution) bool {
	return x.Status == types.StageExecutionStatusInProgress || x.Status == types.StageExecutionStatusStopping
}

// inFront is why the execution, which arrived at the given moment, has not
// entered s.
func inFront(s types.StageState, id string, arrived time.Time) []release.Hold {
	stage := aws.ToString(s.StageName)
	var all []release.Hold
	if t := s.InboundTransitionState; t != nil && !t.Enabled {
		all = append(all, release.Hold{
			Reason: release.ForTransition, Stage: stage, By: approval.Identity(aws.ToString(t.LastChangedBy)),
			Text: aws.ToString(t.DisabledReason), Since: later(aws.ToTime(t.LastChangedAt), arrived),
		})
	}
	behind := release.Hold{Reason: release.ForStage, Stage: stage, Text: company(s, id), Since: arrived}
	if x := s.LatestExecution; x != nil && occupies(x) {
		behind.By = aws.ToString(x.PipelineExecutionId)
	}
	// A closed way in is reason enough for all who wait.
	if behind.By != "" || behind.Text != "" && len(all) == 0 {
		all = append(all, behind)
	}
	return all
}

// company tells of those that wait in front of s besides. In which order they
// enter is not told.
func company(s types.StageState, id string) string {
	others := 0
	for _, x := range s.InboundExecutions {
		if aws.ToString(x.PipelineExecutionId) != id && x.Status == types.StageExecutionStatusInProgress {
			others++
		}
	}
	switch others {
	case 0:
		return ""
	case 1:
		return "1 other release waits there too"
	}
	return fmt.Sprintf("%d other releases wait there too", others)
}

// conditions are those of s that are being checked.
func conditions(s types.StageState) []release.Hold {
	var all []release.Hold
	for _, kind := range []*types.StageConditionState{s.BeforeEntryConditionState, s.OnSuccessConditionState, s.OnFailureConditionState} {
		if kind == nil || kind.LatestExecution == nil || kind.LatestExecution.Status != types.ConditionExecutionStatusInProgress {
			continue
		}
		hold := release.Hold{Reason: release.ForCondition, Stage: aws.ToString(s.StageName)}
		var rules []string
		for _, c := range kind.ConditionStates {
			if c.LatestExecution != nil {
				hold.Since = later(hold.Since, aws.ToTime(c.LatestExecution.LastStatusChange))
			}
			for _, r := range c.RuleStates {
				if r.LatestExecution != nil && r.LatestExecution.Status == types.RuleExecutionStatusInProgress {
					rules = append(rules, aws.ToString(r.RuleName))
				}
			}
		}
		hold.Text = strings.Join(rules, ", ")
		all = append(all, hold)
	}
	return all
}

// arrival is when r came to where it waits: when it left a stage, or began.
func arrival(r release.Record) time.Time {
	at := r.Since()
	for _, p := range r.Passes {
		if p.Stage != "" {
			at = later(at, p.Until)
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
