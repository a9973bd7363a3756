package approval_test

import (
	"context"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
)

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
