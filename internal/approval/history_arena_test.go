package approval_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
)

// An arena is the world of a history: everything outside of the domain, in
// memory, with the rules of the real ones and without their cost. It watches
// every effect, and keeps the first thing that is wrong.
type arena struct {
	scene
	ctx      context.Context
	now      time.Time
	moment   time.Time // what the running step may take for now, at the latest
	began    time.Time // when the running step began
	book     approval.Rulebook
	frozen   []approval.Freeze
	attempts []*attempt
	requests map[string]approval.Request
	order    []string // their ids
	opened   map[string]openedAs
	trail    []audit.Entry
	ids      map[string]bool
	seats    map[string][]string // groups of a voter, by the id of the entry of the vote
	links    map[string]bool
	alarms   []*alarm
	cards    []*shownCard
	ballots  []approval.Ballot
	cursors  map[string]string
	pages    int
	secrets  []string
	owed     map[string]func() error // deliveries that failed

	fault       fault
	effects     int
	crashed     bool
	meanwhile   *step
	meanwhileAt int
	patient     bool
	leaky       bool // a fault may have left an alarm behind
	shaky       bool // nobody would repeat what may have kept a card of an open request from being redrawn

	seen    sights
	wrong   string
	reports bool
	told    []string
	depth   int
}

// openedAs is what the arena itself knows of a request that was opened.
type openedAs struct {
	rule    approval.Rule
	ruled   bool
	attempt *attempt
}

// An attempt is one run of an approval action.
type attempt struct {
	approval.Waiting
	told   int // accepted PutApprovalResult calls
	ending *approval.Ending
}

type alarm struct {
	request string
	at      time.Time
	rung    bool
}

type shownCard struct {
	approval.Card
	drawn   approval.Request
	deleted bool
}

func newArena(ctx context.Context, s scene) *arena {
	return &arena{
		scene: s, ctx: ctx, now: opened, book: s.books[0],
		requests: map[string]approval.Request{}, opened: map[string]openedAs{}, ids: map[string]bool{},
		seats: map[string][]string{}, links: map[string]bool{}, cursors: map[string]string{}, owed: map[string]func() error{},
	}
}

// fail keeps what is wrong, unless something was before.
func (a *arena) fail(format string, args ...any) {
	if a.wrong == "" {
		a.wrong = fmt.Sprintf(format, args...)
		a.tell("WRONG: %s", a.wrong)
	}
}

func (a *arena) tell(format string, args ...any) {
	if a.reports {
		indent := "                    "[:min(2*a.depth, 20)]
		a.told = append(a.told, a.now.Format("02 15:04:05 ")+indent+fmt.Sprintf(format, args...))
	}
}

// clock moves on with every look at it, as clocks do.
func (a *arena) clock() time.Time {
	a.now = a.now.Add(time.Microsecond)
	return a.now
}

// effect runs do, or fails instead of it or right after it. After a crash
// nothing happens any more until the next step.
func (a *arena) effect(name string, do func() error) error {
	if a.crashed {
		return errFault
	}
	a.effects++
	if m := a.meanwhile; m != nil && a.effects == a.meanwhileAt {
		a.interrupt(*m)
	}
	hit := a.fault.kind != "" && a.effects == a.fault.at
	if hit {
		a.tell("  %s %s", name, a.fault.kind)
		a.seen["an effect that "+string(a.fault.kind)]++
		a.crashed = a.fault.kind == crashBefore
		if a.crashed || name == "clear" || name == "save" || name == "create" {
			a.leaky = true
		}
		if a.fault.kind == fails || a.crashed {
			return errFault
		}
	}
	if err := do(); err != nil {
		return err
	}
	if hit {
		a.crashed = a.fault.kind == crashAfter
		a.leaky = a.leaky || a.crashed
		return errFault
	}
	return nil
}

// interrupt plays a step of another invocation in the middle of this one.
func (a *arena) interrupt(m step) {
	fault, effects, moment, began := a.fault, a.effects, a.moment, a.began
	a.meanwhile, a.fault, a.effects, a.leaky = nil, fault0, 0, true
	a.depth += 2
	a.perform(m)
	a.depth -= 2
	a.fault, a.effects, a.moment, a.began = fault, effects, latest(moment, a.moment), began
}

var fault0 fault

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// clone is r as a store returns it: sharing nothing that anybody writes to.
func (a *arena) clone(r approval.Request) approval.Request {
	if !a.direct {
		return copied(r)
	}
	r.Approvers = slices.Clone(r.Approvers)
	r.Votes = slices.Clone(r.Votes)
	r.Cards = slices.Clone(r.Cards)
	r.Mailed = slices.Clone(r.Mailed)
	r.Unreachable = slices.Clone(r.Unreachable)
	r.Announcements = slices.Clone(r.Announcements)
	r.Rule.Quorums = slices.Clone(r.Rule.Quorums)
	for i, q := range r.Rule.Quorums {
		r.Rule.Quorums[i].People = slices.Clone(q.People)
	}
	r.Shadows = slices.Clone(r.Shadows)
	for i, s := range r.Shadows {
		r.Shadows[i].Votes = slices.Clone(s.Votes)
	}
	return r
}
