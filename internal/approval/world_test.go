package approval_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

var (
	dana     = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA"}
	lee      = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE"}
	marco    = people.Person{ID: "marco", Name: "Marco Silva", Slack: "U0MARCO"}
	opened   = time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)
	errFault = errors.New("the world broke")
)

var action = approval.Action{
	Account: "111122223333", Region: "eu-west-1", Pipeline: "web-shop",
	ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveProduction",
}

// A world is everything outside of the domain, in memory, with the rules of
// the real ones. Each effect can be made to fail before or after it happened.
type world struct {
	now      time.Time
	requests map[string]approval.Request
	links    map[string]approval.Link
	trail    []audit.Entry
	waiting  *approval.Waiting
	early    int // how many reads come too early
	answered int // accepted PutApprovalResult calls
	ending   *approval.Ending
	posted   []approval.Card
	drawn    map[approval.Card]approval.Request
	mails    []approval.Invitation
	told     []string
	users    map[string]approval.SlackUser
	groups   map[string][]string // Slack user groups
	changes  release.Changes
	book     approval.Rulebook
	alarms   map[string]time.Time // what is set, by request and moment
	said     []approval.Announcement
	pages    []string
	confirms []approval.Invitation
	cursors  map[string]string

	effects int // effects so far
	failAt  int // the effect that fails; 0 is none
	after   bool
	broken  map[string]error // an effect that always fails
}

func newWorld() *world {
	return &world{
		now:      opened,
		requests: map[string]approval.Request{},
		links:    map[string]approval.Link{},
		drawn:    map[approval.Card]approval.Request{},
		users:    map[string]approval.SlackUser{dana.Slack: {}, lee.Slack: {}},
		broken:   map[string]error{},
		groups:   map[string][]string{},
		changes:  release.Changes{AuthorsComplete: true},
		book:     approval.Rulebook{Policies: rules},
		alarms:   map[string]time.Time{},
		cursors:  map[string]string{},
		waiting: &approval.Waiting{
			Action: action, ActionExecutionID: "a-1", Token: "t-1", StartedAt: opened, Trigger: "WebhookV2", ExpiresAt: opened.Add(7 * 24 * time.Hour),
		},
	}
}

// effect runs do, or fails instead of it or right after it.
func (w *world) effect(name string, do func() error) error {
	w.effects++
	if err := w.broken[name]; err != nil {
		return err
	}
	if w.effects == w.failAt && !w.after {
		return errFault
	}
	if err := do(); err != nil {
		return err
	}
	if w.effects == w.failAt {
		return errFault
	}
	return nil
}

// copied is r as a store returns it: sharing nothing.
func copied(r approval.Request) approval.Request {
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	var c approval.Request
	if err := json.Unmarshal(raw, &c); err != nil {
		panic(err)
	}
	return c
}

func (w *world) CreateRequest(_ context.Context, r approval.Request, trail ...audit.Entry) error {
	return w.effect("create", func() error {
		if _, ok := w.requests[r.ID]; ok {
			return approval.ErrExists
		}
		w.requests[r.ID] = copied(r)
		w.trail = append(w.trail, trail...)
		return nil
	})
}

func (w *world) Request(_ context.Context, id string) (approval.Request, error) {
	r, ok := w.requests[id]
	if !ok {
		return approval.Request{}, approval.ErrNotFound
	}
	return copied(r), nil
}

func (w *world) SaveRequest(_ context.Context, r approval.Request, trail ...audit.Entry) error {
	what := "save"
	if slices.ContainsFunc(trail, func(e audit.Entry) bool { return e.Kind == audit.VoteCounted }) {
		what = "vote"
	}
	return w.effect(what, func() error {
		if w.requests[r.ID].Version != r.Version {
			return approval.ErrConflict
		}
		r.Version++
		w.requests[r.ID] = copied(r)
		w.trail = append(w.trail, trail...)
		return nil
	})
}

func (w *world) Append(_ context.Context, trail ...audit.Entry) error {
	return w.effect("append", func() error {
		for _, e := range trail {
			if !slices.ContainsFunc(w.trail, func(other audit.Entry) bool { return other.ID == e.ID }) {
				w.trail = append(w.trail, e)
			}
		}
		return nil
	})
}

func (w *world) Open(context.Context) ([]approval.Request, error) {
	var open []approval.Request
	for _, id := range slices.Sorted(maps.Keys(w.requests)) {
		if r := w.requests[id]; !r.Settled {
			open = append(open, copied(r))
		}
	}
	return open, nil
}

func (w *world) Cursor(_ context.Context, name string) (string, error) { return w.cursors[name], nil }

func (w *world) SetCursor(_ context.Context, name, value string) error {
	w.cursors[name] = value
	return nil
}

func (w *world) RequestsOf(_ context.Context, a approval.Action) ([]approval.Request, error) {
	var found []approval.Request
	for _, id := range slices.Sorted(maps.Keys(w.requests)) {
		if r := w.requests[id]; r.Action == a {
			found = append(found, copied(r))
		}
	}
	return found, nil
}

func (w *world) PutLink(_ context.Context, l approval.Link) error {
	return w.effect("link", func() error {
		key := l.RequestID + l.PersonKey
		if _, ok := w.links[key]; ok {
			return approval.ErrExists
		}
		w.links[key] = l
		return nil
	})
}

// asked is a world in which a request is open, and that request.
func asked(t *testing.T) (*world, approval.Request) {
	t.Helper()
	w := newWorld()
	if _, err := w.asker().Started(t.Context(), action); err != nil {
		t.Fatalf("Started: %v", err)
	}
	w.effects = 0
	return w, w.only(t)
}

// only is the one request there is.
func (w *world) only(t interface {
	Helper()
	Fatalf(string, ...any)
},
) approval.Request {
	t.Helper()
	if len(w.requests) != 1 {
		t.Fatalf("there are %d requests, want 1", len(w.requests))
	}
	for _, r := range w.requests {
		return copied(r)
	}
	return approval.Request{}
}

func click(r approval.Request, p people.Person, v approval.Verdict, reason string) approval.Ballot {
	return approval.Ballot{
		ID: p.ID + string(v), RequestID: r.ID, Verdict: v, Reason: reason, Door: approval.DoorSlack,
		SlackUser: p.Slack, Card: r.Cards[0], At: opened.Add(time.Minute),
	}
}
