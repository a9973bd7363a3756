package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// Ending reads how the attempt of r ended, from the list of what its execution
// has run. It returns false while the attempt still waits. An attempt that
// CodePipeline does not know has ended too, as approval.EndedGone and at no
// known time.
func (c *Client) Ending(ctx context.Context, r approval.Request) (approval.Ending, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	p, err := c.at(r.Action)
	if err != nil {
		return approval.Ending{}, false, err
	}
	actions, err := p.actions(ctx, r.Pipeline, r.ExecutionID)
	if err != nil && !gone(err) {
		return approval.Ending{}, false, err
	}
	for _, d := range actions {
		if aws.ToString(d.ActionExecutionId) == r.ActionExecutionID {
			return ending(r, d)
		}
	}
	return approval.Ending{How: approval.EndedGone}, true, nil
}

func ending(r approval.Request, d types.ActionExecutionDetail) (approval.Ending, bool, error) {
	e := approval.Ending{
		Summary: cmp.Or(aws.ToString(result(d).ExternalExecutionSummary), message(d)),
		By:      aws.ToString(d.UpdatedBy),
		At:      aws.ToTime(d.LastUpdateTime),
	}
	switch d.Status {
	case types.ActionExecutionStatusInProgress:
		return approval.Ending{}, false, nil
	case types.ActionExecutionStatusSucceeded:
		e.How = approval.EndedApproved
	case types.ActionExecutionStatusFailed:
		e.How = approval.EndedRejected
		if timedOut(r, e) {
			e.How = approval.EndedTimedOut
		}
	case types.ActionExecutionStatusAbandoned:
		e.How = approval.EndedAbandoned
	case "Cancelled", "Canceled": // events know this state, the API model does not
		e.How = approval.EndedCanceled
	default:
		return approval.Ending{}, false, fmt.Errorf("the approval has the unknown status %q", d.Status)
	}
	return e, true, nil
}

// expiryRounding is by how much a time-out can come before r.ExpiresAt, which
// is worked out from the start: CodePipeline's own deadline has whole minutes.
const expiryRounding = time.Minute

// timedOut tells a time-out from a rejection, which have the same status. The
// time decides: nobody can reject after the deadline, and nothing times out
// well before it. In the minute in which both are possible it is a time-out if
// nobody is named for it and the text says so. The text alone is no proof: it
// may be a person's ("the certificate has expired").
func timedOut(r approval.Request, e approval.Ending) bool {
	switch {
	case r.Vote != nil && e.Summary == approval.Summary(r):
		return false
	case !e.At.Before(r.ExpiresAt):
		return true
	case e.By != "":
		return false
	}
	text := strings.ToLower(e.Summary)
	says := text == "" || strings.Contains(text, "expired") || strings.Contains(text, "timed out")
	return says && !e.At.Before(r.ExpiresAt.Add(-expiryRounding))
}

func message(d types.ActionExecutionDetail) string {
	if e := result(d).ErrorDetails; e != nil {
		return aws.ToString(e.Message)
	}
	return ""
}
