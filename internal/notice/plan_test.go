package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

var teller = notice.Teller{People: people.Directory{Members: []people.Member{
	{Person: dana, Git: []string{"dwhitfield"}},
	{Person: people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"}},
}}.Index()}

var card = notice.Delivery{Channel: "C0RELEASES", Mode: notice.Card, Mention: notice.Mention{Approval: []string{"S0APPROVERS"}}}

func action(name, category string, state notice.State) notice.Action {
	return notice.Action{Name: name, Category: category, State: state, Attempt: 1, Began: noon, Ended: noon.Add(time.Minute)}
}

func stage(name string, state notice.State, actions ...notice.Action) notice.Stage {
	if state == "" {
		return notice.Stage{Name: name, Actions: []notice.Action{{Name: actions[0].Name, Category: actions[0].Category}}}
	}
	return notice.Stage{Name: name, State: state, Attempt: 1, Began: noon, Ended: noon.Add(time.Minute), Actions: actions}
}

// train is a release of web-shop with the given states of Build, Approval and
// Production, by Dana.
func train(state, build, approval, production notice.State) notice.Release {
	return notice.Release{
		Pipeline: "web-shop", Execution: "e1", State: state, Attempt: 1, Began: noon, Ended: noon.Add(5 * time.Minute), Usual: 20 * time.Minute,
		Revisions: []notice.Revision{{ID: "0123456789", Subject: "Add refunds", Author: "dwhitfield", Branch: "main"}},
		Authors:   []release.Author{{Name: "dwhitfield", Email: "1+dwhitfield@users.noreply.github.com"}},
		Stages: []notice.Stage{
			stage("Source", "SUCCEEDED", action("Source", "Source", "SUCCEEDED")),
			stage("Build", build, action("Build", "Build", build)),
			stage("Approval", approval, action("Approve", "Approval", approval)),
			stage("Production", production, action("Deploy", "Deploy", production)),
		},
	}
}

// line is a reply for comparison: key, !: broadcast, @: who is called.
func line(reply notice.Reply) string {
	text := reply.Key
	if strings.HasPrefix(text, string(notice.Succeeded)) {
		text += " as " + string(reply.Kind)
	}
	if reply.Broadcast {
		text += " !"
	}
	for _, w := range reply.Mention {
		text += " @" + w.Person.ID + w.Group
	}
	return text
}

func lines(p notice.Plan) []string {
	all := []string{}
	for _, r := range p.Replies {
		all = append(all, line(r))
	}
	for _, h := range p.Held {
		all = append(all, "held "+h.Key)
	}
	return all
}

func TestThreadSaysWhatMattersNow(t *testing.T) {
	t.Parallel()
	with := func(r notice.Release, change func(*notice.Release)) notice.Release { change(&r); return r }
	const ok, run, no = notice.StateSucceeded, notice.StateStarted, notice.StateFailed
	tests := []struct {
		name    string
		release notice.Release
		said    string
		want    []string
	}{
		{"began", train(run, "", "", ""), "", nil},
		{"built", train(run, ok, "", ""), "", []string{"stage_succeeded/1/Build"}},
		{"waits", train(run, ok, run, ""), "", []string{"stage_succeeded/1/Build", "approval/1/Approval/Approve ! @S0APPROVERS"}},
		{"approved while nobody looked", train(run, ok, ok, run), "", []string{"stage_succeeded/1/Approval"}},
		{"rejected", train(no, ok, no, ""), "", []string{"rejected/1/Approval/Approve @dana"}},
		{"failed", train(no, ok, ok, no), "", []string{"failed/1/Production/Deploy ! @dana"}},
		{"released", train(ok, ok, ok, ok), "", []string{"succeeded/1 as succeeded"}},
		{"fixed by a retry", train(ok, ok, ok, ok), "failed/1/Production/Deploy", []string{"succeeded/1 as fixed !"}},
		{"fixed by a change", with(train(ok, ok, ok, ok), func(r *notice.Release) { r.Before = no }), "", []string{"succeeded/1 as fixed !"}},
		{"learned afterwards", with(train(ok, ok, ok, ok), func(r *notice.Release) { r.Before = no }), "succeeded/1", nil},
		{"rolled back", with(train(ok, ok, ok, ok), func(r *notice.Release) { r.RollsBackTo = "e0" }), "", []string{"succeeded/1 as rolled_back !"}},
		{"superseded", train(notice.StateSuperseded, ok, "", ""), "", []string{"superseded/1"}},
		{"stopped", train(notice.StateStopped, ok, notice.StateAbandoned, ""), "", []string{"stopped/1"}},
		{"stopping", train(notice.StateStopping, ok, run, ""), "", nil},
		{"failed, and nothing below is known", notice.Release{State: no}, "", []string{"failed/1// !"}},
		{"then the action is known", train(no, ok, ok, no), "failed/1//", []string{"failed/1/Production/Deploy"}},
		{"a state of later years", train("PAUSED", ok, "", ""), "", []string{"stage_succeeded/1/Build"}},
		{"failed in two ways at once", with(train(no, ok, ok, no), func(r *notice.Release) {
			r.Stages[2].State, r.Stages[2].Actions[0].State = no, no
		}), "", []string{"rejected/1/Approval/Approve @dana", "failed/1/Production/Deploy ! @dana"}},
		{"a condition failed, no action", with(train(no, no, "", ""), func(r *notice.Release) { r.Stages[1].Actions[0].State = ok }), "", []string{"failed/1/Build/ ! @dana"}},
		{"another try", with(train(run, ok, ok, run), func(r *notice.Release) {
			r.Stages[3].Attempt, r.Stages[3].Actions[0].Attempt, r.Stages[3].Retried = 2, 2, true
		}),
			"failed/1/Production/Deploy stage_succeeded/1/Approval", []string{"stage_started/2/Production"}},
		{"entered after a retry of another", with(train(run, ok, ok, run), func(r *notice.Release) { r.Stages[3].Attempt = 2 }), "stage_succeeded/1/Approval", nil},
		{"and failed again", with(train(no, ok, ok, no), func(r *notice.Release) { r.Stages[3].Attempt, r.Stages[3].Actions[0].Attempt = 2, 2 }),
			"failed/1/Production/Deploy", []string{"failed/2/Production/Deploy ! @dana"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			said := notice.Said{notice.CardKey: true}
			for _, key := range strings.Fields(tt.said) {
				said[key] = true
			}
			got := teller.Plan(tt.release, card, said, noon.Add(6*time.Minute))
			if tt.want == nil {
				tt.want = []string{}
			}
			if diff := cmp.Diff(tt.want, lines(got)); diff != "" || got.Card != notice.EditCard {
				t.Errorf("card %q, replies (-want +got):\n%s", got.Card, diff)
			}
		})
	}
}

func TestManyFailuresAreLoudOnceAndToldInPart(t *testing.T) {
	t.Parallel()
	r := train(notice.StateFailed, notice.StateFailed, "", "")
	r.Stages[1].Actions = nil
	for range 20 {
		name := strings.Repeat("x", len(r.Stages[1].Actions)+1)
		r.Stages[1].Actions = append(r.Stages[1].Actions, action(name, "Build", notice.StateFailed))
	}
	p := teller.Plan(r, card, nil, noon)
	if len(p.Replies) != 5 || !p.Replies[0].Broadcast || len(p.Replies[0].Mention) != 1 {
		t.Fatalf("%d replies, want five, the first of them loud: %q", len(p.Replies), lines(p))
	}
	for _, reply := range p.Replies[1:] {
		if reply.Broadcast || len(reply.Mention) > 0 {
			t.Errorf("%s is loud again", reply.Key)
		}
	}
}

func TestModesDecideWhatIsPosted(t *testing.T) {
	t.Parallel()
	failed := train(notice.StateFailed, notice.StateSucceeded, notice.StateSucceeded, notice.StateFailed)
	waits := train(notice.StateStarted, notice.StateSucceeded, notice.StateStarted, "")
	tests := []struct {
		name     string
		delivery notice.Delivery
		release  notice.Release
		posted   bool
		card     notice.CardStep
		kinds    string
	}{
		{"no mode is a card", notice.Delivery{Channel: "C0RELEASES"}, waits, false, notice.PostCard, "stage_succeeded approval"},
		{"a card that is there", notice.Delivery{Channel: "C0RELEASES", Mode: notice.Card}, failed, true, notice.EditCard, "failed"},
		{"posts", notice.Delivery{Channel: "C0RELEASES", Mode: notice.Post}, waits, false, notice.NoCard, "approval"},
		{"update-only without a card", notice.Delivery{Channel: "C0RELEASES", Mode: notice.UpdateOnly}, failed, false, notice.NoCard, ""},
		{"a card that no route leads to", notice.Keep("C0RELEASES"), failed, true, notice.EditCard, ""},
		{"off", notice.Delivery{Channel: "C0RELEASES", Mode: notice.Off}, failed, true, notice.NoCard, ""},
		{"a sink hears all", notice.Delivery{Sink: "hook", Mode: notice.Post}, waits, false, notice.NoCard, "started stage_succeeded approval"},
		{"a sink for failures", notice.Delivery{Sink: "mail", Mode: notice.Post, Say: []notice.Kind{notice.Failed}}, waits, false, notice.NoCard, ""},
		{"an author who wants failures", notice.Delivery{Person: dana, Direct: notice.DirectFailure, Mode: notice.Post}, waits, false, notice.NoCard, ""},
		{"an author who wants all", notice.Delivery{Person: dana, Direct: notice.DirectAll, Mode: notice.Post}, waits, false, notice.NoCard, "approval"},
		{"an author's failure", notice.Delivery{Person: dana, Direct: notice.DirectFailure, Mode: notice.Post}, failed, false, notice.NoCard, "failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := teller.Plan(tt.release, tt.delivery, notice.Said{notice.CardKey: tt.posted}, noon)
			var kinds []string
			for _, r := range p.Replies {
				kinds = append(kinds, string(r.Kind))
			}
			if got := strings.Join(kinds, " "); p.Card != tt.card || got != tt.kinds {
				t.Errorf("card %q, says %q; want %q, %q", p.Card, got, tt.card, tt.kinds)
			}
		})
	}
}

