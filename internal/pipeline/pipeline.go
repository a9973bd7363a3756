// Package pipeline asks CodePipeline what waits for an answer, and answers.
//
// An event only says that something may wait; what is shown and decided is
// read here, through the API, because events arrive late, twice, out of order,
// and without the token. A token never appears in an error or a log.
package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// readTimeout bounds all the calls of one question together.
const readTimeout = 10 * time.Second

// Calls are the methods of a client that a Client of ours uses. They are handed
// over one by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	GetPipeline          func(context.Context, *codepipeline.GetPipelineInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineOutput, error)
	GetPipelineExecution func(context.Context, *codepipeline.GetPipelineExecutionInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineExecutionOutput, error)
	GetPipelineState     func(context.Context, *codepipeline.GetPipelineStateInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineStateOutput, error)
	ListActionExecutions func(context.Context, *codepipeline.ListActionExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListActionExecutionsOutput, error)
	PutApprovalResult    func(context.Context, *codepipeline.PutApprovalResultInput, ...func(*codepipeline.Options)) (*codepipeline.PutApprovalResultOutput, error)
}

// CallsOf takes the calls off c.
func CallsOf(c *codepipeline.Client) Calls {
	return Calls{
		GetPipeline: c.GetPipeline, GetPipelineExecution: c.GetPipelineExecution, GetPipelineState: c.GetPipelineState,
		ListActionExecutions: c.ListActionExecutions, PutApprovalResult: c.PutApprovalResult,
	}
}

// A pager is what the SDK's paginator calls.
type pager struct{ calls Calls }

// ListActionExecutions reads one page.
func (p pager) ListActionExecutions(ctx context.Context, in *codepipeline.ListActionExecutionsInput, o ...func(*codepipeline.Options)) (*codepipeline.ListActionExecutionsOutput, error) {
	return p.calls.ListActionExecutions(ctx, in, o...)
}

// A Client is CodePipeline in one account and Region. It is safe for
// concurrent use.
type Client struct{ api Calls }

var (
	_ approval.Source   = (*Client)(nil)
	_ approval.Pipeline = (*Client)(nil)
)

// New returns a Client that makes calls.
func New(calls Calls) *Client { return &Client{calls} }

// actions lists what the execution has run so far, every attempt of every
// action.
func (c *Client) actions(ctx context.Context, pipeline, execution string) ([]types.ActionExecutionDetail, error) {
	pages := codepipeline.NewListActionExecutionsPaginator(pager{c.api}, &codepipeline.ListActionExecutionsInput{
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
