package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// An origin is what CodePipeline tells about how an execution came to be.
type origin struct {
	release.Execution
	trigger *types.ExecutionTrigger
	mode    types.ExecutionMode
}

// origin reads what started the execution and what it carries. all are the
// executions that are known, and own is its index there, or negative.
func (i inquiry) origin(ctx context.Context, all []types.PipelineExecutionSummary, own int) (release.Facts, error) {
	var o origin
	var facts release.Facts
	if own >= 0 {
		s := all[own]
		o = origin{execution(s), s.Trigger, s.ExecutionMode}
		facts.SupersededBy = superseder(all, own)
	} else {
		var err error
		if o, err = i.unlisted(ctx); err != nil {
			return facts, err
		}
	}
	facts.Mode, facts.RollsBackTo, facts.TriggeredBy = string(o.mode), o.RollsBackTo, triggeredBy(o.trigger)
	if i.known(o.Revisions) {
		facts.Revisions, facts.Authors = i.of.Facts.Revisions, i.of.Facts.Authors
		return facts, nil
	}
	carried, err := i.carried(ctx, o.Execution)
	c := release.Collect(release.History{This: carried, Whole: true})
	facts.Revisions, facts.Authors = c.Commits, c.Authors
	return facts, err
}

// unlisted reads the execution by itself.
func (i inquiry) unlisted(ctx context.Context) (origin, error) {
	x, err := i.one(ctx, i.of.ExecutionID)
	if err != nil {
		return origin{}, err
	}
	e := release.Execution{ID: i.of.ID, Began: i.of.Since(), Status: string(x.Status)}
	if x.RollbackMetadata != nil {
		e.RollsBackTo = aws.ToString(x.RollbackMetadata.RollbackTargetPipelineExecutionId)
	}
	for _, v := range x.ArtifactRevisions {
		e.Revisions = append(e.Revisions, release.Revision{
			Source: aws.ToString(v.Name), ID: aws.ToString(v.RevisionId),
			Message: sourceSummary(aws.ToString(v.RevisionSummary)), URL: aws.ToString(v.RevisionUrl),
		})
	}
	return origin{e, x.Trigger, x.ExecutionMode}, nil
}

// one reads what CodePipeline tells about one execution: no times.
func (p pipelines) one(ctx context.Context, id release.ExecutionID) (types.PipelineExecution, error) {
	out, err := p.api.GetPipelineExecution(ctx, &codepipeline.GetPipelineExecutionInput{
		PipelineName: aws.String(id.Pipeline), PipelineExecutionId: aws.String(id.ID),
	})
	if err == nil && out.PipelineExecution == nil {
		err = errors.New("CodePipeline answered without it")
	}
	if err != nil {
		return types.PipelineExecution{}, fmt.Errorf("read execution %s of pipeline %s: %w", id.ID, id.Pipeline, err)
	}
	return *out.PipelineExecution, nil
}

// known reports whether the record has these revisions, with their addresses,
// and their authors.
func (i inquiry) known(revisions []release.Revision) bool {
	f := i.of.Facts
	return len(f.Authors) > 0 && slices.EqualFunc(f.Revisions, revisions, func(c release.Commit, v release.Revision) bool {
		return c.ID == v.ID && (c.URL != "" || v.URL == "")
	})
}

// carried is e with what source actions say about its revisions: they alone
// know the authors. A roll-back has run none, so those of the execution whose
// revisions it carries tell.
func (i inquiry) carried(ctx context.Context, e release.Execution) (release.Execution, error) {
	if e.RollsBackTo != "" {
		e.ID, e.Began, e.RollsBackTo = e.RollsBackTo, time.Time{}, ""
	}
	if len(e.Revisions) == 0 && !sourced(i.of) {
		return e, nil
	}
	actions, err := i.actions(ctx, i.of.Pipeline, e.ID)
	if err != nil {
		return e, fmt.Errorf("read who made what execution %s of pipeline %s carries: %w", e.ID, i.of.Pipeline, err)
	}
	return attributed(e, actions), nil
}

// sourced reports whether a source action of r has succeeded: then it has said
// what it found, even if that is no revision.
func sourced(r release.Record) bool {
	return slices.ContainsFunc(r.Runs, func(run release.Run) bool {
		return run.Category == string(types.ActionCategorySource) && run.State == event.Succeeded
	})
}

// triggeredBy says in words for people who or what t is. The details of some
// triggers are no names, and those of others are not documented.
func triggeredBy(t *types.ExecutionTrigger) string {
	by := startedBy(t)
	who := ""
	if strings.HasPrefix(by, "arn:") {
		who = approval.Identity(by)
	}
	what := approval.Waiting{Trigger: triggerType(t)}.Starter()
	switch kind := types.TriggerType(triggerType(t)); kind {
	case types.TriggerTypeStartPipelineExecution, types.TriggerTypeCloudWatchEvent:
		return cmp.Or(who, what)
	case types.TriggerTypeManualRollback, types.TriggerTypeCreatePipeline, types.TriggerTypePutActionRevision:
		if who != "" {
			return what + " by " + who
		}
		return what
	default:
		return cmp.Or(what, string(kind))
	}
}
