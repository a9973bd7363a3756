package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/release"
)

// maxPastPages bounds the executions that are read for facts: a page has a
// hundred.
const maxPastPages = 3

// past reads where the execution comes from and what was before it, which one
// list tells.
func (i inquiry) past(ctx context.Context) (release.Facts, error) {
	list := executions{pipelines: i.pipelines, pipeline: i.of.Pipeline}
	unlisted := i.list(ctx, &list)
	own := indexOf(list.all, i.of.ID)
	var facts release.Facts
	var unknown error
	if i.q.Origin {
		facts, unknown = i.origin(ctx, list.all, own)
	}
	if i.q.Past {
		facts.Usual, facts.Previous = usual(list.all, i.of.ID), i.previous(list.all)
	}
	return facts, errors.Join(unlisted, unknown)
}

// list reads pages until they tell what is asked.
func (i inquiry) list(ctx context.Context, list *executions) error {
	for list.pages == 0 || list.next != nil && list.pages < maxPastPages && !i.told(list.all) {
		if err := list.more(ctx); err != nil {
			return fmt.Errorf("list the executions of pipeline %s: %w", i.of.Pipeline, err)
		}
	}
	return nil
}

// told reports whether all, the newest executions, tell what is asked. What
// gave way can only do so to a newer one, so that is listed too.
func (i inquiry) told(all []types.PipelineExecutionSummary) bool {
	if i.q.Origin && indexOf(all, i.of.ID) < 0 {
		return false
	}
	return !i.q.Past || usual(all, i.of.ID) > 0 && i.previous(all) != nil
}

// previous is the execution that ended before this one did.
func (i inquiry) previous(all []types.PipelineExecutionSummary) *release.Previous {
	var until time.Time
	if own := indexOf(all, i.of.ID); own >= 0 && ended(all[own]) {
		until = aws.ToTime(all[own].LastUpdateTime)
	} else if i.of.Over() {
		until = i.of.Until()
	}
	return previous(all, i.of.ID, until)
}

func indexOf(all []types.PipelineExecutionSummary, id string) int {
	return slices.IndexFunc(all, func(s types.PipelineExecutionSummary) bool { return aws.ToString(s.PipelineExecutionId) == id })
}
