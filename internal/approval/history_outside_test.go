package approval_test

import (
	"context"
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
