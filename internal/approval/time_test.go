package approval_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/people"
)

// under is a world whose one rule has been changed, and the request open in it.
func under(t *testing.T, change func(*approval.Rule)) (*world, approval.Request) {
	t.Helper()
	w := newWorld()
	rule := rules[0]
	rule.Quorums = slices.Clone(rule.Quorums)
	change(&rule)
	w.book.Policies = approval.Policies{rule}
	if _, err := w.asker().Started(t.Context(), action); err != nil {
		t.Fatalf("Started: %v", err)
	}
	w.effects = 0
	return w, w.only(t)
}

// ring lets every alarm ring that is set for now or before.
func (w *world) ring(t *testing.T) {
	t.Helper()
	for name, at := range w.alarms {
		if at.After(w.now) {
			continue
		}
		delete(w.alarms, name)
		for id := range w.requests {
			if !strings.HasPrefix(name, id) {
				continue
			}
			if err := w.gate().AlarmRang(t.Context(), event.AlarmRang{Meta: event.Meta{Time: at}, Request: id}); err != nil {
				t.Fatalf("AlarmRang: %v", err)
			}
		}
	}
}

// night is open from 20:00 to 23:00 UTC.
var night = calendar.Timetable{Zone: "UTC", Windows: []calendar.Window{{
	Days: []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun}, From: "20:00", To: "23:00",
}}}

func TestAHeldReleaseStartsWhenItsHoursBegin(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Hours = night })
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	r = w.only(t)
	eight := time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC)
	if r.State != approval.Held || !r.HeldUntil.Equal(eight) || w.answered != 0 || len(w.alarms) != 1 {
		t.Fatalf("request %s until %s, answered %d, alarms %v; want it held until eight", r.State, r.HeldUntil, w.answered, w.alarms)
	}
	if got := r.Waits(); !strings.Contains(got, "It starts Tue 10 Mar 20:00 (UTC)") {
		t.Errorf("Waits = %q", got)
	}
	w.now = eight.Add(-time.Second) // our clock is behind the scheduler's
	if err := w.gate().AlarmRang(t.Context(), event.AlarmRang{Meta: event.Meta{Time: eight}, Request: r.ID}); err != nil {
		t.Fatal(err)
	}
	if r = w.only(t); r.State != approval.Approved || r.Applied == nil || w.answered != 1 || !r.Settled {
		t.Errorf("at eight: %s applied %v settled %v, answered %d", r.State, r.Applied, r.Settled, w.answered)
	}
}

func TestAHeldReleaseCanStillBeStopped(t *testing.T) {
	t.Parallel()
	for _, verdict := range []approval.Verdict{approval.Reject, approval.Withdraw} {
		w, r := under(t, func(rule *approval.Rule) { rule.Hours = night })
		for _, v := range []approval.Verdict{approval.Approve, verdict} {
			if err := w.decider().Vote(t.Context(), click(r, dana, v, "because")); err != nil {
				t.Fatal(err)
			}
		}
		w.now = time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC)
		w.ring(t)
		want := map[approval.Verdict]approval.State{approval.Reject: approval.Rejected, approval.Withdraw: approval.Pending}[verdict]
		if got := w.only(t).State; got != want || w.ending != nil && w.ending.How == approval.EndedApproved {
			t.Errorf("after %s: %s, CodePipeline %+v; want %s", verdict, got, w.ending, want)
		}
		if len(w.alarms) != 0 {
			t.Errorf("after %s an alarm is left: %v", verdict, w.alarms)
		}
	}
}

func TestARuleMayRefuseOutsideOfItsHours(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Hours, rule.RefuseOutside = night, true })
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if w.only(t).State != approval.Pending || len(w.told) != 1 || !strings.Contains(w.told[0], "start only every day 20:00–23:00 UTC") {
		t.Errorf("request %s, told %q", w.only(t).State, w.told)
	}
}

