package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// guarded reads which stage the approval lets an execution finish or enter.
func (r *reading) guarded(ctx context.Context) (string, error) {
	out, err := r.api.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: aws.String(r.w.Pipeline)})
	if err != nil {
		return "", err
	}
	if out.Pipeline == nil {
		return "", fmt.Errorf("read pipeline %s: CodePipeline answered without one", r.w.Pipeline)
	}
	return guardedStage(out.Pipeline.Stages, r.w.Stage, r.w.Name), nil
}

// guardedStage is the first stage in which something other than an approval
// runs after the approval: often the next one, and the approval's own if
// there are actions after it. An approval after which nothing runs guards its
// own stage.
func guardedStage(stages []types.StageDeclaration, stage, action string) string {
	at := slices.IndexFunc(stages, func(s types.StageDeclaration) bool { return aws.ToString(s.Name) == stage })
	if at < 0 {
		return stage // the pipeline was edited since
	}
	order := int32(0)
	for _, a := range stages[at].Actions {
		if aws.ToString(a.Name) == action {
			order = aws.ToInt32(a.RunOrder)
		}
	}
	for i, s := range stages[at:] {
		if slices.ContainsFunc(s.Actions, func(a types.ActionDeclaration) bool {
			return !approves(a.ActionTypeId) && (i > 0 || aws.ToInt32(a.RunOrder) > order)
		}) {
			return aws.ToString(s.Name)
		}
	}
	return stage
}

func approves(id *types.ActionTypeId) bool {
	return id != nil && id.Category == types.ActionCategoryApproval
}

// releasedBy reports whether actions have brought a release to stage, and when
// the last of them ended.
func releasedBy(actions []types.ActionExecutionDetail, stage string) (*time.Time, bool) {
	var last *time.Time
	found := false
	for _, d := range actions {
		if aws.ToString(d.StageName) != stage || d.Status != types.ActionExecutionStatusSucceeded {
			continue
		}
		found = true
		if last == nil || aws.ToTime(d.LastUpdateTime).After(*last) {
			last = d.LastUpdateTime
		}
	}
	return last, found
}
