package approval_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// told is what the only answer to a voter says, which has to be a sentence.
func (w *world) toldOnce(t *testing.T) string {
	t.Helper()
	if len(w.told) != 1 {
		t.Fatalf("told %q, want one answer", w.told)
	}
	_, text, _ := strings.Cut(w.told[0], ": ")
	if flaw := unreadable(text); flaw != "" {
		t.Errorf("told %q, which %s", text, flaw)
	}
	return text
}

func TestTwoVotesInTheSameMillisecondAreTwo(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Quorums[0].Need = 2 })
	for _, p := range []people.Person{dana, lee} {
		if err := w.decider().Vote(t.Context(), click(r, p, approval.Approve, "")); err != nil {
			t.Fatal(err)
		}
	}
	if r = w.only(t); r.State != approval.Approved || w.answered != 1 || w.votes() != 2 {
		t.Errorf("request %s, answered %d, %d votes in the trail", r.State, w.answered, w.votes())
	}
}

func TestTheVotersClockDecidesNothing(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-1000 * time.Hour, -time.Minute, time.Minute, 1000 * time.Hour} {
		w, r := asked(t)
		w.broken["resolve"] = errFault
		b := click(r, dana, approval.Approve, "")
		b.At = w.now.Add(skew)
		_ = w.decider().Vote(t.Context(), b)
		if got := w.only(t).State; got != approval.Approved {
			t.Errorf("a vote %s off is not counted: %s", skew, got)
		}
		delete(w.broken, "resolve")
		w.now = w.now.Add(10 * time.Minute)
		w.reconcile(t)
		if w.answered != 1 || !w.only(t).Settled {
			t.Errorf("a vote %s off is not carried out by the reconciler", skew)
		}
		w, r = asked(t)
		w.now, b.At = r.ExpiresAt, r.StartedAt
		if _ = w.decider().Vote(t.Context(), b); w.answered != 0 || !strings.Contains(w.toldOnce(t), "expired") {
			t.Error("a vote that claims to be early counts after the expiry")
		}
	}
}

func TestSomebodyInTwoGroupsCountsOnce(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) {
		rule.Quorums = []approval.Quorum{{Name: "QA", Need: 1, Groups: []string{"S0QA"}}, {Name: "Ops", Need: 1, Groups: []string{"S0OPS"}}}
	})
	w.groups = map[string][]string{"S0QA": {dana.Slack, lee.Slack}, "S0OPS": {dana.Slack}}
	for i, p := range []people.Person{dana, dana, lee} {
		b := click(r, p, approval.Approve, "")
		b.ID = fmt.Sprint(i)
		if err := w.decider().Vote(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if got, want := w.only(t).State, []approval.State{approval.Pending, approval.Pending, approval.Approved}[i]; got != want {
			t.Errorf("after vote %d: %s, want %s", i, got, want)
		}
	}
	if !strings.HasPrefix(w.toldOnce(t), "Your approval is counted already. Waits for 1 of") {
		t.Errorf("told %q", w.told)
	}
}

func TestAGroupThatIsDeletedAdmitsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.groups["S0QA"] = []string{dana.Slack}
	rule := rules[0]
	rule.Quorums = []approval.Quorum{{Name: "QA", Need: 1, Groups: []string{"S0QA"}}}
	w.book.Policies = approval.Policies{rule}
	if _, err := w.asker().Started(t.Context(), action); err != nil {
		t.Fatal(err)
	}
	delete(w.groups, "S0QA")
	if err := w.decider().Vote(t.Context(), click(w.only(t), dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if got := w.toldOnce(t); w.answered != 0 || !strings.Contains(got, "does not exist any more") {
		t.Errorf("answered %d, told %q", w.answered, got)
	}
}

func TestStartersAreToldApart(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ by, trigger, want string }{
		"the root user":        {"arn:aws:iam::111122223333:root", "StartPipelineExecution", "started by the root user of 111122223333,"},
		"a role session":       {"arn:aws:sts::111122223333:assumed-role/deploy/botocore-session-1700000000", "StartPipelineExecution", "started by the role deploy,"},
		"a session by name":    {"arn:aws:sts::111122223333:assumed-role/deploy/dana", "StartPipelineExecution", "started"},
		"herself":              {"arn:aws:iam::111122223333:user/dana", "StartPipelineExecution", "You started this execution."},
		"a rule":               {"arn:aws:events:eu-west-1:111122223333:rule/nightly", "CloudWatchEvent", ""},
		"a connection":         {"arn:aws:codeconnections:eu-west-1:111122223333:connection/1", "WebhookV2", ""},
		"nobody knows":         {"", "StartPipelineExecution", "started by StartPipelineExecution,"},
		"mark-up":              {"<!channel> </script>", "ManualRollback", "started by <!channel> </script>,"},
		"something unheard of": {"", "", "started by somebody whom CodePipeline does not name,"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.waiting.StartedBy, w.waiting.Trigger = tt.by, tt.trigger
			if _, err := w.asker().Started(t.Context(), action); err != nil {
				t.Fatal(err)
			}
			if err := w.decider().Vote(t.Context(), click(w.only(t), dana, approval.Approve, "")); err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if w.answered != 1 {
					t.Errorf("a release that %s started cannot be approved: %q", name, w.told)
				}
			} else if got := w.toldOnce(t); w.answered != 0 || !strings.Contains(got, tt.want) {
				t.Errorf("answered %d, told %q; want %q", w.answered, got, tt.want)
			}
		})
	}
}