func TestAFreezeHoldsAndAnEndedOneReleases(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(*approval.Rule) {})
	w.book.Freezes = []approval.Freeze{{Name: "year end", From: opened.Add(-time.Hour), Reason: "audit"}}
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if r = w.only(t); r.State != approval.Held || !r.HeldUntil.IsZero() || !strings.Contains(r.Waits(), "Frozen: year end, audit. No end is set.") {
		t.Fatalf("request %s: %q", r.State, r.Waits())
	}
	w.now = w.now.Add(30 * time.Minute)
	w.book.Freezes = nil // taken out of the configuration
	if err := w.gate().ReconcileDue(t.Context(), event.ReconcileDue{}); err != nil {
		t.Fatal(err)
	}
	if r = w.only(t); r.State != approval.Approved || w.answered != 1 {
		t.Errorf("after the freeze: %s, answered %d", r.State, w.answered)
	}
}

func TestTimeRunsOutUnderTheRule(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) {
		rule.Remind, rule.Expire = []time.Duration{time.Hour, 2 * time.Hour}, 4*time.Hour
		rule.Escalate = []approval.Escalation{{After: 3 * time.Hour, To: []people.Person{marco}, For: "Web"}}
	})
	for range 5 {
		w.now = w.now.Add(time.Hour)
		w.ring(t)
	}
	var said []approval.AnnouncementKind
	for _, a := range w.said {
		said = append(said, a.Kind)
	}
	want := []approval.AnnouncementKind{approval.Reminding, approval.Reminding, approval.Escalating, approval.TimedOut}
	if strings.Join(kindsOf(said), " ") != strings.Join(kindsOf(want), " ") {
		t.Errorf("announced %v, want %v", said, want)
	}
	r = w.only(t)
	if r.State != approval.Rejected || r.Applied == nil || w.ending.Summary != "Rejected by Signalbox: Not enough approvals within 4 hours." {
		t.Errorf("request %s, CodePipeline %+v", r.State, w.ending)
	}
	if _, ok := people.ByID(r.Approvers, marco.ID); !ok {
		t.Error("the escalation brought nobody in")
	}
	if len(w.alarms) != 0 || !r.Settled {
		t.Errorf("alarms %v are left, settled %v", w.alarms, r.Settled)
	}
}

func kindsOf(all []approval.AnnouncementKind) []string {
	var out []string
	for _, k := range all {
		out = append(out, string(k))
	}
	return out
}

func TestBreakingTheGlassPagesAndIsMarkedEverywhere(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) {
		rule.Quorums[0].Need, rule.BreakGlass, rule.Hours = 2, []people.Person{marco}, night
	})
	w.users[marco.Slack] = approval.SlackUser{}
	if err := w.decider().Vote(t.Context(), click(r, marco, approval.Override, "production is down")); err != nil {
		t.Fatal(err)
	}
	r = w.only(t)
	if r.State != approval.Approved || !r.Vote.Override || len(w.pages) != 1 || len(w.said) != 1 {
		t.Errorf("request %s, pages %v, said %v", r.State, w.pages, w.said)
	}
	if got := w.ending.Summary; got != "Approved by breaking the glass, by Marco Silva via Slack: production is down" {
		t.Errorf("CodePipeline was told %q", got)
	}
}

func TestAPolicyThatChangesMeanwhileIsNotApplied(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	rule := rules[0]
	rule.Quorums = []approval.Quorum{circle("Web", 1, marco)}
	w.book.Policies = approval.Policies{rule}
	w.users[marco.Slack] = approval.SlackUser{}
	if err := w.decider().Vote(t.Context(), click(r, marco, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if len(w.told) != 1 || !strings.Contains(w.told[0], "The rule has changed since this request was opened") {
		t.Errorf("told %q", w.told)
	}
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil || w.answered != 1 {
		t.Errorf("the rule it was opened with no longer counts: %v, answered %d", err, w.answered)
	}
}
