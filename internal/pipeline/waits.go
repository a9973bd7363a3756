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
	"golang.org/x/sync/errgroup"

	"github.com/signalbox/signalbox/internal/approval"
)

const (
	// sweep is how many pipelines one call of Waits looks at.
	sweep = 40
	// maxConcurrent bounds the calls at one time, which share CodePipeline's
	// allowance with everybody else in the account.
	maxConcurrent = 4
	// reserve is how much time must be left for one more pipeline.
	reserve = 5 * time.Second
)

// Waits lists the approvals that wait for an answer now, in the homes of c, for
// some forty pipelines from the mark from on; empty is the beginning. It
// returns the mark of what comes next, or nothing at the end, and stops early
// when the time of ctx runs out. So a long sweep can be stopped and taken up
// again; a mark may be kept for as long as one likes.
//
// It makes one call for the list of the pipelines and one for each of them; in
// PARALLEL mode one for each hundred of its executions, and one for each of
// those that runs.
//
// An error tells of pipelines that could not be read and were passed over, and
// of homes whose list could not be: what was found is valid all the same.
func (c *Client) Waits(ctx context.Context, from string) (actions []approval.Action, next string, err error) {
	at, name := c.home(from)
	if at == len(c.homes) {
		return nil, "", nil
	}
	home := c.homes[at]
	if at+1 < len(c.homes) {
		next = mark(c.homes[at+1], "")
	}
	p, err := c.at(approval.Action{Account: home.Account, Region: home.Region})
	if err != nil {
		return nil, next, err
	}
	all, err := p.from(ctx, name)
	if err != nil {
		return nil, next, fmt.Errorf("list the pipelines of %s in %s: %w", home.Account, home.Region, err)
	}
	batch := all[:min(len(all), sweep)]
	actions, read, err := p.sweep(ctx, home, batch)
	if read < len(all) {
		next = mark(home, aws.ToString(all[read].Name))
	}
	return actions, next, err
}

// mark names a place and the first pipeline there that is to be read.
func mark(p Place, name string) string { return p.Account + "/" + p.Region + "/" + name }

// home is where the mark from points to. A home that there is no more begins
// from the start.
func (c *Client) home(from string) (at int, pipeline string) {
	for i, p := range c.homes {
		if name, ok := strings.CutPrefix(from, mark(p, "")); ok {
			return i, name
		}
	}
	return 0, ""
}

// from lists the pipelines whose names are not before first, by name.
func (p pipelines) from(ctx context.Context, first string) ([]types.PipelineSummary, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	pages := codepipeline.NewListPipelinesPaginator(pager{p.api}, &codepipeline.ListPipelinesInput{})
	var all []types.PipelineSummary
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Pipelines {
			if aws.ToString(s.Name) >= first {
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b types.PipelineSummary) int { return cmp.Compare(aws.ToString(a.Name), aws.ToString(b.Name)) })
	return all, nil
}

// sweep reads what waits in batch, and how many of it there was time for.
func (p pipelines) sweep(ctx context.Context, home Place, batch []types.PipelineSummary) (actions []approval.Action, read int, err error) {
	found := make([][]approval.Action, len(batch))
	failed := make([]error, len(batch))
	for read < len(batch) && timeLeft(ctx) {
		round := batch[read:min(read+maxConcurrent, len(batch))]
		var group errgroup.Group
		for i, s := range round {
			group.Go(func() error {
				found[read+i], failed[read+i] = p.waits(ctx, home, s)
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return nil, read, err
		}
		if ctx.Err() != nil {
			break // these are read again
		}
		read += len(round)
	}
	return slices.Concat(found[:read]...), read, errors.Join(failed[:read]...)
}

// timeLeft reports whether ctx leaves time to read one more pipeline.
func timeLeft(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return ctx.Err() == nil && (!limited || time.Until(deadline) > reserve)
}

// waits lists what waits in one pipeline. One that is gone waits for nothing.
func (p pipelines) waits(ctx context.Context, home Place, s types.PipelineSummary) ([]approval.Action, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	read := p.inState
	if s.ExecutionMode == types.ExecutionModeParallel {
		read = p.inExecutions
	}
	all, err := read(ctx, aws.ToString(s.Name))
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what waits in pipeline %s: %w", aws.ToString(s.Name), err)
	}
	for i := range all {
		all[i].Account, all[i].Region = home.Account, home.Region
	}
	return all, nil
}

// inState finds the approvals that the state of the pipeline shows: those with
// a token.
func (p pipelines) inState(ctx context.Context, pipeline string) ([]approval.Action, error) {
	out, err := p.api.GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: aws.String(pipeline)})
	if err != nil {
		return nil, err
	}
	var all []approval.Action
	for _, s := range out.StageStates {
		if s.LatestExecution == nil {
			continue
		}
		for _, action := range s.ActionStates {
			a := approval.Action{
				Pipeline: pipeline, ExecutionID: aws.ToString(s.LatestExecution.PipelineExecutionId),
				Stage: aws.ToString(s.StageName), Name: aws.ToString(action.ActionName),
			}
			if tokenIn(out.StageStates, a) != "" {
				all = append(all, a)
			}
		}
	}
	return all, nil
}
