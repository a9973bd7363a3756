package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var _ telegraph.Source = (*Client)(nil)

// Facts answers q about r, which it does not change.
//
// Each part of q takes one call, and those for Origin and Past are the same:
//
//	GetPipeline             Structure
//	ListPipelineExecutions  Origin and Past: a hundred executions, and two
//	                        pages more if what is asked is not among them
//	ListActionExecutions    Origin: who made the revisions, unless r knows
//	GetPipelineExecution    Origin, if the execution is not listed
//	GetPipelineState        Holds
//
// They are made side by side. An error tells of what could not be read; the
// rest is returned beside it.
func (c *Client) Facts(ctx context.Context, r release.Record, q telegraph.Question) (release.Facts, error) {
	at := time.Now().UTC() // all that follows is later
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	p, err := c.of(r.ExecutionID)
	if err != nil {
		return release.Facts{At: at}, err
	}
	i := inquiry{pipelines: p, of: r, q: q}
	var (
		calls           sync.WaitGroup
		structure, past release.Facts
		holds           []release.Hold
		errs            [3]error
	)
	if q.Structure {
		calls.Go(func() { structure, errs[0] = i.structure(ctx) })
	}
	if q.Origin || q.Past {
		calls.Go(func() { past, errs[1] = i.past(ctx) })
	}
	if q.Holds {
		calls.Go(func() { holds, errs[2] = i.holds(ctx) })
	}
	calls.Wait()
	facts := past
	facts.At, facts.Plan, facts.Holds = at, structure.Plan, holds
	facts.Mode = cmp.Or(structure.Mode, past.Mode)
	return facts, errors.Join(errs[:]...)
}

// of is CodePipeline where the execution is.
func (c *Client) of(id release.ExecutionID) (pipelines, error) {
	return c.at(approval.Action{Account: id.Account, Region: id.Region, Pipeline: id.Pipeline})
}

// An inquiry is one question about one execution.
type inquiry struct {
	pipelines
	of release.Record
	q  telegraph.Question
}

// structure reads the plan and the mode.
func (i inquiry) structure(ctx context.Context) (release.Facts, error) {
	out, err := i.api.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: aws.String(i.of.Pipeline)})
	if err != nil {
		return release.Facts{}, fmt.Errorf("read the structure of pipeline %s: %w", i.of.Pipeline, err)
	}
	if out.Pipeline == nil {
		return release.Facts{}, fmt.Errorf("read the structure of pipeline %s: CodePipeline answered without one", i.of.Pipeline)
	}
	// Only pipelines of the second type have other modes.
	mode := cmp.Or(out.Pipeline.ExecutionMode, types.ExecutionModeSuperseded)
	return release.Facts{Plan: plan(out.Pipeline.Stages), Mode: string(mode)}, nil
}

// plan is what stages declare, in their order.
func plan(stages []types.StageDeclaration) []release.PlannedStage {
	all := make([]release.PlannedStage, len(stages))
	for i, s := range stages {
		all[i].Name = aws.ToString(s.Name)
		for _, a := range s.Actions {
			kind := kindOf(a.ActionTypeId)
			kind.Region = aws.ToString(a.Region)
			all[i].Actions = append(all[i].Actions, release.PlannedAction{
				Name: aws.ToString(a.Name), RunOrder: int(cmp.Or(aws.ToInt32(a.RunOrder), 1)), Kind: kind,
			})
		}
	}
	return all
}

func kindOf(id *types.ActionTypeId) release.Kind {
	if id == nil {
		return release.Kind{}
	}
	return release.Kind{Category: string(id.Category), Owner: string(id.Owner), Provider: aws.ToString(id.Provider)}
}
