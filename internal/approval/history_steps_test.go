package approval_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// take lets st happen, with what goes wrong in it.
func (a *arena) take(st step) {
	a.crashed, a.effects, a.fault, a.meanwhile, a.meanwhileAt = false, 0, st.fault, st.meanwhile, st.at
	a.patient = st.z%2 == 0
	faulty, raced := st.fault.kind != "", st.meanwhile != nil
	a.shaky = a.shaky || faulty && raced || st.do == reconciles && (faulty || raced)
	a.perform(st)
	a.crashed, a.fault, a.meanwhile = false, fault0, nil
	a.timeOut()
}

// perform lets st happen. Only steps of their own change what time it is, who
// is in a group, and which policy is in force.
func (a *arena) perform(st step) {
	a.began, a.moment = a.now, a.now
	a.tell("%s", st.do)
	switch st.do {
	case arrives:
		a.arrive(execution(st.x))
		if st.y%4 > 0 {
			a.happened(execution(st.x), event.Started)
		}
	case starts:
		a.happened(execution(st.x), event.Started)
	case ends:
		a.happened(execution(st.x), event.Succeeded)
	case votes:
		a.vote(st)
	case repeats:
		if len(a.ballots) > 0 {
			b := a.ballots[st.x%len(a.ballots)]
			_ = a.owe("vote "+b.ID, func() error { return a.gate().Vote(a.ctx, b) })
		}
	case rings, rungAgain, lost:
		a.alarm(st)
	case reconciles:
		_ = a.gate().ReconcileDue(a.ctx, event.ReconcileDue{Meta: event.Meta{Time: a.now}})
	case outside:
		a.endElsewhere(st)
	case asks:
		q := []approval.Question{approval.Home, approval.List, approval.Why}[st.x%3]
		_ = approval.Clerk{Asker: a.gate().Asker, Desk: a}.Answer(a.ctx, approval.Inquiry{Question: q, SlackUser: "U0ANA", About: "web-shop"})
	default:
		a.change(st)
	}
}

// change is what nobody of ours does.
func (a *arena) change(st step) {
	switch st.do {
	case passes:
		a.now = a.now.Add([]time.Duration{
			time.Second, time.Minute, 10 * time.Minute, time.Hour, 3 * time.Hour, 8 * time.Hour, 26 * time.Hour, -30 * time.Second,
		}[st.x%8])
	case regroups:
		name := []string{"S0QA", "S0OPS"}[st.x%2]
		delete(a.groups, name)
		if st.y%3 > 0 {
			a.groups[name] = slackUsers(rand.New(rand.NewPCG(uint64(st.y), uint64(st.z))), 5)
		}
		a.tell("  %s: %v", name, a.groups[name])
	case freezes:
		a.freeze(st)
	case deploys:
		a.book = a.books[st.x%len(a.books)]
	case deletes:
		if len(a.cards) > 0 {
			a.cards[st.x%len(a.cards)].deleted = true
		}
	}
}

func (a *arena) arrive(action approval.Action) {
	for _, at := range a.attempts {
		if at.ending == nil && (at.Action == action || !a.parallel) || at.Action == action && at.ending != nil && at.ending.How == approval.EndedApproved {
			return
		}
	}
	n := len(a.attempts)
	at := &attempt{Waiting: approval.Waiting{
		Action: action, ActionExecutionID: fmt.Sprintf("try-%d", n), Token: fmt.Sprintf("token-%d", n),
		StartedBy: a.by, Trigger: a.trigger, StartedAt: a.now, ExpiresAt: a.now.Add(7 * 24 * time.Hour),
	}}
	a.attempts = append(a.attempts, at)
	a.secrets = append(a.secrets, at.Token)
	a.tell("  %s waits as request %.4s", at.Token, approval.RequestID(at.Waiting))
}

// owe delivers something, and remembers to deliver it again if that fails.
func (a *arena) owe(what string, deliver func() error) error {
	err := deliver()
	if err != nil && !errors.Is(err, approval.ErrTooEarly) {
		a.owed[what] = deliver
	}
	return err
}