func TestLookAlikesOfAnApproverKeepThemOut(t *testing.T) {
	t.Parallel()
	for _, a := range []release.Author{
		{Email: "DANA@example.com"}, {Email: "d\u0430na@ex\u0430mple.com"}, {Email: "dana+work@example.com"}, {Name: "D\u0430na Wh\u0456tf\u0456eld"},
		{Name: "Dana\u200b Whitfield"}, {Name: "\uff24\uff41\uff4e\uff41 Whitfield"}, {Name: "Dána Whitfield"}, {Login: "dana"}, {Name: "x", Email: "dana@example.com."},
	} {
		w := newWorld()
		w.changes.Authors = []release.Author{a}
		if _, err := w.asker().Started(t.Context(), action); err != nil {
			t.Fatal(err)
		}
		if err := w.decider().Vote(t.Context(), click(w.only(t), dana, approval.Approve, "")); err != nil {
			t.Fatal(err)
		}
		if w.answered != 0 || len(w.told) != 1 || !strings.HasPrefix(w.toldOnce(t), "You wrote a change in this release.") {
			t.Errorf("%+v: answered %d, told %q", a, w.answered, w.told)
		}
	}
}

// maxItem is well below the 400 KB of an item in DynamoDB.
const maxItem = 350_000

// TestTheLargestRequestFitsIntoTheTable fills every list with the longest texts
// there are, of characters that JSON writes longest.
func TestTheLargestRequestFitsIntoTheTable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<!channel></script>&", "\x01\u2028"} {
		long := func(n int) string { return string([]rune(strings.Repeat(text, n))[:n]) }
		w := newWorld()
		r := large(w, long)
		if _, err := w.asker().Started(t.Context(), r.Action); err != nil {
			t.Fatal(err)
		}
		r = w.only(t)
		crowd := r.Rule.Quorums[0].People
		for i := range 160 { // each approves and takes it back, again and again
			p := crowd[i/2%len(crowd)]
			if i >= 120 {
				p = crowd[i%len(crowd)] // in the end they stand
			}
			b := click(r, p, []approval.Verdict{approval.Approve, approval.Withdraw}[i%2], long(approval.MaxReason))
			if i >= 120 {
				b.Verdict = approval.Approve
			}
			b.ID = fmt.Sprintf("%064d", i)
			if err := w.decider().Vote(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		r = w.only(t)
		raw, err := json.Marshal(r)
		if err != nil || len(raw) > maxItem {
			t.Errorf("%.5q: the request takes %d bytes (%v), want at most %d", text, len(raw), err, maxItem)
		}
		t.Logf("%.5q: %d bytes, %d votes, %d of them standing", text, len(raw), len(r.Votes), len(standing(r)))
		if err := w.decider().Vote(t.Context(), click(r, crowd[0], approval.Reject, "enough")); err != nil || w.only(t).State != approval.Rejected {
			t.Errorf("a request that is full cannot be rejected: %v, %s", err, w.only(t).State)
		}
	}
}

// large makes the approval that waits in w as large as CodePipeline and the
// configuration allow, with 500 commits, 20 approvers and three rules on trial.
func large(w *world, long func(int) string) approval.Request {
	var h release.History
	for i := range 500 {
		h.Earlier = append(h.Earlier, release.Execution{ID: fmt.Sprint(i), Status: "Superseded", Began: opened, Revisions: []release.Revision{{
			Source: "Code", ID: fmt.Sprintf("%040d", i), Message: fmt.Sprintf("WEB-%d %s", i, long(2000)), Author: long(100) + fmt.Sprint(i), Email: fmt.Sprintf("%d@example.com", i),
		}}})
	}
	w.changes = release.Collect(h).Bounded()
	w.waiting.CustomData, w.waiting.ReviewURL = long(1000), "https://example.com/"+long(1900)
	for range 10 {
		w.waiting.Revisions = append(w.waiting.Revisions, approval.Revision{Source: long(100), ID: long(200), Summary: long(200), Author: long(100), URL: long(200)})
	}
	rule := rules[0]
	rule.Quorums = []approval.Quorum{{Name: "Web", Need: 21}}
	for i := range 20 {
		p := people.Person{ID: fmt.Sprint("p", i), Name: "Person With A Name", Email: fmt.Sprintf("%d@example.com", i), Slack: fmt.Sprint("U0", i)}
		rule.Quorums[0].People = append(rule.Quorums[0].People, p)
		w.users[p.Slack] = approval.SlackUser{}
	}
	w.book.Policies = approval.Policies{rule}
	for i := range 3 {
		rule.Name, rule.Shadow = fmt.Sprint("trial ", i), true
		w.book.Policies = append(w.book.Policies, rule)
	}
	return approval.Request{Waiting: *w.waiting}
}
