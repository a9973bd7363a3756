package evidence_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

func TestGatesTellWhatHappened(t *testing.T) {
	t.Parallel()
	entries, _ := linked(happened())
	gates := evidence.Gates(entries)
	if len(gates) != 1 {
		t.Fatalf("%d gates, want 1", len(gates))
	}
	g := gates[0]
	if g.Outcome != evidence.Approved || g.Policy == "" || g.Applied == nil || g.Held == nil || g.Released == nil || g.Override != nil {
		t.Errorf("gate %+v", g)
	}
	var votes []string
	for _, v := range g.Votes {
		votes = append(votes, fmt.Sprintf("%s %s, withdrawn %t", evidence.Who(v.Entry), v.Verdict, v.Withdrawn != nil))
	}
	want := []string{"Dana Whitfield reject, withdrawn true", "Dana Whitfield approve, withdrawn false", "Priya Raman approve, withdrawn false"}
	if diff := cmp.Diff(want, votes); diff != "" {
		t.Error(diff)
	}
	if len(g.Refusals) != 2 || g.Refusals[0].Refusal != "self_approval" {
		t.Errorf("refusals %+v", g.Refusals)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// heading is the words of a page's first heading.
func heading(t *testing.T, page []byte) string {
	t.Helper()
	_, after, _ := strings.Cut(string(page), "<h1>")
	inside, _, _ := strings.Cut(after, "</h1>")
	return tags.ReplaceAllString(inside, "")
}

func TestHeadlineSaysHowTheReleaseStands(t *testing.T) {
	t.Parallel()
	opened := about(audit.RequestOpened, audit.Entry{})
	yes := about(audit.VoteCounted, audit.Entry{Actor: dana, Verdict: "approve"})
	no := about(audit.VoteCounted, audit.Entry{Actor: priya, Verdict: "reject"})
	approved := about(audit.Decided, audit.Entry{Verdict: "approve"})
	rejected := about(audit.Decided, audit.Entry{Verdict: "reject"})
	applied := about(audit.Applied, audit.Entry{})
	again := func(e audit.Entry) audit.Entry { e.Request = "another"; return e }
	role := "arn:aws:sts::000000000000:assumed-role/Admin/kim"
	for _, tt := range []struct {
		name    string
		entries []audit.Entry
		want    string
	}{
		{"waiting", []audit.Entry{opened, yes}, "Waiting for an answer at Approval"},
		{"approved", []audit.Entry{opened, yes, approved, applied}, "Let through by Dana Whitfield"},
		{"approved, and then it ended", []audit.Entry{opened, yes, approved, applied, about(audit.Closed, audit.Entry{})}, "Let through by Dana Whitfield"},
		{"rejected", []audit.Entry{opened, yes, no, rejected}, "Stopped by Priya Raman at Approval"},
		{"held", []audit.Entry{opened, yes, approved, about(audit.Held, audit.Entry{})}, "Approved by Dana Whitfield and held until the window of Approval opens"},
		{"expired", []audit.Entry{opened, yes, about(audit.Expired, audit.Entry{}), rejected}, "Not let through: time ran out at Approval"},
		{"stopped", []audit.Entry{opened, about(audit.Closed, audit.Entry{})}, "Ended without an answer given here at Approval"},
		{"in the console", []audit.Entry{opened, about(audit.Closed, audit.Entry{Verdict: "approve", Identity: role})}, "Not decided here, but approved by " + role + " at Approval"},
		{"break-glass", []audit.Entry{opened, about(audit.Override, audit.Entry{Actor: lee, Verdict: "approve"}), approved}, "Let through by break-glass by Lee Okafor at Approval"},
		{"rejected and tried again", []audit.Entry{opened, no, rejected, again(opened), again(yes), again(approved)}, "Let through by Dana Whitfield"},
		{"no request", []audit.Entry{{Kind: audit.Healed, Execution: execution}}, "No approval was asked for"},
		{"a vote taken back by another name", []audit.Entry{
			opened, yes, about(audit.VoteWithdrawn, audit.Entry{Actor: audit.Actor{Person: "dana", Door: "e-mail"}}), no, rejected,
		}, "Stopped by Priya Raman at Approval"},
		{"shadow", []audit.Entry{opened, about(audit.Shadow, audit.Entry{Verdict: "reject"}), yes, approved}, "Let through by Dana Whitfield"},
	} {
		page, _ := files(t, tt.entries)
		if got := heading(t, page); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestHostileTextIsOnlyText puts mark-up into every text of an entry.
func TestHostileTextIsOnlyText(t *testing.T) {
	t.Parallel()
	const bad = `"'></script><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}<!--`
	e := audit.Entry{
		Kind: bad, Execution: execution, Stage: bad, Action: bad, Request: bad, Attempt: bad, Environment: bad, Identity: bad, Verdict: bad,
		Actor:   audit.Actor{Person: bad, Name: bad, Email: bad, SlackUser: bad, Door: bad},
		Refusal: bad, Reason: bad, Text: bad, Policy: bad, PolicyHash: bad, Detail: map[string]string{bad: bad},
	}
	refused := e
	refused.Kind = audit.VoteRefused
	glass := e
	glass.Kind = audit.Override
	page, data := files(t, []audit.Entry{e, refused, glass})
	if n := strings.Count(string(page), "<script"); n != 1 {
		t.Errorf("%d scripts, want the data alone", n)
	}
	if strings.Contains(string(page), "<img") || strings.Contains(string(page), "<!--") || strings.Contains(string(data), "<") {
		t.Error("mark-up got through")
	}
	for _, file := range [][]byte{page, data} {
		if _, problems := evidence.Verify(file); problems != nil {
			t.Error(problems)
		}
	}
}

func TestCharactersThatHideThingsAreSpelledOut(t *testing.T) {
	t.Parallel()
	page, _ := files(t, []audit.Entry{about(audit.VoteCounted, audit.Entry{Actor: dana, Reason: "a\u202eb\u200bc\x07d\ne", Verdict: "approve"})})
	if !strings.Contains(string(page), "a[U&#43;202E]b[U&#43;200B]c[U&#43;0007]d\ne") {
		t.Error("the reason is not spelled out")
	}
}

func TestAPageIsWholeByItself(t *testing.T) {
	t.Parallel()
	page, _ := files(t, happened())
	for _, outside := range []string{"src=", "http://", "https://", "@import", "url("} {
		if strings.Contains(string(page), outside) {
			t.Errorf("the page has %q", outside)
		}
	}
}