func TestSubjectIsWhatRoutesMatch(t *testing.T) {
	t.Parallel()
	const ok, run, no = notice.StateSucceeded, notice.StateStarted, notice.StateFailed
	tests := []struct {
		release notice.Release
		stage   string
	}{
		{train(run, run, "", ""), "Build"}, {train(run, ok, "", ""), "Build"}, {train(run, ok, run, ""), "Approval"},
		{train(ok, ok, ok, ok), "Production"}, {train(no, no, ok, ok), "Build"}, {notice.Release{}, ""},
	}
	for _, tt := range tests {
		s := teller.Subject(tt.release)
		if s.Stage != tt.stage || s.State != tt.release.State || s.Pipeline != tt.release.Pipeline || len(s.Authors) != len(tt.release.Authors) {
			t.Errorf("subject %+v, want stage %q", s, tt.stage)
		}
	}
}

func TestThreadOfManyRetriesFallsSilent(t *testing.T) {
	t.Parallel()
	said := notice.Said{notice.CardKey: true}
	r := train(notice.StateFailed, notice.StateFailed, "", "")
	for attempt := range 10_000 {
		r.Attempt, r.Stages[1].Attempt, r.Stages[1].Actions[0].Attempt = attempt+1, attempt+1, attempt+1
		for _, reply := range teller.Plan(r, card, said, noon).Replies {
			said[reply.Key] = true
		}
	}
	if p := teller.Plan(r, card, said, noon); len(said) != 300 || p.Card != notice.EditCard {
		t.Errorf("%d keys are kept, card %q; want 300, and a card that stays true", len(said), p.Card)
	}
}
