package approval_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
)

func TestVoteTellsThePipelineOnce(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	b := click(r, dana, approval.Approve, "")
	for range 3 {
		if err := w.decider().Vote(t.Context(), b); err != nil {
			t.Fatalf("Vote: %v", err)
		}
	}
	r = w.only(t)
	if w.answered != 1 || r.State != approval.Approved || r.Applied == nil || w.votes() != 1 {
		t.Errorf("answered %d times, request %s applied %v, %d audit entries; want one of each", w.answered, r.State, r.Applied, w.votes())
	}
	if len(w.told) != 0 {
		t.Errorf("told %q; a repeated delivery needs no answer", w.told)
	}
	if shown := w.shown(r.Cards[0]); shown.Applied == nil {
		t.Errorf("the card shows %+v, want the applied outcome", shown)
	}
}

func TestVoteFinishesAfterAFailureAtEachEffect(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for k := 1; ; k++ {
			w, r := asked(t)
			w.failAt, w.after = k, after
			b := click(r, dana, approval.Approve, "")
			if err := w.decider().Vote(t.Context(), b); err == nil {
				break
			}
			w.failAt = 0
			if err := w.decider().Vote(t.Context(), b); err != nil {
				t.Fatalf("effect %d, after %v: again: %v", k, after, err)
			}
			r = w.only(t)
			if w.answered != 1 || r.Applied == nil || r.State != approval.Approved || w.votes() != 1 {
				t.Errorf("effect %d, after %v: answered %d, request %s applied %v, audit %d", k, after, w.answered, r.State, r.Applied, w.votes())
			}
			if w.shown(r.Cards[0]).Applied == nil || len(w.told) != 0 {
				t.Errorf("effect %d, after %v: the card is stale, or the voter was told %q", k, after, w.told)
			}
		}
	}
}

func TestTheEventOfTheEndFinishesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.failAt, w.after = 3, true // voter, vote, resolve: the reply is lost
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err == nil {
		t.Fatal("the fault did not show")
	}
	if err := w.decider().Ended(t.Context(), action); err != nil {
		t.Fatal(err)
	}
	if r = w.only(t); r.State != approval.Approved || r.Applied == nil || w.answered != 1 {
		t.Errorf("request %s applied %v, answered %d; want our own answer recognised", r.State, r.Applied, w.answered)
	}
}

func TestTwoInTheSameInstantOneWinsTheOtherIsTold(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	d := w.decider()
	d.Store = &racing{world: w, then: func() {
		if err := w.decider().Vote(t.Context(), click(r, lee, approval.Reject, "broken")); err != nil {
			t.Errorf("the other vote: %v", err)
		}
	}}
	if err := d.Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	r = w.only(t)
	if r.State != approval.Rejected || w.answered != 1 || w.votes() != 1 {
		t.Errorf("request %s, answered %d, audit %d; want lee's answer alone", r.State, w.answered, w.votes())
	}
	if len(w.told) != 1 || !strings.HasPrefix(w.told[0], dana.Slack+": Lee Okafor rejected this") || !strings.Contains(w.told[0], "broken") {
		t.Errorf("told %q, want dana to learn of lee's answer", w.told)
	}
}

// racing lets another vote in between the reading and the saving.
type racing struct {
	*world
	then func()
}

func (r *racing) SaveRequest(ctx context.Context, req approval.Request, trail ...audit.Entry) error {
	if then := r.then; then != nil {
		r.then = nil
		then()
	}
	return r.world.SaveRequest(ctx, req, trail...)
}

func TestVoteRefusals(t *testing.T) {
	t.Parallel()
	stranger := people.Person{ID: "sam", Slack: "U0SAM"}
	tests := []struct {
		name string
		who  people.Person
		user *approval.SlackUser
		want string
	}{
		{"a stranger", stranger, &approval.SlackUser{}, "You are not an approver"},
		{"nobody at all", people.Person{}, &approval.SlackUser{}, "You are not an approver"},
		{"a guest", dana, &approval.SlackUser{Guest: true}, "Guest accounts"},
		{"a bot", dana, &approval.SlackUser{Bot: true}, "Bots"},
		{"somebody deactivated", dana, &approval.SlackUser{Deleted: true}, "deactivated"},
		{"a member of another workspace", dana, &approval.SlackUser{Foreign: true}, "other workspaces"},
		{"an account that Slack does not know", dana, nil, "does not know"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, r := asked(t)
			delete(w.users, tt.who.Slack)
			if tt.user != nil {
				w.users[tt.who.Slack] = *tt.user
			}
			if err := w.decider().Vote(t.Context(), click(r, tt.who, approval.Approve, "")); err != nil {
				t.Fatalf("Vote: %v; a refusal is no error", err)
			}
			if w.answered != 0 || w.only(t).State != approval.Pending || w.votes() != 0 {
				t.Errorf("the vote of %s changed something", tt.name)
			}
			if len(w.told) != 1 || !strings.Contains(w.told[0], tt.want) {
				t.Errorf("told %q, want %q", w.told, tt.want)
			}
		})
	}
}

func TestAMomentsTroubleOfSlackKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	d := w.decider()
	var pauses []time.Duration
	d.Pause = func(_ context.Context, p time.Duration) error {
		pauses = append(pauses, p)
		delete(w.broken, "voter")
		return nil
	}
	w.broken["voter"] = errFault
	if err := d.Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil || w.answered != 1 || len(pauses) != 1 {
		t.Errorf("Vote: %v, answered %d after %v; want the second look-up to do", err, w.answered, pauses)
	}
	w.broken["update"] = errFault
	if err := d.Vote(t.Context(), click(r, lee, approval.Approve, "")); !errors.Is(err, errFault) || len(pauses) != 3 {
		t.Errorf("Vote while Slack is down: %v after %v; want it to give up after two pauses more", err, pauses)
	}
}

func TestAFailedLookUpCountsNothingAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.broken["voter"] = errFault
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); !errors.Is(err, errFault) {
		t.Errorf("Vote while Slack is down: %v, want the fault", err)
	}
	if w.answered != 0 || w.only(t).State != approval.Pending {
		t.Error("a vote counted although nobody could say whose it was")
	}
}

func TestPeopleSeeThatAVoteIsRecordedWhileCodePipelineIsDown(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.broken["resolve"] = errFault
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); !errors.Is(err, errFault) {
		t.Errorf("Vote: %v, want the fault so that it is tried again", err)
	}
	if shown := w.shown(r.Cards[0]); shown.State != approval.Approved || shown.Applied != nil {
		t.Errorf("the card shows %s applied %v, want recorded and not applied", shown.State, shown.Applied)
	}
	delete(w.broken, "resolve")
	// Anybody's click finishes it.
	if err := w.decider().Vote(t.Context(), click(r, lee, approval.Reject, "no")); err != nil {
		t.Fatal(err)
	}
	if r = w.only(t); r.State != approval.Approved || r.Applied == nil || w.answered != 1 {
		t.Errorf("request %s applied %v, want dana's answer applied", r.State, r.Applied)
	}
	if len(w.told) != 1 || !strings.Contains(w.told[0], "Dana Whitfield approved this") {
		t.Errorf("told %q", w.told)
	}
}

func TestEndedElsewhereClosesTheRequest(t *testing.T) {
	t.Parallel()
	for _, how := range []approval.How{
		approval.EndedApproved, approval.EndedRejected, approval.EndedTimedOut,
		approval.EndedAbandoned, approval.EndedCanceled, approval.EndedGone,
	} {
		w, r := asked(t)
		w.ending = &approval.Ending{How: how, Summary: "by hand", By: "arn:aws:iam::1:user/ops", At: w.now}
		for range 2 {
			if err := w.decider().Ended(t.Context(), action); err != nil {
				t.Fatal(err)
			}
		}
		got := w.only(t)
		if got.State != approval.Closed || got.Ending == nil || got.Ending.How != how || w.shown(r.Cards[0]).State != approval.Closed {
			t.Errorf("%s: request %s %+v", how, got.State, got.Ending)
		}
		if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
			t.Fatal(err)
		}
		if len(w.told) != 1 || !strings.Contains(w.told[0], "no longer open") {
			t.Errorf("%s: told %q", how, w.told)
		}
	}
}

func TestAVoteThatLosesToTheConsoleSaysSo(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.ending = &approval.Ending{How: approval.EndedApproved, Summary: "looks fine", By: "arn:aws:iam::1:user/ops", At: w.now}
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if got := w.only(t); got.State != approval.Closed || got.Applied != nil {
		t.Errorf("request %s applied %v; CodePipeline had another answer, want CLOSED", got.State, got.Applied)
	}
}

func TestAnEventOfAnEarlierAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	w, _ := asked(t)
	if err := w.decider().Ended(t.Context(), action); err != nil {
		t.Fatal(err)
	}
	if got := w.only(t); got.State != approval.Pending {
		t.Errorf("request %s, want it to wait on", got.State)
	}
}

func TestABallotAfterTheDeadlineIsTooLate(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.now = r.ExpiresAt
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if len(w.told) != 1 || !strings.Contains(w.told[0], "expired") || w.answered != 0 {
		t.Errorf("told %q, answered %d", w.told, w.answered)
	}
}

func TestABallotForAnUnknownRequestIsAnswered(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	b := click(r, dana, approval.Approve, "")
	b.RequestID = "gone"
	if err := w.decider().Vote(t.Context(), b); err != nil || len(w.told) != 1 || !strings.Contains(w.told[0], "no longer knows") {
		t.Errorf("Vote: %v, told %q", err, w.told)
	}
}

func TestAnUnknownCardIsLearntFromItsClick(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	ghost := approval.Card{Channel: r.Channel, TS: "ghost"}
	w.posted = append(w.posted, ghost)
	b := click(r, dana, approval.Approve, "")
	b.Card = ghost
	if err := w.decider().Vote(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []approval.Card{ghost, r.Cards[0]} {
		if w.shown(c).Applied == nil {
			t.Errorf("card %v was not redrawn", c)
		}
	}
}

func TestACardThatIsGoneIsNoError(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.posted = nil
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil || w.answered != 1 {
		t.Errorf("Vote with its card deleted: %v, answered %d", err, w.answered)
	}
}

func TestVoteCallsAreFew(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.now = w.now.Add(time.Minute)
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	// Slack: who is it; store: the vote; CodePipeline: the answer; store:
	// applied; Slack: the card; store: settled. The read before them is not an
	// effect.
	if w.effects != 6 {
		t.Errorf("a vote took %d effects, want 6", w.effects)
	}
}

// Votes on a request are counted in order: an error would keep all that come
// after it waiting.
func TestVoterWhoCannotBeToldHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.broken["tell"] = errFault
	if err := w.decider().Vote(t.Context(), click(r, marco, approval.Approve, "")); err != nil {
		t.Errorf("Vote of somebody who cannot be told: %v, want no repetition", err)
	}
	if got := w.only(t).State; got != approval.Pending {
		t.Errorf("the request is %s", got)
	}
}
