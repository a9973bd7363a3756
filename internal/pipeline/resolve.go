package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// answerTimeout bounds one answer with its repetitions.
const answerTimeout = 10 * time.Second

// Resolve answers the approval that r waits for with the vote of r. It fails
// with approval.ErrNotWaiting when that attempt takes no answer: it has had
// one, perhaps this very one whose reply was lost, or it was stopped, timed
// out, or removed. Answering twice is harmless.
func (c *Client) Resolve(ctx context.Context, r approval.Request) error {
	status, err := answer(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	p, err := c.at(r.Action)
	if err != nil {
		return err
	}
	_, err = p.api.PutApprovalResult(ctx, &codepipeline.PutApprovalResultInput{
		PipelineName: aws.String(r.Pipeline),
		StageName:    aws.String(r.Stage),
		ActionName:   aws.String(r.Name),
		Token:        aws.String(r.Token),
		Result:       &types.ApprovalResult{Status: status, Summary: aws.String(approval.Summary(r))},
	})
	if takesNoAnswer(err) {
		return approval.ErrNotWaiting
	}
	return withoutToken(err, r.Token)
}

// answer is what r tells CodePipeline. A request that nobody has decided tells
// it nothing, least of all no.
func answer(r approval.Request) (types.ApprovalStatus, error) {
	switch r.State {
	case approval.Approved:
		return types.ApprovalStatusApproved, nil
	case approval.Rejected:
		return types.ApprovalStatusRejected, nil
	}
	return "", fmt.Errorf("request %s is %s, which is no answer", r.ID, r.State)
}

// takesNoAnswer reports whether CodePipeline no longer wants this answer.
// Which of the first two it gives for which reason is not documented.
func takesNoAnswer(err error) bool {
	var (
		completed *types.ApprovalAlreadyCompletedException
		token     *types.InvalidApprovalTokenException
		pipeline  *types.PipelineNotFoundException
		stage     *types.StageNotFoundException
		action    *types.ActionNotFoundException
	)
	return errors.As(err, &completed) || errors.As(err, &token) ||
		errors.As(err, &pipeline) || errors.As(err, &stage) || errors.As(err, &action)
}

// withoutToken hides token in the text of err: a ValidationException quotes
// the values it complains about.
func withoutToken(err error, token string) error {
	if err == nil || token == "" || !strings.Contains(err.Error(), token) {
		return err
	}
	return redacted{err: err, text: strings.ReplaceAll(err.Error(), token, "[token]")}
}

// A redacted error can be examined like err and prints as text.
type redacted struct {
	err  error
	text string
}

func (r redacted) Error() string { return r.text }
func (r redacted) Unwrap() error { return r.err }
