package source_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
	"github.com/signalbox/signalbox/internal/people"
)

func compiled(t *testing.T) config.File {
	t.Helper()
	f, problems, warnings := source.Compile(read(t, example), source.Beside(example, today))
	if len(problems)+len(warnings) > 0 {
		t.Fatal(problems, warnings)
	}
	return f
}

// TestExampleIsTheDemo pins what newcomers read and the local run goes by: each
// approval of the demo's pipelines, who answers it, and what is special.
func TestExampleIsTheDemo(t *testing.T) {
	t.Parallel()
	book := compiled(t).Rulebook()
	for _, tt := range []struct {
		pipeline, stage, action string
		want                    string
	}{
		{"web-shop", "Approval", "ApproveProduction", "web-shop production|production|C0RELEASES|1 dana lee"},
		{"payments", "Approval", "ApproveRelease", "payments production|production|C0PAYMENTS|1 dana priya"},
		{"payments", "Handover", "ApproveTraffic", "payments traffic|production traffic|C0PAYMENTS|1 priya lee"},
		{"ledger", "Approval", "ApproveProduction", "ledger production|production|C0RELEASES|1 QA dana lee|1 Ops S0OPS000002"},
		{"vault", "Approval", "ApproveVault", "vault production|production|C0PAYMENTS|1 lee priya|high risk|break glass priya|every day 20:00–06:00 UTC"},
		{"reports", "Approval", "ApproveReports", "reports|reporting|C0REPORTS|1 priya marco|24h0m0s"},
	} {
		r, _ := book.For(approval.Action{Pipeline: tt.pipeline, Stage: tt.stage, Name: tt.action})
		if got := outline(r); got != tt.want {
			t.Errorf("%s / %s:\n%s, want\n%s", tt.pipeline, tt.action, got, tt.want)
		}
	}
	shadows := book.Shadows(approval.Action{Pipeline: "ledger", Stage: "Approval"})
	if len(shadows) != 1 {
		t.Errorf("ledger has the shadows %+v", shadows)
	}
}

// outline is a rule in one line.
func outline(r approval.Rule) string {
	parts := []string{r.Name, r.Environment, r.Channel}
	for _, q := range r.Quorums {
		words := append([]string{strconv.Itoa(q.Need), q.Name, idsIn(q.People)}, q.Groups...)
		parts = append(parts, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	}
	if r.HighRisk {
		parts = append(parts, "high risk")
	}
	if len(r.BreakGlass) > 0 {
		parts = append(parts, "break glass "+idsIn(r.BreakGlass))
	}
	if len(r.Hours.Windows) > 0 {
		parts = append(parts, r.Hours.String())
	}
	if r.Expire > 0 {
		parts = append(parts, r.Expire.String())
	}
	return strings.Join(parts, "|")
}

func idsIn(all []people.Person) string {
	return strings.Trim(strings.ReplaceAll(idsOf(all), ",", ""), "[]")
}

func TestExampleKnowsItsPeopleEverywhere(t *testing.T) {
	t.Parallel()
	f := compiled(t)
	dir := f.Directory()
	if conflicts := dir.Check(); len(conflicts) > 0 {
		t.Error(conflicts)
	}
	index := dir.Index()
	for _, id := range []string{"dana", "lee", "priya", "marco"} {
		p, ok := index.ByID(id)
		s := index.Starter("arn:aws:iam::000000000000:user/"+id, "StartPipelineExecution")
		if diff := cmp.Diff(p, s.Person); !ok || diff != "" {
			t.Errorf("the user %s is %+v", id, s)
		}
		if p.Slack == "" || p.Email == "" {
			t.Errorf("%s cannot use both doors", id)
		}
	}
}

// TestExampleCompilesToTheSameAllYear: a build of the same commit has the same
// content, so holidays are written out by whole years.
func TestExampleCompilesToTheSameAllYear(t *testing.T) {
	t.Parallel()
	first, _, _ := source.Compile(read(t, example), source.Beside(example, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	last, problems, _ := source.Compile(read(t, example), source.Beside(example, time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)))
	if diff := cmp.Diff(first, last); diff != "" || len(problems) > 0 {
		t.Error(problems, diff)
	}
	holidays := last.Policies[len(last.Policies)-1].Hours.Holidays
	if n := len(holidays); n < 12*13 || holidays[0] > "2025-02" || holidays[n-1] < "2036-12" {
		t.Errorf("%d holidays from %s to %s, want a year back and ten ahead", n, holidays[0], holidays[n-1])
	}
}
