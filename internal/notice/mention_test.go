package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

func TestOnlyThoseWhoMustActAreCalled(t *testing.T) {
	t.Parallel()
	const ok, run, no = notice.StateSucceeded, notice.StateStarted, notice.StateFailed
	failed, released, waits := train(no, ok, ok, no), train(ok, ok, ok, ok), train(run, ok, run, "")
	back, stranger, twice := released, train(no, ok, ok, no), train(no, ok, ok, no)
	back.RollsBackTo = "e0"
	stranger.Authors = []release.Author{{Name: "Sam Stranger", Email: "sam@example.com"}, {Name: "Lee Okafor", Committer: true}}
	twice.Authors = append(twice.Authors, release.Author{Name: "x", Login: "lee"}, release.Author{Email: "dana@example.com"})
	mention := func(failure, approval string) notice.Mention {
		m := notice.Mention{Approval: strings.Fields(approval)}
		if failure != "" {
			m.Failure = strings.Fields(strings.Trim(failure, "-"))
		}
		return m
	}
	tests := []struct {
		name    string
		release notice.Release
		mention notice.Mention
		want    string
	}{
		{"authors, unless something else is said", failed, mention("", ""), "@dana"},
		{"nobody, if that is said", failed, mention("-", ""), ""},
		{"a group and a person", failed, mention("S0ONCALL lee authors lee", ""), "@S0ONCALL @lee @dana"},
		{"an author who is not known", stranger, mention("", ""), ""},
		{"each author once", twice, mention("", ""), "@dana @lee"},
		{"what is no name calls nobody", failed, mention("<!channel> S<!here>", ""), ""},
		{"approvers on approval", waits, mention("", "S0APPROVERS"), "@S0APPROVERS"},
		{"nobody on approval, unless something is said", waits, mention("", ""), ""},
		{"nobody on success", released, mention("authors lee", "S0APPROVERS"), ""},
		{"no authors after a roll-back", back, mention("authors S0ONCALL", ""), "@S0ONCALL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := notice.Delivery{Channel: "C0RELEASES", Mention: tt.mention}
			var called []string
			for _, reply := range teller.Plan(tt.release, d, nil, noon).Replies {
				for _, w := range reply.Mention {
					called = append(called, "@"+w.Person.ID+w.Group)
				}
			}
			if got := strings.Join(called, " "); got != tt.want {
				t.Errorf("calls %q, want %q", got, tt.want)
			}
			blind := notice.Teller{}.Plan(tt.release, d, nil, noon)
			if len(blind.Replies) == 0 {
				t.Error("without a directory it says nothing")
			}
		})
	}
}

func TestParallelApprovalsCallTheGroupOnce(t *testing.T) {
	t.Parallel()
	r := train(notice.StateStarted, notice.StateSucceeded, notice.StateStarted, "")
	r.Stages[2].Actions = append(r.Stages[2].Actions, action("Legal", "Approval", notice.StateStarted))
	want := []string{"stage_succeeded/1/Build", "approval/1/Approval/Approve ! @S0APPROVERS", "approval/1/Approval/Legal"}
	if diff := cmp.Diff(want, lines(teller.Plan(r, card, nil, noon))); diff != "" {
		t.Errorf("says (-want +got):\n%s", diff)
	}
}

func TestOncePerKeyIsTheSameForWhatAgrees(t *testing.T) {
	t.Parallel()
	d := card
	d.OncePer = []notice.Field{notice.ByPipeline, notice.ByBranch, notice.ByDay}
	d.Quiet = &notice.Quiet{Hours: nights}
	once := func(change func(*notice.Release)) string {
		r := train(notice.StateFailed, notice.StateFailed, "", "")
		change(&r)
		p := teller.Plan(r, d, nil, noon)
		if len(p.Replies) != 1 || p.Replies[0].Once == "" {
			t.Fatalf("plan %+v has no key", p)
		}
		return p.Replies[0].Once
	}
	first := once(func(*notice.Release) {})
	if other := once(func(r *notice.Release) { r.Execution = "e2"; r.Stages[1].Actions[0].Name = "B2" }); other != first {
		t.Errorf("keys %q and %q, want the same for another execution", first, other)
	}
	for name, change := range map[string]func(*notice.Release){
		"branch":   func(r *notice.Release) { r.Revisions[0].Branch = "a/b" },
		"pipeline": func(r *notice.Release) { r.Pipeline = "x" },
		"day":      func(r *notice.Release) { r.Stages[1].Actions[0].Ended = noon.Add(11*time.Hour + time.Minute) }, // midnight in Berlin
	} {
		if other := once(change); other == first {
			t.Errorf("another %s has the same key %q", name, other)
		}
	}
	r := train(notice.StateFailed, notice.StateFailed, "", "")
	p := teller.Plan(r, d, notice.Said{first: true}, noon)
	if got := lines(p); len(got) != 1 || got[0] != "failed/1/Build/Build" {
		t.Errorf("what was loud before says %q, want it without noise", got)
	}
}

// The approval has a card of its own in the channel.
func TestApprovalThatCallsNobodyStaysInTheThread(t *testing.T) {
	t.Parallel()
	d := notice.Delivery{Channel: "C0RELEASES", Mode: notice.Card}
	plan := teller.Plan(train("STARTED", "SUCCEEDED", "STARTED", ""), d, notice.Said{notice.CardKey: true}, noon)
	for _, reply := range plan.Replies {
		if reply.Kind == notice.Approval && reply.Broadcast {
			t.Errorf("%s is broadcast", reply.Key)
		}
	}
	if len(plan.Replies) == 0 {
		t.Error("nothing is said")
	}
}
