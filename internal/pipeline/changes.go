package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/sync/errgroup"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// The limits of Changes.
const (
	// historyTimeout bounds what it cannot do without, and factTimeout each
	// of the things that may be missing.
	historyTimeout = 10 * time.Second
	factTimeout    = 5 * time.Second
)

// Changes reads what the execution that waits at w would release.
//
// It makes four calls in two rounds and, where there is more to know, more:
//
//	GetPipeline             which stage the approval guards
//	ListPipelineExecutions  the executions since the last release, with what they carry
//	ListActionExecutions    what this execution has built, and who wrote it
//	ListPipelineExecutions  the last release to that stage
//
//	ListActionExecutions    who wrote what the executions in between carry, a
//	                        hundred actions a page, ten pages at most
//	ListPipelineExecutions  four pages more, for a release that is further back,
//	                        and ListActionExecutions for one of another version
//	DescribeImageScanFindings  for each image, ten at most
//	BatchGetBuilds, BatchGetReports  the tests of its builds
//
// It fails only if the executions, or who wrote what they carry, cannot be read
// now and may be read later, or with approval.ErrNotWaiting if the pipeline is
// gone. Everything else that fails is told in Missing. What is known in spite of
// an error is returned with it. What Changes knows of commits, CodePipeline says:
// of a push of several it shows the head.
func (c *Client) Changes(ctx context.Context, w approval.Waiting) (release.Changes, error) {
	p, err := c.at(w.Action)
	if err != nil {
		return release.Changes{}, err
	}
	r := &reading{pipelines: p, w: w}
	h, err := r.history(ctx)
	switch {
	case gone(err):
		return release.Changes{}, approval.ErrNotWaiting
	case err != nil && !permanent(err):
		return release.Changes{}, fmt.Errorf("read what execution %s of %s releases: %w", w.ExecutionID, w.Pipeline, err)
	case err != nil:
		r.miss("The history of the pipeline could not be read: %s.", reason(err))
		h = release.History{This: ofWaiting(w)}
	}
	var images []release.Image
	var tests []release.Test
	facts := errgroup.Group{}
	facts.Go(func() error { return r.authors(ctx, &h) })
	facts.Go(func() error { images = r.images(ctx); return nil })
	facts.Go(func() error { tests = r.tests(ctx); return nil })
	unread := facts.Wait()
	changes := release.Collect(h)
	changes.Images, changes.Tests = images, tests
	for _, sentence := range r.missing {
		changes = changes.Miss(sentence)
	}
	return changes.Bounded(), unread
}

// A reading is one collection of changes.
type reading struct {
	pipelines
	w approval.Waiting
	// own are the actions of the execution that waits.
	own []types.ActionExecutionDetail

	mu      sync.Mutex
	missing []string
}

// miss notes a sentence about what could not be read.
func (r *reading) miss(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.missing = append(r.missing, fmt.Sprintf(format, args...))
}

// ofWaiting is the execution of w, as far as w knows it.
func ofWaiting(w approval.Waiting) release.Execution {
	e := release.Execution{ID: w.ExecutionID, Began: w.StartedAt}
	for _, v := range w.Revisions {
		e.Revisions = append(e.Revisions, release.Revision{Source: v.Source, ID: v.ID, Message: v.Summary, URL: v.URL, Author: v.Author})
	}
	return e
}

// permanent reports whether err is an answer that will be the same next time.
func permanent(err error) bool {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.HTTPStatusCode() < http.StatusBadRequest || answer.HTTPStatusCode() >= http.StatusInternalServerError {
		return false
	}
	var said smithy.APIError
	if !errors.As(err, &said) {
		return false
	}
	_, passes := retry.DefaultRetryableErrorCodes[said.ErrorCode()]
	_, throttles := retry.DefaultThrottleErrorCodes[said.ErrorCode()]
	return !passes && !throttles
}

// reason says in a word or two, without ids or addresses, why a call failed.
func reason(err error) string {
	var said smithy.APIError
	switch {
	case errors.As(err, &said):
		return said.ErrorCode()
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return "no answer"
}
