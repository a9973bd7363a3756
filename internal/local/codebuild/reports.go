package codebuild

import (
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type reportView struct {
	ARN          string       `json:"arn"`
	Type         string       `json:"type"`
	Name         string       `json:"name"`
	Group        string       `json:"reportGroupArn"`
	ExecutionID  string       `json:"executionId"`
	Status       string       `json:"status"`
	Created      api.Time     `json:"created"`
	Expired      api.Time     `json:"expired"`
	ExportConfig exportConfig `json:"exportConfig"`
	Truncated    bool         `json:"truncated"`
	Summary      summaryView  `json:"testSummary"`
}

type exportConfig struct {
	Type string `json:"exportConfigType"`
}

type summaryView struct {
	Total    int            `json:"total"`
	Counts   map[string]int `json:"statusCounts"`
	Duration int64          `json:"durationInNanoSeconds"`
}

type batchGetReportsInput struct {
	ARNs []string `json:"reportArns"`
}

type batchGetReportsOutput struct {
	Reports  []reportView `json:"reports"`
	NotFound []string     `json:"reportsNotFound,omitempty"`
}

func (s *Service) batchGetReports(in batchGetReportsInput) (batchGetReportsOutput, error) {
	out := batchGetReportsOutput{Reports: []reportView{}}
	for _, arn := range unique(in.ARNs) {
		r := s.reports[arn]
		if r == nil {
			out.NotFound = append(out.NotFound, arn)
			continue
		}
		out.Reports = append(out.Reports, reportView{
			ARN: r.arn, Type: "TEST", Name: r.name, Group: r.group, ExecutionID: r.build, Status: r.status,
			Created: api.Time{Time: r.created}, Expired: api.Time{Time: r.created.Add(reportLife)},
			ExportConfig: exportConfig{"NO_EXPORT"}, Summary: r.summary(),
		})
	}
	return out, nil
}

type listReportsInput struct {
	SortOrder  string `json:"sortOrder"`
	NextToken  string `json:"nextToken"`
	MaxResults int    `json:"maxResults"`
	Filter     struct {
		Status string `json:"status"`
	} `json:"filter"`
}

type listReportsOutput struct {
	Reports   []string `json:"reports"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (s *Service) listReports(in listReportsInput) (listReportsOutput, error) {
	var arns []string
	for _, b := range s.history {
		for _, r := range b.reports {
			if in.Filter.Status == "" || in.Filter.Status == r.status {
				arns = append(arns, r.arn)
			}
		}
	}
	if in.SortOrder != ascending {
		slices.Reverse(arns)
	}
	rows, next, err := page(arns, func(arn string) string { return arn }, in.NextToken, sizeOf(in.MaxResults))
	return listReportsOutput{rows, next}, err
}

func sizeOf(maxResults int) int {
	if maxResults > 0 {
		return maxResults
	}
	return pageSize
}

type describeTestCasesInput struct {
	ARN        string `json:"reportArn"`
	NextToken  string `json:"nextToken"`
	MaxResults int    `json:"maxResults"`
	Filter     struct {
		Status  string `json:"status"`
		Keyword string `json:"keyword"`
	} `json:"filter"`
}

type describeTestCasesOutput struct {
	Cases     []caseView `json:"testCases"`
	NextToken string     `json:"nextToken,omitempty"`
}

type caseView struct {
	Report   string   `json:"reportArn"`
	Path     string   `json:"testRawDataPath"`
	Prefix   string   `json:"prefix"`
	Name     string   `json:"name"`
	Status   string   `json:"status"`
	Duration int64    `json:"durationInNanoSeconds"`
	Message  string   `json:"message"`
	Expired  api.Time `json:"expired"`
	Suite    string   `json:"testSuiteName,omitempty"`
}

// describeTestCases shows the cases of one report.
func (s *Service) describeTestCases(in describeTestCasesInput) (describeTestCasesOutput, error) {
	r := s.reports[in.ARN]
	if r == nil {
		return describeTestCasesOutput{}, api.Errorf(notFound, "Report cannot be found: %.300s", in.ARN)
	}
	type numbered struct {
		Test
		id string
	}
	var cases []numbered
	for i, c := range r.cases {
		if (in.Filter.Status == "" || in.Filter.Status == c.status()) && strings.Contains(c.Name, in.Filter.Keyword) {
			cases = append(cases, numbered{c, r.arn + "#" + strconv.Itoa(i)})
		}
	}
	rows, next, err := page(cases, func(c numbered) string { return c.id }, in.NextToken, sizeOf(in.MaxResults))
	if err != nil {
		return describeTestCasesOutput{}, err
	}
	out := describeTestCasesOutput{Cases: []caseView{}, NextToken: next}
	for _, c := range rows {
		out.Cases = append(out.Cases, caseView{
			Report: r.arn, Path: "reports/junit.xml", Prefix: c.Suite, Name: c.Name, Status: c.status(),
			Duration: c.Duration.Nanoseconds(), Message: c.Message, Suite: c.Suite,
			Expired: api.Time{Time: r.created.Add(reportLife)},
		})
	}
	return out, nil
}
