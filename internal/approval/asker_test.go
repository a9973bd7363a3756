package approval_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

func TestStartedAsksEveryoneOnce(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range 3 {
		if _, err := w.asker().Started(t.Context(), action); err != nil {
			t.Fatalf("Started: %v", err)
		}
	}
	r := w.only(t)
	if len(w.posted) != 1 || len(r.Cards) != 1 || r.Channel != "C0RELEASES" {
		t.Errorf("posted %v, recorded %v in %s; want one card in C0RELEASES", w.posted, r.Cards, r.Channel)
	}
	if len(w.mails) != 2 || len(r.Mailed) != 2 || len(w.links) != 2 {
		t.Errorf("sent %d mails with %d links, recorded %v; want one for each of two", len(w.mails), len(w.links), r.Mailed)
	}
	if w.mails[0].Code == w.mails[1].Code || w.mails[0].URL == w.mails[1].URL {
		t.Errorf("two people got the same link or code")
	}
	if !strings.HasPrefix(w.mails[0].URL, "https://signalbox.example.com/approve?t=v1.") {
		t.Errorf("link is %q", w.mails[0].URL)
	}
}

func TestStartedFinishesAfterAFailureAtEachEffect(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for k := 1; ; k++ {
			w := newWorld()
			w.failAt, w.after = k, after
			if _, err := w.asker().Started(t.Context(), action); err == nil {
				break // there is no k-th effect
			}
			// Lambda runs the event again after a minute, in another process.
			w.failAt = 0
			w.now = w.now.Add(time.Minute)
			if _, err := w.asker().Started(t.Context(), action); err != nil {
				t.Fatalf("effect %d, after %v: again: %v", k, after, err)
			}
			r := w.only(t)
			if len(r.Cards) != 1 || len(r.Mailed) != 2 {
				t.Errorf("effect %d, after %v: cards %v, mailed %v; want one card and two people", k, after, r.Cards, r.Mailed)
			}
			for _, m := range w.mails {
				l := w.links[r.ID+approval.PersonKey(m.To.ID)]
				if !l.Accepts(m.Code) {
					t.Errorf("effect %d, after %v: a mail's code does not open its link", k, after)
				}
			}
		}
	}
}

func TestStartedWaitsForTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.early = 3
	if _, err := w.asker().Started(t.Context(), action); err != nil || len(w.posted) != 1 {
		t.Errorf("Started after three early reads: %v, posted %d; want one card", err, len(w.posted))
	}
	w = newWorld()
	w.early = 99
	if _, err := w.asker().Started(t.Context(), action); !errors.Is(err, approval.ErrTooEarly) {
		t.Errorf("Started when the API stays behind: %v, want ErrTooEarly for the event to be retried", err)
	}
	w = newWorld()
	w.early = 99
	k := w.asker()
	k.Pause = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	if _, err := k.Started(t.Context(), action); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Started when time runs out: %v", err)
	}
}

func TestStartedLateIsNoError(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.ending = &approval.Ending{How: approval.EndedApproved}
	if _, err := w.asker().Started(t.Context(), action); err != nil || len(w.requests) != 0 {
		t.Errorf("Started after the end: %v, %d requests; want nothing", err, len(w.requests))
	}
}

func TestStartedWithoutARuleAsksInTheDefaultChannelAndAdmitsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.waiting.Pipeline = "unknown"
	if _, err := w.asker().Started(t.Context(), w.waiting.Action); err != nil {
		t.Fatal(err)
	}
	r := w.only(t)
	if r.Channel != "C0DEFAULT" || r.Policy != "" || len(r.Approvers) != 0 || len(w.mails) != 0 {
		t.Errorf("request %+v with %d mails; want one that nobody may answer", r, len(w.mails))
	}
	_ = w.decider().Vote(t.Context(), click(r, dana, approval.Approve, ""))
	if w.answered != 0 || len(w.told) != 1 || !strings.Contains(w.told[0], "Nobody can answer this here") {
		t.Errorf("answered %d, told %q; want a refusal", w.answered, w.told)
	}
}

func TestStartedWithoutAnyChannelPostsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.waiting.Pipeline = "unknown"
	k := w.asker()
	k.Channel = ""
	if _, err := k.Started(t.Context(), w.waiting.Action); err != nil || len(w.posted) != 0 || len(w.requests) != 1 {
		t.Errorf("Started: %v, posted %d, stored %d; want the request alone", err, len(w.posted), len(w.requests))
	}
}

