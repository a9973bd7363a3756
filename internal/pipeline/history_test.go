package pipeline_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/release"
)

// waiting is what waits on the server of the samples.
func waiting() approval.Waiting {
	return approval.Waiting{
		Action: action(), StartedAt: started,
		Revisions: []approval.Revision{{Source: "SourceArtifact", ID: "3f1c", Summary: "Add refund endpoint", Author: "Priya Raman"}},
	}
}

// summary is the execution that began n hours before the approval did, with a
// commit of the same name.
func summary(id string, n int) object {
	return object{
		"pipelineExecutionId": id, "status": "Succeeded", "startTime": float64(started.Add(-time.Duration(n) * time.Hour).Unix()),
		"lastUpdateTime": float64(started.Add(-time.Duration(n)*time.Hour).Unix() + 60), "executionMode": "QUEUED",
		"sourceRevisions": []any{object{"actionName": "Orders", "revisionId": "commit-" + id, "revisionSummary": "By " + id}},
	}
}

// past makes s answer with executions, newest first, in pages of size, of
// which released have succeeded in the stage.
func (s *server) past(size int, executions []object, released ...string) {
	s.answers["ListPipelineExecutions"] = []any{func(in object) any {
		all := executions
		if in["filter"] != nil {
			all = nil
			for _, e := range executions {
				if slices.Contains(released, e["pipelineExecutionId"].(string)) {
					all = append(all, e)
				}
			}
		}
		from := 0
		if next, ok := in["nextToken"].(string); ok {
			_, _ = fmt.Sscan(next, &from)
		}
		page := object{"pipelineExecutionSummaries": anySlice(all[from:min(from+size, len(all))])}
		if from+size < len(all) {
			page["nextToken"] = fmt.Sprint(from + size)
		}
		return page
	}}
}

// sources makes s list a source action of each execution and, without a
// filter, those of all.
func (s *server) sources(t *testing.T, executions ...object) {
	t.Helper()
	source := sample(t, "source")
	s.answers["ListActionExecutions"] = []any{func(in object) any {
		wanted := ""
		if filter, ok := in["filter"].(object); ok {
			wanted = filter["pipelineExecutionId"].(string)
		}
		var all []object
		for _, e := range executions {
			if id := e["pipelineExecutionId"].(string); wanted == "" || wanted == id {
				one := with(with(source, "pipelineExecutionId", id), "startTime", e["startTime"])
				all = append(all, with(one, "output", object{"outputVariables": object{"AuthorDisplayName": "Author " + id, "CommitId": "commit-" + id}}))
				all = append(all, with(with(one, "stageName", "Approval"), "input", object{}))
			}
		}
		return object{"actionExecutionDetails": anySlice(all)}
	}}
}

func commits(c release.Changes) string {
	var all []string
	for _, commit := range c.Commits {
		all = append(all, strings.TrimPrefix(commit.ID, "commit-"))
	}
	return strings.Join(all, " ")
}

func TestHistoryIsReadBackToTheReleaseAndNoFurther(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	var all []object
	for n := range 30 {
		all = append(all, summary(fmt.Sprint(n), n+1))
	}
	all = append([]object{summary(execution, 0)}, all...)
	s.past(4, all, "6", "20")
	s.sources(t, all...)
	got, err := c.Changes(t.Context(), waiting())
	if err != nil || commits(got) != execution+" 0 1 2 3 4 5" || got.Since == nil || got.Since.ExecutionID != "6" || !got.AuthorsComplete {
		t.Errorf("%q since %+v, %v, %q", commits(got), got.Since, err, got.Missing)
	}
	if n := len(s.inputs["ListPipelineExecutions"]); n != 3 {
		t.Errorf("%d calls, want two pages and one for the release", n)
	}
	for _, e := range all {
		e["status"] = "Failed" // or one of them could have been released by a former version
	}
	s.past(4, all)
	got, err = c.Changes(t.Context(), waiting())
	if err != nil || len(got.Commits) != 20 || got.Since != nil || got.AuthorsComplete || len(got.Missing) == 0 {
		t.Errorf("without an end: %d commits, complete %v, %q, %v", len(got.Commits), got.AuthorsComplete, got.Missing, err)
	}
}

