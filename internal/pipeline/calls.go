package pipeline

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

// Calls are the methods of a client that a Client of ours uses. They are handed
// over one by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	GetPipeline            func(context.Context, *codepipeline.GetPipelineInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineOutput, error)
	GetPipelineExecution   func(context.Context, *codepipeline.GetPipelineExecutionInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineExecutionOutput, error)
	GetPipelineState       func(context.Context, *codepipeline.GetPipelineStateInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineStateOutput, error)
	ListActionExecutions   func(context.Context, *codepipeline.ListActionExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListActionExecutionsOutput, error)
	ListPipelineExecutions func(context.Context, *codepipeline.ListPipelineExecutionsInput, ...func(*codepipeline.Options)) (*codepipeline.ListPipelineExecutionsOutput, error)
	ListPipelines          func(context.Context, *codepipeline.ListPipelinesInput, ...func(*codepipeline.Options)) (*codepipeline.ListPipelinesOutput, error)
	PutApprovalResult      func(context.Context, *codepipeline.PutApprovalResultInput, ...func(*codepipeline.Options)) (*codepipeline.PutApprovalResultOutput, error)
	// Ask makes calls of the services that have built what a pipeline
	// releases; nil if nobody is to be asked.
	Ask Ask
}

// An Ask calls operation of a service in region, as signed.Caller.JSON does.
type Ask func(ctx context.Context, s signed.Service, region, operation string, in, out any) error

// CallsOf takes the calls off c. It leaves Ask out.
func CallsOf(c *codepipeline.Client) Calls {
	return Calls{
		GetPipeline: c.GetPipeline, GetPipelineExecution: c.GetPipelineExecution, GetPipelineState: c.GetPipelineState,
		ListActionExecutions: c.ListActionExecutions, ListPipelineExecutions: c.ListPipelineExecutions,
		ListPipelines: c.ListPipelines, PutApprovalResult: c.PutApprovalResult,
	}
}

// callsWith are all the calls, made with the credentials and Region of c.
func callsWith(c aws.Config, now func() time.Time) Calls {
	calls := CallsOf(codepipeline.NewFromConfig(c))
	calls.Ask = signed.New(c, now).JSON
	return calls
}

// A pager is what the SDK's paginators call.
type pager struct{ calls Calls }

// ListActionExecutions reads one page.
func (p pager) ListActionExecutions(ctx context.Context, in *codepipeline.ListActionExecutionsInput, o ...func(*codepipeline.Options)) (*codepipeline.ListActionExecutionsOutput, error) {
	return p.calls.ListActionExecutions(ctx, in, o...)
}

// ListPipelines reads one page.
func (p pager) ListPipelines(ctx context.Context, in *codepipeline.ListPipelinesInput, o ...func(*codepipeline.Options)) (*codepipeline.ListPipelinesOutput, error) {
	return p.calls.ListPipelines(ctx, in, o...)
}