// happened delivers the event of an action's start or end.
func (a *arena) happened(action approval.Action, s event.State) {
	e := event.ActionChanged{Stage: action.Stage, Action: action.Name, Type: event.ManualApproval}
	e.Account, e.Region, e.Pipeline, e.ExecutionID, e.State = action.Account, action.Region, action.Pipeline, action.ExecutionID, s
	_ = a.owe(string(s)+" "+action.ExecutionID, func() error { return a.gate().ActionChanged(a.ctx, e) })
}

// alarm lets an alarm ring that is due: at its time, late, early by the
// scheduler's clock, or a second time. Or it is lost.
func (a *arena) alarm(st step) {
	early := time.Duration(st.y%2) * 5 * time.Second
	due := slices.DeleteFunc(slices.Clone(a.alarms), func(l *alarm) bool {
		return l.rung != (st.do == rungAgain) || l.at.After(a.now.Add(early))
	})
	if len(due) == 0 && st.do == rings && a.depth == 0 && st.y%3 > 0 {
		for _, l := range a.alarms { // sleep until the first one
			if !l.rung && (len(due) == 0 || l.at.Before(due[0].at)) {
				due = []*alarm{l}
				a.now = l.at
			}
		}
		a.timeOut()
	}
	if len(due) == 0 {
		return
	}
	l := due[st.x%len(due)]
	if st.do == lost {
		a.alarms = slices.DeleteFunc(a.alarms, func(other *alarm) bool { return other == l })
		return
	}
	a.ring(l)
}

func (a *arena) ring(l *alarm) {
	l.rung = true
	_ = a.owe("alarm "+l.request+l.at.String(), func() error {
		a.began, a.moment = a.now, latest(a.now, l.at)
		return a.gate().AlarmRang(a.ctx, event.AlarmRang{Meta: event.Meta{Time: l.at}, Request: l.request})
	})
}

// endElsewhere ends an approval in the console, or stops its execution.
func (a *arena) endElsewhere(st step) {
	if len(a.attempts) == 0 || st.z%2 == 0 {
		return
	}
	if at := a.attempts[st.x%len(a.attempts)]; at.ending == nil {
		how := []approval.How{approval.EndedApproved, approval.EndedRejected, approval.EndedAbandoned, approval.EndedCanceled}[st.y%4]
		at.ending = &approval.Ending{How: how, Summary: "by hand", By: "arn:aws:iam::111122223333:user/ops", At: a.now}
		a.tell("  %s: %s", at.Token, how)
	}
}

// timeOut ends what CodePipeline no longer waits for.
func (a *arena) timeOut() {
	for _, at := range a.attempts {
		if at.ending == nil && !a.now.Before(at.ExpiresAt) {
			at.ending = &approval.Ending{How: approval.EndedTimedOut, At: a.now}
			a.tell("%s times out", at.Token)
		}
	}
}

func (a *arena) freeze(st step) {
	if len(a.frozen) > 0 && st.y%2 == 0 {
		a.frozen = nil
		return
	}
	f := approval.Freeze{Name: "year end", From: a.now.Add(time.Duration(st.x%4-1) * time.Hour)}
	if st.z%3 > 0 {
		f.Until = f.From.Add(time.Duration(1+st.z%60) * time.Hour)
	}
	if st.x%5 == 0 {
		f.Match.Pipelines = []string{"payments"}
	}
	a.frozen = append(a.frozen, f)
	a.tell("  frozen from %s until %s for %v", f.From, f.Until, f.Match.Pipelines)
}

// settle lets everything be delivered once more, without faults, or at least
// what has failed, as SQS and Lambda do until it works. Then the reconciler
// runs until it finds nothing.
func (a *arena) settle() {
	a.patient = true
	a.now = a.now.Add(time.Minute)
	a.timeOut()
	if a.generous {
		for n := range 2 {
			a.happened(execution(n), event.Started)
			a.happened(execution(n), event.Failed)
		}
		for _, b := range a.ballots {
			_ = a.owe("vote "+b.ID, func() error { return a.gate().Vote(a.ctx, b) })
		}
		for _, l := range slices.Clone(a.alarms) {
			if l.rung {
				a.ring(l)
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(a.owed)) {
		a.tell("once more: %s", what)
		a.began, a.moment = a.now, a.now
		if err := a.owed[what](); err != nil && !errors.Is(err, approval.ErrTooEarly) {
			a.fail("%s fails for ever: %v", what, err)
		}
	}
	clear(a.owed)
	a.untilQuiet()
}
