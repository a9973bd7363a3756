package pipeline

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
	"github.com/signalbox/signalbox/internal/release"
)

// maxBatch is how many builds or reports one call can ask for.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetReports.html
const maxBatch = 100

var builder = signed.Service{ID: "CodeBuild", Host: "codebuild", Name: "codebuild", Target: "CodeBuild_20161006"}

// A build of this execution.
type build struct{ id, region, url string }

// tests reads the reports of the builds of this execution.
func (r *reading) tests(ctx context.Context) []release.Test {
	byRegion := map[string][]build{}
	for _, b := range r.builds() {
		byRegion[b.region] = append(byRegion[b.region], b)
	}
	if len(byRegion) > 0 && r.api.Ask == nil {
		r.miss("The tests of the builds were not read.")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, factTimeout)
	defer cancel()
	var all []release.Test
	for region, builds := range byRegion {
		found, err := r.reports(ctx, region, builds)
		if err != nil {
			r.miss("The tests of %d builds could not be read: %s.", len(builds), reason(err))
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b release.Test) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// builds are the last runs of the CodeBuild actions of this execution.
func (r *reading) builds() []build {
	newest := map[string]types.ActionExecutionDetail{}
	for _, d := range r.own {
		if d.Input == nil || d.Input.ActionTypeId == nil || aws.ToString(d.Input.ActionTypeId.Provider) != "CodeBuild" {
			continue
		}
		name := aws.ToString(d.StageName) + "/" + aws.ToString(d.ActionName)
		if was, ok := newest[name]; !ok || aws.ToTime(d.StartTime).After(aws.ToTime(was.StartTime)) {
			newest[name] = d
		}
	}
	var all []build
	for _, d := range newest {
		if id := aws.ToString(result(d).ExternalExecutionId); id != "" {
			all = append(all, build{id: id, region: aws.ToString(d.Input.Region), url: aws.ToString(result(d).ExternalExecutionUrl)})
		}
	}
	slices.SortFunc(all, func(a, b build) int { return cmp.Compare(a.id, b.id) })
	return all
}

// The answers, as far as they are read.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html
type (
	builtAnswer struct {
		Builds []struct {
			ID         string
			ReportArns []string
		}
		BuildsNotFound []string
	}
	reportsAnswer struct {
		Reports []struct {
			ARN, Name, Type string
			TestSummary     struct{ StatusCounts map[string]int }
		}
	}
)

// reports reads what the tests of builds, all in region, have found.
func (r *reading) reports(ctx context.Context, region string, builds []build) ([]release.Test, error) {
	builds = builds[:min(len(builds), maxBatch)]
	ids := make([]string, len(builds))
	for i, b := range builds {
		ids[i] = b.id
	}
	var built builtAnswer
	if err := r.api.Ask(ctx, builder, region, "BatchGetBuilds", map[string]any{"ids": ids}, &built); err != nil {
		return nil, err
	}
	if n := len(built.BuildsNotFound); n > 0 {
		r.miss("CodeBuild does not know %d of the builds, so their tests are not known.", n)
	}
	pages := map[string]string{} // of the builds, by report
	var arns []string
	for _, b := range built.Builds {
		i := slices.IndexFunc(builds, func(a build) bool { return a.id == b.ID })
		for _, arn := range b.ReportArns {
			arns = append(arns, arn)
			if i >= 0 {
				pages[arn] = builds[i].url
			}
		}
	}
	if len(arns) == 0 {
		return nil, nil
	}
	var out reportsAnswer
	if err := r.api.Ask(ctx, builder, region, "BatchGetReports", map[string]any{"reportArns": arns[:min(len(arns), maxBatch)]}, &out); err != nil {
		return nil, err
	}
	var all []release.Test
	for _, report := range out.Reports {
		if report.Type != "" && report.Type != "TEST" {
			continue // how much code the tests reach is no result of theirs
		}
		n := report.TestSummary.StatusCounts
		all = append(all, release.Test{
			Name: report.Name, URL: pages[report.ARN],
			Passed: n["SUCCEEDED"], Failed: n["FAILED"] + n["ERROR"], Skipped: n["SKIPPED"] + n["UNKNOWN"],
		})
	}
	return all, nil
}