func TestStartedMailsWhenSlackIsDownAndPostsWhenMailIs(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.broken["post"] = errFault
	if _, err := w.asker().Started(t.Context(), action); !errors.Is(err, errFault) {
		t.Errorf("Started with Slack down: %v, want the fault so that the event is retried", err)
	}
	if r := w.only(t); len(r.Mailed) != 2 {
		t.Errorf("mailed %v while Slack is down, want both", r.Mailed)
	}
	w = newWorld()
	w.broken["mac"] = errFault
	if _, err := w.asker().Started(t.Context(), action); !errors.Is(err, errFault) {
		t.Errorf("Started with KMS denied: %v", err)
	}
	if r := w.only(t); len(r.Cards) != 1 || len(w.links) != 0 {
		t.Errorf("cards %v, links %d while KMS is denied; want the card alone", r.Cards, len(w.links))
	}
}

func TestEventThatIsRetriedAtOnceFindsTheLeaseGivenUp(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"post", "mail"} {
		w := newWorld()
		w.broken[what] = errFault
		if _, err := w.asker().Started(t.Context(), action); !errors.Is(err, errFault) {
			t.Errorf("Started without %s: %v, want the fault so that the event is retried", what, err)
		}
		delete(w.broken, what)
		if _, err := w.asker().Started(t.Context(), action); err != nil {
			t.Fatal(err)
		}
		if r := w.only(t); len(w.posted) != 1 || len(r.Cards) != 1 || len(w.mails) != 2 || len(r.Mailed) != 2 {
			t.Errorf("after a failure of %s: posted %v, mailed %v; want one card and two people", what, w.posted, r.Mailed)
		}
	}
}

func TestEventThatComesAgainWhileItIsHandledAsksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld()
	slow := &slowPost{world: w, meanwhile: func() {
		if _, err := w.asker().Started(t.Context(), action); err != nil {
			t.Errorf("Started meanwhile: %v", err)
		}
	}}
	k := w.asker()
	k.Cards = slow
	if _, err := k.Started(t.Context(), action); err != nil {
		t.Fatal(err)
	}
	if len(w.posted) != 1 || len(w.mails) != 2 {
		t.Errorf("posted %d cards and sent %d mails; want one card and two mails", len(w.posted), len(w.mails))
	}
}

func TestHangingMailsLeaveTimeForTheCardAndTheRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		k := w.asker()
		k.Mail = hangingMail{}
		began := time.Now()
		if _, err := k.Started(t.Context(), action); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Started while SNS hangs: %v, want the event to be retried", err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("Started took %s: the function would have been ended before", took)
		}
		if r := w.only(t); len(w.posted) != 1 || len(r.Cards) != 1 {
			t.Errorf("posted %v, recorded %v; want one card", w.posted, r.Cards)
		}
	})
}

// hangingMail answers nobody until it is given up.
type hangingMail struct{}

func (hangingMail) Ask(ctx context.Context, _ approval.Request, _ approval.Invitation) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestACardThatArrivesAfterTheDecisionIsRedrawn(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	// A second poster was slow: its card is unknown when the vote comes.
	r.Cards = nil
	w.requests[r.ID] = copied(r)
	b := approval.Ballot{ID: "m", RequestID: r.ID, Verdict: approval.Approve, Door: approval.DoorEmail, PersonID: "lee", At: w.now}
	w.now = w.now.Add(time.Minute)
	slow := &slowPost{world: w, meanwhile: func() {
		if err := w.decider().Vote(t.Context(), b); err != nil {
			t.Errorf("Vote: %v", err)
		}
	}}
	k := w.asker()
	k.Cards = slow
	if _, err := k.Started(t.Context(), action); err != nil {
		t.Fatal(err)
	}
	last := w.posted[len(w.posted)-1]
	if got := w.shown(last).State; got != approval.Approved {
		t.Errorf("the late card shows %s, want APPROVED", got)
	}
}

type slowPost struct {
	*world
	meanwhile func()
}

func (s *slowPost) Post(ctx context.Context, r approval.Request, place string) (approval.Card, error) {
	c, err := s.world.Post(ctx, r, place)
	s.meanwhile()
	return c, err
}

func TestGateTakesManualApprovalsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld()
	g := w.gate()
	e := event.ActionChanged{Stage: action.Stage, Action: action.Name, Type: event.ActionType{Owner: "AWS", Category: "Build", Provider: "CodeBuild"}}
	e.Account, e.Region, e.Pipeline, e.ExecutionID, e.State = action.Account, action.Region, action.Pipeline, action.ExecutionID, event.Started
	if err := g.ActionChanged(t.Context(), e); err != nil || len(w.requests) != 0 {
		t.Errorf("a build opened %d requests (%v)", len(w.requests), err)
	}
	e.Type = event.ManualApproval
	if err := g.ActionChanged(t.Context(), e); err != nil || len(w.requests) != 1 {
		t.Errorf("an approval opened %d requests (%v), want 1", len(w.requests), err)
	}
	w.ending = &approval.Ending{How: approval.EndedAbandoned, At: w.now}
	e.State = event.Abandoned
	if err := g.ActionChanged(t.Context(), e); err != nil || w.only(t).State != approval.Closed {
		t.Errorf("an abandoned approval is %s (%v), want CLOSED", w.only(t).State, err)
	}
}
