package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/release"
)

// maxActionPages bounds the actions that are read for the authors: a page has
// a hundred, which are some ten to thirty executions.
const maxActionPages = 10

// authors completes the revisions of the executions that h carries with what
// their source actions say, which alone know the authors.
//
// It reads the actions of the whole pipeline, newest first, and stops when it
// has seen all that it looks for: a page tells of many executions, for each of
// which a call of its own would be made otherwise.
//
// It fails if they may be read later: then nobody may approve until they are.
func (r *reading) authors(ctx context.Context, h *release.History) (unread error) {
	ctx, cancel := context.WithTimeout(ctx, factTimeout)
	defer cancel()
	found := map[string][]types.ActionExecutionDetail{}
	note(found, r.own)
	open, oldest := unattributed(h.Carried(), found)
	pages := codepipeline.NewListActionExecutionsPaginator(pager{r.api}, &codepipeline.ListActionExecutionsInput{PipelineName: aws.String(r.w.Pipeline)})
	for n := 0; open > 0 && n < maxActionPages && pages.HasMorePages(); n++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.miss("The authors of %d executions could not be read: %s.", open, reason(err))
			if !permanent(err) {
				unread = fmt.Errorf("read the authors of %d executions of %s: %w", open, r.w.Pipeline, err)
			}
			break
		}
		note(found, page.ActionExecutionDetails)
		open, _ = unattributed(h.Carried(), found)
		if k := len(page.ActionExecutionDetails); k > 0 && aws.ToTime(page.ActionExecutionDetails[k-1].StartTime).Before(oldest) {
			break
		}
	}
	attribute(h, found)
	return unread
}

// note files the source actions among actions under their executions.
func note(found map[string][]types.ActionExecutionDetail, actions []types.ActionExecutionDetail) {
	for _, d := range actions {
		if fromSource(d) {
			id := aws.ToString(d.PipelineExecutionId)
			found[id] = append(found[id], d)
		}
	}
}

// fromSource reports whether d is a source action that succeeded.
func fromSource(d types.ActionExecutionDetail) bool {
	return d.Input != nil && d.Input.ActionTypeId != nil && d.Input.ActionTypeId.Category == types.ActionCategorySource &&
		d.Status == types.ActionExecutionStatusSucceeded
}

// unattributed counts the executions whose source actions have not all been
// found, and tells when the oldest of them began.
func unattributed(carried []release.Execution, found map[string][]types.ActionExecutionDetail) (int, time.Time) {
	open, oldest := 0, time.Time{}
	for _, e := range carried {
		if slices.ContainsFunc(e.Revisions, func(v release.Revision) bool {
			return !slices.ContainsFunc(found[e.ID], func(d types.ActionExecutionDetail) bool { return tells(d, v) })
		}) {
			open++
			if oldest.IsZero() || e.Began.Before(oldest) {
				oldest = e.Began
			}
		}
	}
	return open, oldest
}

// tells reports whether d is about v, which is named for the action or for the
// artifact that it has made.
func tells(d types.ActionExecutionDetail, v release.Revision) bool {
	return aws.ToString(d.ActionName) == v.Source || makes(d, v.Source)
}

// attribute merges what was found into the executions of h.
func attribute(h *release.History, found map[string][]types.ActionExecutionDetail) {
	h.This = attributed(h.This, found[h.This.ID])
	for i, e := range h.Earlier {
		h.Earlier[i] = attributed(e, found[e.ID])
	}
}

func attributed(e release.Execution, actions []types.ActionExecutionDetail) release.Execution {
	for _, d := range sourceActions(actions) {
		told := sourceVersion(d)
		i := slices.IndexFunc(e.Revisions, func(v release.Revision) bool { return tells(d, v) })
		if i < 0 {
			e.Revisions = append(slices.Clip(e.Revisions), told)
			continue
		}
		was := e.Revisions[i]
		told.ID, told.URL = cmp.Or(was.ID, told.ID), cmp.Or(was.URL, told.URL)
		told.Message, told.Author = cmp.Or(told.Message, was.Message), cmp.Or(told.Author, was.Author)
		e.Revisions[i] = told
	}
	return e
}

// sourceVersion is what a source action says about the version it has taken.
// Only sources over a connection name an author.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
func sourceVersion(d types.ActionExecutionDetail) release.Revision {
	v := variables(d)
	told := sourceRevision(d)
	at, err := time.Parse(time.RFC3339, cmp.Or(v["AuthorDate"], v["CommitterDate"]))
	if err != nil {
		at = time.Time{} // other sources have other forms, or none
	}
	return release.Revision{
		Source: told.Source, ID: told.ID, Message: told.Summary, URL: told.URL, At: at,
		Author: told.Author, Email: v["AuthorEmail"], Login: v["AuthorId"],
	}
}

// variables are the output variables of d.
func variables(d types.ActionExecutionDetail) map[string]string {
	if d.Output == nil {
		return nil
	}
	return d.Output.OutputVariables
}
