package approval_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// waiting is the attempt of an action that waits, or nil; any is whether there
// has ever been one.
func (a *arena) waiting(action approval.Action) (found *attempt, ever bool) {
	for _, at := range a.attempts {
		if at.Action == action {
			ever = true
			if at.ending == nil {
				found = at
			}
		}
	}
	return found, ever
}

func (a *arena) Waiting(_ context.Context, action approval.Action) (w approval.Waiting, err error) {
	err = a.effect("waiting", func() error {
		at, ever := a.waiting(action)
		switch {
		case at != nil:
			w = at.Waiting
			return nil
		case ever:
			return approval.ErrNotWaiting
		}
		return approval.ErrTooEarly
	})
	return w, err
}

func (a *arena) Changes(context.Context, approval.Waiting) (release.Changes, error) {
	var c release.Changes
	err := a.effect("changes", func() error {
		if a.unread--; a.unread >= 0 {
			return errFault
		}
		c = a.changes
		return nil
	})
	return c, err
}

func (a *arena) Resolve(_ context.Context, r approval.Request) error {
	return a.effect("resolve", func() error {
		i := slices.IndexFunc(a.attempts, func(at *attempt) bool { return at.Token == r.Token })
		if i < 0 || a.attempts[i].ending != nil {
			return approval.ErrNotWaiting
		}
		at := a.attempts[i]
		at.told++
		a.seen["CodePipeline told "+string(r.State)]++
		a.confirm(r, at)
		how := approval.EndedRejected
		if r.State == approval.Approved {
			how = approval.EndedApproved
		}
		at.ending = &approval.Ending{How: how, Summary: approval.Summary(r), By: "arn:aws:sts::111122223333:assumed-role/signalbox/approval", At: a.now}
		a.tell("  CodePipeline is told %s: %q", how, at.ending.Summary)
		return nil
	})
}

func (a *arena) Ending(_ context.Context, r approval.Request) (e approval.Ending, over bool, err error) {
	err = a.effect("ending", func() error {
		for _, at := range a.attempts {
			if at.ActionExecutionID == r.ActionExecutionID && at.ending != nil {
				e, over = *at.ending, true
			}
		}
		return nil
	})
	return e, over, err
}

// Waits lists one approval at a time, as if there were many.
func (a *arena) Waits(_ context.Context, from string) (actions []approval.Action, next string, err error) {
	err = a.effect("waits", func() error {
		i, _ := strconv.Atoi(from)
		for ; i < len(a.attempts) && len(actions) == 0; i++ {
			if a.attempts[i].ending == nil {
				actions = append(actions, a.attempts[i].Action)
			}
		}
		if i < len(a.attempts) {
			next = strconv.Itoa(i)
		}
		return nil
	})
	return actions, next, err
}

func (a *arena) Post(_ context.Context, r approval.Request, place string) (c approval.Card, err error) {
	err = a.effect("post", func() error {
		if u, ok := accounts[place]; place[0] == 'U' && (!ok || u.Deleted) {
			return approval.ErrNotFound
		}
		c = approval.Card{Channel: place, TS: strconv.Itoa(len(a.cards))}
		if place[0] == 'U' {
			c.Channel = "D" + place
		}
		a.cards = append(a.cards, &shownCard{Card: c, drawn: a.clone(r)})
		a.tell("  card %s is posted to %s", c.TS, place)
		return nil
	})
	return c, err
}

// card finds the message that c names, unless it has been deleted.
func (a *arena) card(c approval.Card) *shownCard {
	for _, s := range a.cards {
		if s.Channel == c.Channel && s.TS == c.TS && !s.deleted {
			return s
		}
	}
	return nil
}

func (a *arena) Update(_ context.Context, r approval.Request, c approval.Card) error {
	return a.effect("update", func() error {
		s := a.card(c)
		if s == nil {
			return approval.ErrNotFound
		}
		s.drawn = a.clone(r)
		a.tell("  card %s shows %s", c.TS, r.State)
		return nil
	})
}

func (a *arena) Announce(_ context.Context, r approval.Request, c approval.Card, what approval.Announcement) error {
	return a.effect("announce", func() error {
		if a.card(c) == nil {
			return approval.ErrNotFound
		}
		late := r.State != approval.Pending && (what.Kind == approval.Reminding || what.Kind == approval.Escalating)
		if late || r.State != approval.Held && what.Kind == approval.Holding {
			a.fail("%s is announced of request %.4s, which is %s", what.Kind, r.ID, r.State)
		}
		a.tell("  announced below card %s: %s", c.TS, what.Kind)
		return nil
	})
}

