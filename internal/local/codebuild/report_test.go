package codebuild_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

var tested = codebuild.Script{
	Outcome: "FAILED",
	Tests: map[string][]codebuild.Test{
		"unit": {
			{Name: "adds VAT", Suite: "invoice", Duration: 20 * time.Millisecond},
			{Name: "rounds VAT", Suite: "invoice", Status: "FAILED", Message: "want 1.07, got 1.06", Duration: 30 * time.Millisecond},
			{Name: "prints", Status: "SKIPPED"},
		},
		"lint": {{Name: "vet"}},
	},
}

func TestReportsOfABuildAreFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	b := w.run("orders", tested)
	out, err := w.BatchGetReports(t.Context(), &sdk.BatchGetReportsInput{ReportArns: append(b.ReportArns, "none")})
	if err != nil || len(out.Reports) != 2 || !slices.Equal(out.ReportsNotFound, []string{"none"}) {
		t.Fatalf("reports %+v, %v", out, err)
	}
	lint, unit := out.Reports[0], out.Reports[1]
	want := map[string]int32{"SUCCEEDED": 1, "FAILED": 1, "SKIPPED": 1, "ERROR": 0, "UNKNOWN": 0}
	if diff := cmp.Diff(want, unit.TestSummary.StatusCounts); diff != "" || *unit.TestSummary.Total != 3 || *unit.TestSummary.DurationInNanoSeconds != 5e7 {
		t.Errorf("summary %+v (-want +got):\n%s", unit.TestSummary, diff)
	}
	if unit.Status != types.ReportStatusTypeFailed || lint.Status != types.ReportStatusTypeSucceeded || *unit.ExecutionId != *b.Arn ||
		*unit.ReportGroupArn != "arn:aws:codebuild:eu-west-1:111122223333:report-group/orders-unit" || !unit.Expired.Equal(unit.Created.Add(30*24*time.Hour)) {
		t.Errorf("report %+v", unit)
	}
	list, err := w.ListReports(t.Context(), &sdk.ListReportsInput{Filter: &types.ReportFilter{Status: types.ReportStatusTypeFailed}, MaxResults: aws.Int32(1)})
	if err != nil || !slices.Equal(list.Reports, []string{*unit.Arn}) || list.NextToken != nil {
		t.Errorf("failed reports: %+v, %v", list, err)
	}
}

func TestTestCasesAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	unit := w.run("orders", tested).ReportArns[1]
	names := func(in sdk.DescribeTestCasesInput) []string {
		var got []string
		in.ReportArn = &unit
		pages := sdk.NewDescribeTestCasesPaginator(w, &in)
		for pages.HasMorePages() {
			out, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range out.TestCases {
				got = append(got, *c.Name+" "+*c.Status)
			}
		}
		return got
	}
	all := []string{"adds VAT SUCCEEDED", "rounds VAT FAILED", "prints SKIPPED"}
	for _, test := range []struct {
		in   sdk.DescribeTestCasesInput
		want []string
	}{
		{sdk.DescribeTestCasesInput{}, all},
		{sdk.DescribeTestCasesInput{MaxResults: aws.Int32(1)}, all},
		{sdk.DescribeTestCasesInput{Filter: &types.TestCaseFilter{Status: aws.String("FAILED")}}, all[1:2]},
		{sdk.DescribeTestCasesInput{Filter: &types.TestCaseFilter{Keyword: aws.String("VAT")}}, all[:2]},
	} {
		if diff := cmp.Diff(test.want, names(test.in)); diff != "" {
			t.Errorf("cases differ (-want +got):\n%s", diff)
		}
	}
	_, err := w.DescribeTestCases(t.Context(), &sdk.DescribeTestCasesInput{ReportArn: aws.String("none")})
	refused(t, err, "ResourceNotFoundException")
	_, err = w.DescribeTestCases(t.Context(), &sdk.DescribeTestCasesInput{ReportArn: &unit, NextToken: aws.String("?")})
	refused(t, err, "InvalidInputException")
}

func TestBuildThatNeverTestedHasNoReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	s := tested
	s.Phase = "INSTALL"
	if b := w.run("orders", s); len(b.ReportArns) != 0 {
		t.Errorf("reports %v", b.ReportArns)
	}
}