func TestReleaseOfAFormerVersionOfThePipelineIsFound(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	all := []object{summary(execution, 0), with(summary("failed", 1), "status", "Failed"), summary("former", 2), summary("older", 3)}
	s.past(100, all) // CodePipeline's filter knows the present version only
	s.sources(t, all...)
	got, err := c.Changes(t.Context(), waiting())
	if err != nil || got.Since == nil || got.Since.ExecutionID != "former" || commits(got) != execution+" failed" || !got.AuthorsComplete {
		t.Errorf("%q since %+v, %v, %q", commits(got), got.Since, err, got.Missing)
	}
	s.sources(t, all[0], all[1]) // the former ones have skipped the stage
	got, err = c.Changes(t.Context(), waiting())
	if err != nil || got.Since != nil || commits(got) != execution+" failed former older" || got.AuthorsComplete {
		t.Errorf("skipped: %q since %+v, %v", commits(got), got.Since, err)
	}
	if !slices.Contains(got.Missing, "No release to Approval was found among the executions before the last change of the pipeline.") {
		t.Errorf("missing %q", got.Missing)
	}
}

func TestExecutionThatIsNotListedYetIsKnownFromItsActions(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{summary("before", 1)}, "before")
	got, err := c.Changes(t.Context(), waiting())
	if err != nil || commits(got) != "3f1c" || len(got.Authors) != 1 || got.Authors[0] != (release.Author{Name: "Priya Raman", Email: "priya@example.com", Login: "priya-raman"}) {
		t.Errorf("%q by %+v, %v, %q", commits(got), got.Authors, err, got.Missing)
	}
	if got.Commits[0].Summary != "Add refund endpoint" || !slices.Equal(got.Keys(), []string{"ORD-42"}) || !got.AuthorsComplete {
		t.Errorf("commit %+v", got.Commits[0])
	}
}

func TestFailureOfTheHistoryIsAnErrorOnlyIfItMayPass(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"GetPipeline", "ListPipelineExecutions"} {
		s, c := serve(t)
		s.past(100, []object{summary(execution, 0)})
		s.answers[operation] = []any{fault{"ThrottlingException", "Rate exceeded"}}
		if _, err := c.Changes(t.Context(), waiting()); err == nil || errors.Is(err, approval.ErrNotWaiting) {
			t.Errorf("%s throttled: %v, want an error", operation, err)
		}
		s.answer(operation, fault{"PipelineNotFoundException", "gone"})
		if _, err := c.Changes(t.Context(), waiting()); !errors.Is(err, approval.ErrNotWaiting) {
			t.Errorf("%s of nothing: %v, want ErrNotWaiting", operation, err)
		}
		s.answer(operation, fault{"AccessDeniedException", "arn:aws:iam::1:role/x is not authorized"})
		got, err := c.Changes(t.Context(), waiting())
		if err != nil || got.AuthorsComplete || commits(got) != "3f1c" || !slices.Contains(got.Missing, "The history of the pipeline could not be read: AccessDeniedException.") {
			t.Errorf("%s denied: %q, complete %v, %q, %v", operation, commits(got), got.AuthorsComplete, got.Missing, err)
		}
	}
	c := pipeline.Across(func(pipeline.Place) (pipeline.Calls, error) { return pipeline.Calls{}, errors.New("no way there") })
	if _, err := c.Changes(t.Context(), waiting()); err == nil || !strings.Contains(err.Error(), "no way there") {
		t.Errorf("unreachable: %v", err)
	}
}

func TestAuthorsThatCannotBeReadAreMissed(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	all := []object{summary(execution, 0), summary("1", 1), summary("2", 2)}
	s.past(100, all, "2")
	s.answers["ListActionExecutions"] = []any{fault{"AccessDeniedException", "no"}}
	got, err := c.Changes(t.Context(), waiting())
	want := []string{
		"Nobody is named as the author of 2 of the 2 changes.",
		"What this execution has run could not be read: AccessDeniedException.",
		"The authors of 2 executions could not be read: AccessDeniedException.",
	}
	if err != nil || commits(got) != execution+" 1" || got.AuthorsComplete || !slices.Equal(got.Missing, want) {
		t.Errorf("%q, complete %v, %v, missing %q", commits(got), got.AuthorsComplete, err, got.Missing)
	}
}
