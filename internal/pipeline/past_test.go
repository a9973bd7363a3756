package pipeline_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/release"
)

// read reads the changes of an execution that waits, and says with how many
// calls.
func (y *yard) read(execution string) release.Changes {
	y.t.Helper()
	w := y.waits(execution)
	y.counted()
	c, err := y.Changes(y.t.Context(), w)
	if err != nil {
		y.t.Fatal(err)
	}
	calls := y.counted()
	slices.Sort(calls)
	y.t.Logf("%d commits, %d images, %d tests: %d calls: %s", len(c.Commits)+c.More, len(c.Images), len(c.Tests), len(calls), strings.Join(calls, " "))
	return c
}

// told is who wrote which change, newest first.
func told(c release.Changes) string {
	var all []string
	for _, commit := range c.Commits {
		all = append(all, commit.Author+": "+commit.Summary)
	}
	return strings.Join(all, "; ")
}

func TestChangesOfAReleaseAreReadFromAllThreeServices(t *testing.T) {
	t.Parallel()
	y := newYard(t, api.Queued)
	first := y.push("Ada", "Begin")
	if c := y.read(first); c.Since != nil || told(c) != "Ada: Begin" || !c.AuthorsComplete {
		t.Errorf("first release: %+v", c)
	}
	y.answer(first, approval.Approve)
	rejected := y.push("Bea", "ORD-1 Add refunds\n\nCo-authored-by: Kim <kim@example.com>")
	y.answer(rejected, approval.Reject)

	var image struct{ Digest string }
	y.do("/local/registry/images", map[string]any{"repository": "team/orders", "tag": "1", "scan": "basic", "findings": []map[string]string{
		{"cve": "CVE-2099-0001", "severity": "CRITICAL", "package": "libexample", "version": "1.2.3"},
	}}, &image)
	if err := y.builds.SetNext("orders", codebuild.Script{
		Variables: map[string]string{"ImageDigest": image.Digest, "RepositoryName": "team/orders"},
		Tests:     map[string][]codebuild.Test{"unit": {{Name: "a"}, {Name: "b", Status: "SKIPPED"}, {Name: "c"}}},
	}); err != nil {
		t.Fatal(err)
	}
	began := y.clock.Now()
	second := y.push("Cleo", "ORD-2 <!channel> </script>")
	c := y.read(second)
	if told(c) != "Cleo: ORD-2 <!channel> </script>; Bea: ORD-1 Add refunds" || !slices.Equal(c.Keys(), []string{"ORD-2", "ORD-1"}) {
		t.Errorf("changes %q, keys %q", told(c), c.Keys())
	}
	if c.Stage != "Production" || c.Since == nil || c.Since.ExecutionID != first || c.Since.At.IsZero() || !c.Began.Equal(began) {
		t.Errorf("to %s since %+v, began %v", c.Stage, c.Since, c.Began)
	}
	authors := []release.Author{{Name: "Cleo", Email: "cleo@example.com"}, {Name: "Bea", Email: "bea@example.com"}, {Name: "Kim", Email: "kim@example.com"}}
	for i := range c.Authors {
		if i != 2 && c.Authors[i].Login == "" {
			t.Errorf("%s has no login", c.Authors[i].Name)
		}
		c.Authors[i].Login = ""
	}
	if diff := cmp.Diff(authors, c.Authors); diff != "" || !c.AuthorsComplete || len(c.Missing) > 0 {
		t.Errorf("complete %v, missing %q, authors (-want +got):\n%s", c.AuthorsComplete, c.Missing, diff)
	}
	if len(c.Images) != 1 || c.Images[0].Verdict != release.Findings || c.Images[0].Counts["CRITICAL"] != 1 || c.Images[0].At.IsZero() {
		t.Errorf("images %+v", c.Images)
	}
	if len(c.Tests) != 1 || c.Tests[0].Passed != 2 || c.Tests[0].Skipped != 1 || c.Tests[0].Failed != 0 || !strings.HasPrefix(c.Tests[0].URL, "https://") {
		t.Errorf("tests %+v", c.Tests)
	}
}

func TestChangesOfSupersededExecutionsAreCarried(t *testing.T) {
	t.Parallel()
	y := newYard(t, api.Superseded)
	first := y.push("Ada", "Begin")
	overtaken := y.push("Bea", "Add refunds")
	last := y.push("Cleo", "Add receipts")
	y.answer(first, approval.Approve)
	c := y.read(last)
	if told(c) != "Cleo: Add receipts; Bea: Add refunds" || !c.AuthorsComplete {
		t.Errorf("changes %q, missing %q", told(c), c.Missing)
	}
	if diff := cmp.Diff([]release.Superseded{{ExecutionID: overtaken, Summary: "Add refunds"}}, c.Superseded); diff != "" {
		t.Errorf("superseded (-want +got):\n%s", diff)
	}
}

func TestReleaseThatWasRolledBackComesAgain(t *testing.T) {
	t.Parallel()
	y := newYard(t, api.Queued)
	var done []string
	for _, author := range []string{"Ada", "Bea"} {
		done = append(done, y.push(author, "By "+author))
		y.answer(done[len(done)-1], approval.Approve)
	}
	back, err := y.sdk.RollbackStage(t.Context(), &codepipeline.RollbackStageInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Production"), TargetPipelineExecutionId: aws.String(done[0]),
	})
	if err != nil {
		t.Fatal(err)
	}
	y.clock.Advance(time.Minute)
	c := y.read(y.push("Cleo", "By Cleo"))
	if told(c) != "Cleo: By Cleo; Bea: By Bea" || !c.AuthorsComplete {
		t.Errorf("changes %q, missing %q", told(c), c.Missing)
	}
	if c.Since == nil || c.Since.ExecutionID != *back.PipelineExecutionId || c.Since.RolledBackTo != done[0] {
		t.Errorf("since %+v, want the roll-back", c.Since)
	}
}

func TestParallelExecutionThatWouldReplaceANewerReleaseSaysSo(t *testing.T) {
	t.Parallel()
	y := newYard(t, api.Parallel)
	old := y.push("Ada", "Old")
	recent := y.push("Bea", "New")
	y.answer(recent, approval.Approve)
	c := y.read(old)
	if c.Since != nil || told(c) != "Ada: Old" || c.Newer == nil || c.Newer.ExecutionID != recent {
		t.Errorf("changes %q since %+v, newer %+v", told(c), c.Since, c.Newer)
	}
}

func TestHundredExecutionsTakeAFewCalls(t *testing.T) {
	t.Parallel()
	y := newYard(t, api.Superseded)
	first := y.push("Ada", "Begin")
	last := ""
	for range 120 {
		last = y.push("Bea", "One more")
	}
	y.answer(first, approval.Approve)
	w := y.waits(last)
	y.counted()
	c, err := y.Changes(t.Context(), w)
	if err != nil || len(c.Commits) != 50 || c.More != 70 || !c.AuthorsComplete || len(c.Authors) != 1 {
		t.Errorf("%d commits and %d more, %d authors, %q, %v", len(c.Commits), c.More, len(c.Authors), c.Missing, err)
	}
	calls := y.counted()
	t.Logf("120 executions: %d calls", len(calls))
	if len(calls) > 12 {
		t.Errorf("%d calls: %q", len(calls), calls)
	}
}
