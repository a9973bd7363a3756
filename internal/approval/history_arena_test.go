package approval_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

func (a *arena) CreateRequest(_ context.Context, r approval.Request, trail ...audit.Entry) error {
	return a.effect("create", func() error {
		if _, ok := a.requests[r.ID]; ok {
			return approval.ErrExists
		}
		rule, ok := a.book.For(r.Action)
		for _, at := range a.attempts {
			if approval.RequestID(at.Waiting) == r.ID {
				a.opened[r.ID] = openedAs{rule, ok, at}
			}
		}
		a.order = append(a.order, r.ID)
		a.store(approval.Request{}, r, trail)
		return nil
	})
}

func (a *arena) SaveRequest(_ context.Context, r approval.Request, trail ...audit.Entry) error {
	return a.effect("save", func() error {
		before := a.requests[r.ID]
		if before.Version != r.Version {
			a.tell("  conflict")
			a.seen["a conflict"]++
			return approval.ErrConflict
		}
		r.Version++
		a.store(before, r, trail)
		return nil
	})
}

func (a *arena) store(before, r approval.Request, trail []audit.Entry) {
	a.tell("  request %.4s becomes %s (version %d)", r.ID, r.State, r.Version)
	a.requests[r.ID] = a.clone(r)
	for _, e := range trail {
		if a.ids[e.ID] {
			a.fail("the trail has an entry %s already, so that another one is lost: %q", e.ID, e.Text)
		}
		a.record(e)
	}
	a.judge(before, r, trail)
}

// record adds e to the trail.
func (a *arena) record(e audit.Entry) {
	a.ids[e.ID] = true
	a.trail = append(a.trail, e)
	a.seen[strings.TrimSpace(string(e.Kind)+" "+e.Refusal)]++
	a.tell("  trail: %s %s %q", e.Kind, e.ID[len(e.Request)+1:], e.Text)
}

func (a *arena) Append(_ context.Context, trail ...audit.Entry) error {
	return a.effect("append", func() error {
		for _, e := range trail {
			if !a.ids[e.ID] {
				a.record(e)
			}
		}
		return nil
	})
}

func (a *arena) Request(_ context.Context, id string) (approval.Request, error) {
	var found approval.Request
	err := a.effect("read", func() error {
		r, ok := a.requests[id]
		if !ok {
			return approval.ErrNotFound
		}
		found = a.clone(r)
		return nil
	})
	return found, err
}

func (a *arena) RequestsOf(_ context.Context, action approval.Action) ([]approval.Request, error) {
	return a.list(func(r approval.Request) bool { return r.Action == action })
}

func (a *arena) Open(context.Context) ([]approval.Request, error) {
	return a.list(func(r approval.Request) bool { return !r.Settled })
}

func (a *arena) list(fits func(approval.Request) bool) (found []approval.Request, err error) {
	err = a.effect("list", func() error {
		for _, id := range a.order {
			if r := a.requests[id]; fits(r) {
				found = append(found, a.clone(r))
			}
		}
		return nil
	})
	return found, err
}

func (a *arena) PutLink(_ context.Context, l approval.Link) error {
	return a.effect("link", func() error {
		key := l.RequestID + l.PersonKey
		if a.links[key] {
			return approval.ErrExists
		}
		a.links[key] = true
		return nil
	})
}

func (a *arena) Cursor(_ context.Context, name string) (string, error) {
	return a.cursors[name], a.effect("cursor", func() error { return nil })
}

func (a *arena) SetCursor(_ context.Context, name, value string) error {
	return a.effect("cursor", func() error {
		a.cursors[name] = value
		return nil
	})
}
