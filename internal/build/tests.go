package build

import (
	"context"
	"fmt"
	"strings"
)

const (
	// maxReports bounds the reports whose tests are read: a build has no more.
	// https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
	maxReports = 5
	// maxBatch is how many reports one call can ask for.
	// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetReports.html
	maxBatch = 100
)

// broken are the statuses of tests that did not pass.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_TestCase.html
var broken = []string{"FAILED", "ERROR"}

type report struct {
	ARN, Type   string
	TestSummary struct{ StatusCounts map[string]int }
}

// failed is how many tests of the report did not pass.
func (r report) failed() int {
	n := 0
	for _, status := range broken {
		n += max(0, r.TestSummary.StatusCounts[status])
	}
	return n
}

type (
	reportsAnswer struct {
		Reports         []report
		ReportsNotFound []string
	}
	casesAnswer struct {
		TestCases []struct{ Name, TestSuiteName, Message string }
	}
)

// tests reads which tests of the reports failed, and how many more there are
// than it names, or says why not.
func (q question) tests(ctx context.Context, arns []string) (named []Test, more int, missing string) {
	if len(arns) == 0 {
		return nil, 0, ""
	}
	ctx, cancel := context.WithTimeout(ctx, testsTimeout)
	defer cancel()
	var out reportsAnswer
	err := q.ask(ctx, builder, q.region, "BatchGetReports", map[string]any{"reportArns": arns[:min(len(arns), maxBatch)]}, &out)
	if err != nil {
		return nil, 0, "The test reports could not be read: " + why(err, "codebuild:BatchGetReports") + "."
	}
	if n := len(out.ReportsNotFound); n > 0 {
		missing = fmt.Sprintf("CodeBuild does not have %d of the test reports: it keeps them for 30 days.", n)
	}
	asked, total := 0, 0
	for _, r := range out.Reports {
		if r.Type != "" && r.Type != "TEST" || r.failed() == 0 {
			continue // how much code the tests reach is no result of theirs
		}
		total += r.failed()
		if asked++; asked > maxReports || len(named) >= maxTests {
			continue
		}
		cases, err := q.cases(ctx, r, maxTests-len(named))
		named = append(named, cases...)
		if err != nil {
			missing = "The tests that failed could not all be read: " + why(err, "codebuild:DescribeTestCases") + "."
			asked = maxReports
		}
	}
	return named, max(0, total-len(named)), missing
}

// cases reads at most limit tests of r that did not pass.
func (q question) cases(ctx context.Context, r report, limit int) ([]Test, error) {
	var all []Test
	for _, status := range broken {
		if r.TestSummary.StatusCounts[status] <= 0 || len(all) >= limit {
			continue
		}
		var out casesAnswer
		err := q.ask(ctx, builder, q.region, "DescribeTestCases", map[string]any{
			"reportArn": r.ARN, "filter": map[string]string{"status": status}, "maxResults": limit - len(all),
		}, &out)
		if err != nil {
			return all, err
		}
		for _, c := range out.TestCases[:min(len(out.TestCases), limit-len(all))] {
			all = append(all, Test{
				Report: text(group(r.ARN), maxName), Suite: text(c.TestSuiteName, maxName),
				Name: text(c.Name, maxName), Message: firstLine(c.Message, maxName),
			})
		}
	}
	return all, nil
}

// group is the name of the group of the report with arn, which people know it
// by: arn:aws:codebuild:REGION:ACCOUNT:report/GROUP:UUID.
func group(arn string) string {
	_, name, _ := strings.Cut(arn, ":report/")
	name, _, _ = strings.Cut(name, ":")
	return name
}
