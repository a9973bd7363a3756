package pipeline

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"golang.org/x/sync/errgroup"

	"github.com/signalbox/signalbox/internal/release"
)

const (
	// maxExecutionPages bounds the history: a page has a hundred executions.
	maxExecutionPages = 5
	// maxFormer bounds the executions of former versions of the pipeline in
	// which a release is looked for.
	maxFormer = 3
)

// history reads the executions back to the last release.
func (r *reading) history(ctx context.Context) (release.History, error) {
	ctx, cancel := context.WithTimeout(ctx, historyTimeout)
	defer cancel()
	var stage string
	list := executions{pipelines: r.pipelines, pipeline: r.w.Pipeline}
	round, roundCtx := errgroup.WithContext(ctx)
	round.Go(func() (err error) {
		stage, err = r.guarded(roundCtx)
		return err
	})
	round.Go(func() error { return list.more(roundCtx) })
	round.Go(func() error {
		own, err := r.actions(roundCtx, r.w.Pipeline, r.w.ExecutionID)
		if err != nil && roundCtx.Err() == nil {
			r.miss("What this execution has run could not be read: %s.", reason(err))
		}
		r.own = own
		return nil
	})
	if err := round.Wait(); err != nil {
		return release.History{}, err
	}
	h := r.told(list, stage)
	since, newer, err := r.releases(ctx, h)
	if err != nil {
		return release.History{}, err
	}
	if h.Since, h.Newer = since, newer; h.Since == nil {
		h.Since = r.formerRelease(ctx, h)
	}
	for !h.Known() && list.next != nil && list.pages < maxExecutionPages {
		if err := list.more(ctx); err != nil {
			return release.History{}, err
		}
		known := h
		h = r.told(list, stage)
		h.Since, h.Newer = known.Since, known.Newer
	}
	return h, nil
}

// told makes a history of what has been listed so far.
func (r *reading) told(list executions, stage string) release.History {
	h := release.History{Stage: stage, This: ofWaiting(r.w), Whole: list.next == nil}
	if i := slices.IndexFunc(list.all, func(s types.PipelineExecutionSummary) bool {
		return aws.ToString(s.PipelineExecutionId) == r.w.ExecutionID
	}); i >= 0 {
		h.This = execution(list.all[i])
	}
	for _, s := range list.all {
		if e := execution(s); e.ID != h.This.ID && !e.Began.After(h.This.Began) {
			h.Earlier = append(h.Earlier, e)
		}
	}
	return h
}

// releases finds the newest release to h.Stage that began before h.This did,
// and whether there is one that began after. CodePipeline lists the executions
// of the present version of the pipeline only.
func (r *reading) releases(ctx context.Context, h release.History) (since, newer *release.Release, err error) {
	list := executions{pipelines: r.pipelines, pipeline: r.w.Pipeline, stage: h.Stage}
	for list.pages == 0 || list.next != nil && list.pages < maxExecutionPages {
		read := len(list.all)
		if err := list.more(ctx); err != nil {
			return nil, nil, err
		}
		for _, s := range list.all[read:] {
			e := execution(s)
			switch {
			case e.ID == h.This.ID:
			case !e.Began.After(h.This.Began):
				return released(s), newer, nil
			case newer == nil:
				newer = released(s)
			}
		}
	}
	return nil, newer, nil
}

func released(s types.PipelineExecutionSummary) *release.Release {
	return &release.Release{ExecutionID: aws.ToString(s.PipelineExecutionId), At: aws.ToTime(s.LastUpdateTime)}
}

// formerRelease finds the last release among the executions that succeeded
// under a former version of the pipeline. Success alone is no proof: the stage
// may have been skipped, or not have been there.
func (r *reading) formerRelease(ctx context.Context, h release.History) *release.Release {
	tried := 0
	for _, e := range h.Earlier {
		if e.Status != string(types.PipelineExecutionStatusSucceeded) {
			continue
		}
		if tried++; tried > maxFormer {
			break
		}
		actions, err := r.actions(ctx, r.w.Pipeline, e.ID)
		if err != nil {
			r.miss("Whether execution %s was released to %s could not be read: %s.", e.ID, h.Stage, reason(err))
			return nil
		}
		if last, ok := releasedBy(actions, h.Stage); ok {
			return &release.Release{ExecutionID: e.ID, At: aws.ToTime(last)}
		}
	}
	if tried > 0 {
		r.miss("No release to %s was found among the executions before the last change of the pipeline.", h.Stage)
	}
	return nil
}

// executions lists the executions of a pipeline, newest first: those that
// succeeded in stage, or all.
type executions struct {
	pipelines
	pipeline, stage string

	all   []types.PipelineExecutionSummary
	next  *string
	pages int
}

// more reads the next page.
func (e *executions) more(ctx context.Context) error {
	in := &codepipeline.ListPipelineExecutionsInput{PipelineName: aws.String(e.pipeline), NextToken: e.next}
	if e.stage != "" {
		in.Filter = &types.PipelineExecutionFilter{SucceededInStage: &types.SucceededInStageFilter{StageName: aws.String(e.stage)}}
	}
	page, err := e.api.ListPipelineExecutions(ctx, in)
	if err != nil {
		return err
	}
	e.all = append(e.all, page.PipelineExecutionSummaries...)
	e.next, e.pages = page.NextToken, e.pages+1
	return nil
}

// execution is what a summary tells.
func execution(s types.PipelineExecutionSummary) release.Execution {
	e := release.Execution{ID: aws.ToString(s.PipelineExecutionId), Began: aws.ToTime(s.StartTime), Status: string(s.Status)}
	if s.RollbackMetadata != nil {
		e.RollsBackTo = aws.ToString(s.RollbackMetadata.RollbackTargetPipelineExecutionId)
	}
	for _, v := range s.SourceRevisions {
		e.Revisions = append(e.Revisions, release.Revision{
			Source: aws.ToString(v.ActionName), ID: aws.ToString(v.RevisionId),
			Message: sourceSummary(aws.ToString(v.RevisionSummary)), URL: aws.ToString(v.RevisionUrl),
		})
	}
	return e
}