func (a *arena) Voter(_ context.Context, id string) (u approval.SlackUser, err error) {
	err = a.effect("voter", func() error {
		known, ok := accounts[id]
		if !ok {
			return approval.ErrNotFound
		}
		u = known
		return nil
	})
	return u, err
}

func (a *arena) Members(_ context.Context, group string) (members []string, err error) {
	err = a.effect("members", func() error {
		all, ok := a.groups[group]
		if !ok {
			return approval.ErrNotFound
		}
		members = all
		return nil
	})
	return members, err
}

func (a *arena) Tell(_ context.Context, _ approval.Card, user, text string) error {
	return a.effect("tell", func() error {
		a.tell("  %s reads: %s", user, text)
		if flaw := unreadable(text); flaw != "" {
			a.fail("a voter is told %q, which %s", text, flaw)
		}
		return nil
	})
}

func (a *arena) Confirm(_ context.Context, _ approval.Card, user string, r approval.Request, i approval.Invitation) error {
	return a.effect("confirm", func() error {
		a.secrets = append(a.secrets, i.Code, i.URL)
		a.tell("  %s is given a link", user)
		if !r.Rule.HighRisk {
			a.fail("%s has to confirm what is no high risk", user)
		}
		return nil
	})
}

func (a *arena) Ask(_ context.Context, _ approval.Request, i approval.Invitation) error {
	return a.effect("mail", func() error {
		a.secrets = append(a.secrets, i.Code, i.URL)
		a.tell("  mail to %s", i.To.ID)
		return nil
	})
}

func (a *arena) Page(context.Context, string, string) error {
	return a.effect("page", func() error {
		a.pages++
		return nil
	})
}

func (a *arena) MAC(_ context.Context, message []byte) ([]byte, error) {
	sum := sha256.Sum256(message)
	return sum[:], a.effect("mac", func() error { return nil })
}

func (a *arena) Home(context.Context, string, approval.Overview) error {
	return a.effect("home", func() error { return nil })
}

func (a *arena) List(context.Context, string, approval.Overview) error {
	return a.effect("answer", func() error { return nil })
}

func (a *arena) Why(_ context.Context, _, _ string, found []approval.Standing) error {
	return a.effect("answer", func() error {
		for _, s := range found {
			if flaw := unreadable(approval.Explain(s.Request, s.Yours)); s.Yours != "" && flaw != "" {
				a.fail("the answer %q %s", approval.Explain(s.Request, s.Yours), flaw)
			}
		}
		return nil
	})
}

// clockwork is the scheduler of an arena.
type clockwork struct{ *arena }

func (c clockwork) Set(_ context.Context, request string, at time.Time) error {
	return c.effect("alarm", func() error {
		if !slices.ContainsFunc(c.alarms, func(l *alarm) bool { return !l.rung && l.request == request && l.at.Equal(at) }) {
			c.alarms = append(c.alarms, &alarm{request: request, at: at})
			c.tell("  alarm set for %s", at.Format("02 15:04:05"))
		}
		return nil
	})
}

func (c clockwork) Clear(_ context.Context, request string, at time.Time) error {
	return c.effect("clear", func() error {
		c.alarms = slices.DeleteFunc(c.alarms, func(l *alarm) bool { return !l.rung && l.request == request && l.at.Equal(at) })
		return nil
	})
}

func (a *arena) gate() approval.Gate {
	a.book.Freezes = slices.Clone(a.frozen)
	return approval.Gate{Decider: &approval.Decider{
		Asker: &approval.Asker{
			Keeper: &approval.Keeper{Store: a, Alarms: clockwork{a}, Now: a.clock},
			Source: a, Book: a.book, People: castIndex, Channel: "C0DEFAULT", Cards: a, Clickers: a, Circles: a, Mail: a,
			Inviter: approval.Inviter{Links: a, Signer: a, PublicURL: "https://signalbox.example.com"},
			Pause:   a.pause,
		},
		Pipeline: a, Pager: a,
	}}
}

// pause lets a step try again at once, or never.
func (a *arena) pause(context.Context, time.Duration) error {
	if a.patient && !a.crashed {
		return nil
	}
	return context.DeadlineExceeded
}

// execution is the approval action of one of two executions.
func execution(n int) approval.Action {
	a := action
	a.ExecutionID = fmt.Sprintf("7f2d6c1e-3b54-4c8a-9d0e-%012d", n%2)
	return a
}
