// Package pipeline asks CodePipeline what waits for an answer, and answers.
//
// An event only says that something may wait; what is shown and decided is
// read here, through the API, because events arrive late, twice, out of order,
// and without the token. A token never appears in an error or a log.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// readTimeout bounds all the calls of one question together.
const readTimeout = 10 * time.Second

// A Client is CodePipeline in all the places where there are approvals. It is
// safe for concurrent use.
type Client struct {
	calls func(Place) (Calls, error)
	homes []Place
}

var (
	_ approval.Source   = (*Client)(nil)
	_ approval.Pipeline = (*Client)(nil)
)

// New returns a Client that makes calls, wherever an action is.
func New(calls Calls) *Client {
	return Across(func(Place) (Calls, error) { return calls, nil })
}

// Across returns a Client that asks calls for those of the place where an
// action is, such as Accounts.Calls. homes are the places that Waits looks at.
func Across(calls func(Place) (Calls, error), homes ...Place) *Client {
	return &Client{calls: calls, homes: homes}
}

// at is CodePipeline where a is.
func (c *Client) at(a approval.Action) (pipelines, error) {
	calls, err := c.calls(Place{Account: a.Account, Region: a.Region})
	if err != nil {
		return pipelines{}, fmt.Errorf("reach pipeline %s: %w", a.Pipeline, err)
	}
	return pipelines{calls}, nil
}

// pipelines is CodePipeline in one place.
type pipelines struct{ api Calls }

// actions lists what the execution has run so far, every attempt of every
// action.
func (p pipelines) actions(ctx context.Context, pipeline, execution string) ([]types.ActionExecutionDetail, error) {
	pages := codepipeline.NewListActionExecutionsPaginator(pager{p.api}, &codepipeline.ListActionExecutionsInput{
		PipelineName: aws.String(pipeline),
		Filter:       &types.ActionExecutionFilter{PipelineExecutionId: aws.String(execution)},
	})
	var all []types.ActionExecutionDetail
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.ActionExecutionDetails...)
	}
	return all, nil
}

// gone reports whether err says that the pipeline or the execution is not
// there: deleted, or older than the twelve months that CodePipeline remembers.
func gone(err error) bool {
	var pipeline *types.PipelineNotFoundException
	var execution *types.PipelineExecutionNotFoundException
	return errors.As(err, &pipeline) || errors.As(err, &execution)
}
