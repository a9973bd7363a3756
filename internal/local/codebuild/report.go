package codebuild

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A report is what one test report of a build says.
type report struct {
	arn     string
	group   string // ARN of the report group
	name    string
	build   string // ARN of the build
	status  string // SUCCEEDED or FAILED
	created time.Time
	cases   []Test
}

// report makes the reports of b, whose tests have run.
func (s *Service) report(b *build) {
	for _, name := range slices.Sorted(maps.Keys(b.script.Tests)) {
		group := b.project + "-" + name
		r := &report{
			group: s.arn("report-group/" + group), name: s.newID(), build: s.arn("build/" + b.id()),
			status: succeeded, created: s.now(), cases: b.script.Tests[name],
		}
		r.arn = s.arn("report/" + group + ":" + r.name)
		if slices.ContainsFunc(r.cases, Test.broken) {
			r.status = failed
		}
		b.reports = append(b.reports, r)
		s.reports[r.arn] = r
	}
}

func (t Test) status() string { return cmp.Or(t.Status, succeeded) }

func (t Test) broken() bool { return t.status() == failed || t.status() == "ERROR" }

// summary counts the cases of r. Every status is counted, even with zero.
func (r *report) summary() summaryView {
	v := summaryView{Total: len(r.cases), Counts: map[string]int{}}
	for _, status := range testStatuses {
		v.Counts[status] = 0
	}
	for _, c := range r.cases {
		v.Counts[c.status()]++
		v.Duration += c.Duration.Nanoseconds()
	}
	return v
}
