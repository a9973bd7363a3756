package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/release"
)

const digest = "sha256:0123456789abcdef"

// built returns a server on which the execution has made the actions.
func built(t *testing.T, actions ...object) (*server, *pipeline.Client) {
	t.Helper()
	s, c := serve(t)
	s.past(100, []object{summary(execution, 0)})
	s.actions("", append(actions, s.attempt())...)
	return s, c
}

// imageSource is a source action of an image in another Region and registry.
func imageSource(t *testing.T, repository string) object {
	t.Helper()
	source := with(sample(t, "source"), "actionName", "Image")
	source["input"].(object)["region"] = "us-east-1"
	return with(source, "output", object{"outputVariables": object{"ImageDigest": digest, "RepositoryName": repository, "RegistryId": foreign}})
}

// building is an attempt of a build action.
func building(t *testing.T, id string, at float64) object {
	t.Helper()
	d := with(with(sample(t, "source"), "actionName", "Build"), "startTime", at)
	d["input"] = object{"region": "eu-west-1", "actionTypeId": object{"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}}
	return with(d, "output", object{"executionResult": object{"externalExecutionId": id, "externalExecutionUrl": "https://example.com/" + id}})
}

func TestVerdictIsWhatTheScanHasSaid(t *testing.T) {
	t.Parallel()
	scanned := func(status string, findings object) object {
		return object{"imageScanStatus": object{"status": status}, "imageScanFindings": findings}
	}
	done := object{"imageScanCompletedAt": 1773134400.5, "findingSeverityCounts": object{"LOW": 0, "TOTAL": 0}}
	bad := object{"imageScanCompletedAt": 1773134400.5, "findingSeverityCounts": object{"HIGH": 2, "LOW": 0, "TOTAL": 2}}
	at := time.UnixMilli(1773134400500).UTC()
	tests := []struct {
		name    string
		answer  any
		want    release.Image
		missing string
	}{
		{"a basic scan", scanned("COMPLETE", done), release.Image{Verdict: release.Clean, At: at}, ""},
		{"an enhanced scan", scanned("ACTIVE", bad), release.Image{Verdict: release.Findings, Counts: map[string]int{"HIGH": 2}, At: at}, ""},
		{"an enhanced scan that is not done", scanned("ACTIVE", object{}), release.Image{Verdict: release.Scanning}, ""},
		{"a scan that runs", scanned("IN_PROGRESS", nil), release.Image{Verdict: release.Scanning}, ""},
		{"an image index", scanned("UNSUPPORTED_IMAGE", nil), release.Image{Verdict: release.NotScannable}, ""},
		{"no scan", fault{"ScanNotFoundException", "none"}, release.Image{Verdict: release.NotScanned}, ""},
		{"a failed scan", scanned("FAILED", nil), release.Image{Verdict: release.Unknown}, "The scan of the image team/orders has no result: FAILED."},
		{"a refusal", fault{"AccessDeniedException", "arn:…"}, release.Image{Verdict: release.Unknown}, "The scan of the image team/orders could not be read: AccessDeniedException."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := built(t, imageSource(t, "team/orders"))
			s.answers["DescribeImageScanFindings"] = []any{tt.answer}
			got, err := c.Changes(t.Context(), waiting())
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Repository, tt.want.Digest = "team/orders", digest
			if diff := cmp.Diff([]release.Image{tt.want}, got.Images); diff != "" {
				t.Errorf("images (-want +got):\n%s", diff)
			}
			if tt.missing != "" && !slices.Contains(got.Missing, tt.missing) {
				t.Errorf("missing %q", got.Missing)
			}
			in := s.inputs["DescribeImageScanFindings"][0]
			if in["registryId"] != foreign || in["maxResults"] != 1.0 {
				t.Errorf("asked for %v", in)
			}
		})
	}
}

func TestImageOfUnknownRepositoryAndChangesWithoutAuthorsAreSaid(t *testing.T) {
	t.Parallel()
	_, c := built(t, imageSource(t, ""))
	got, err := c.Changes(t.Context(), waiting())
	if err != nil || len(got.Images) != 1 || got.Images[0].Verdict != release.Unknown || got.AuthorsComplete ||
		!slices.Contains(got.Missing, "The repository of the image "+digest+" is not known, so its scan was not read.") {
		t.Errorf("images %+v, complete %v, missing %q, %v", got.Images, got.AuthorsComplete, got.Missing, err)
	}
}

func TestTestsAreThoseOfTheLastBuilds(t *testing.T) {
	t.Parallel()
	s, c := built(t, building(t, "orders:new", 1773134300), building(t, "orders:old", 1773134200))
	s.answers["BatchGetBuilds"] = []any{object{"builds": []any{object{"id": "orders:new", "reportArns": []any{"r1", "r2"}}}, "buildsNotFound": []any{"x"}}}
	s.answers["BatchGetReports"] = []any{object{"reports": []any{
		object{"arn": "r1", "name": "unit", "type": "TEST", "testSummary": object{"statusCounts": object{"SUCCEEDED": 5, "FAILED": 1, "ERROR": 1, "SKIPPED": 2, "UNKNOWN": 0}}},
		object{"arn": "r2", "name": "lines", "type": "CODE_COVERAGE"},
	}}}
	got, err := c.Changes(t.Context(), waiting())
	want := []release.Test{{Name: "unit", Passed: 5, Failed: 2, Skipped: 2, URL: "https://example.com/orders:new"}}
	if diff := cmp.Diff(want, got.Tests); diff != "" || err != nil {
		t.Errorf("%v, tests (-want +got):\n%s", err, diff)
	}
	if ids := fmt.Sprint(s.inputs["BatchGetBuilds"][0]["ids"]); ids != "[orders:new]" {
		t.Errorf("asked for %s", ids)
	}
	if !slices.Contains(got.Missing, "CodeBuild does not know 1 of the builds, so their tests are not known.") {
		t.Errorf("missing %q", got.Missing)
	}
}

func TestServicesThatHangOrRefuseAreMissed(t *testing.T) {
	t.Parallel()
	s, c := built(t, imageSource(t, "team/orders"), building(t, "orders:1", 1773134300))
	s.answers["DescribeImageScanFindings"], s.answers["BatchGetBuilds"] = []any{hang{}}, []any{hang{}}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	got, err := c.Changes(ctx, waiting())
	if err != nil || len(got.Commits) == 0 || strings.Count(strings.Join(got.Missing, " "), "no answer in time.") != 2 {
		t.Errorf("%d commits, missing %q, %v", len(got.Commits), got.Missing, err)
	}

	s, c = built(t, building(t, "orders:1", 1773134300))
	s.answers["BatchGetBuilds"] = []any{object{"builds": []any{object{"id": "orders:1", "reportArns": []any{"r1"}}}}}
	s.answers["BatchGetReports"] = []any{fault{"AccessDeniedException", "no"}}
	got, err = c.Changes(t.Context(), waiting())
	if err != nil || !slices.Contains(got.Missing, "The tests of 1 builds could not be read: AccessDeniedException.") {
		t.Errorf("missing %q, %v", got.Missing, err)
	}
}

func TestClientThatMayAskNobodySaysWhatItHasNotRead(t *testing.T) {
	t.Parallel()
	y := newYard(t, "QUEUED")
	w := y.waits(y.push("Ada", "Begin"))
	got, err := pipeline.New(pipeline.CallsOf(y.sdk)).Changes(t.Context(), w)
	if err != nil || !slices.Equal(got.Missing, []string{"The tests of the builds were not read."}) || !got.AuthorsComplete {
		t.Errorf("missing %q, %v", got.Missing, err)
	}
	w.Pipeline = "other"
	if _, err := y.Changes(t.Context(), w); !errors.Is(err, approval.ErrNotWaiting) {
		t.Errorf("changes of a pipeline that does not exist: %v", err)
	}
}
