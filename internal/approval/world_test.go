package approval_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
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
	audit    []approval.Vote
	waiting  *approval.Waiting
	early    int // how many reads come too early
	answered int // accepted PutApprovalResult calls
	ending   *approval.Ending
	posted   []approval.Card
	drawn    map[approval.Card]approval.Request
	mails    []approval.Invitation
	told     []string
	users    map[string]approval.SlackUser

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
		waiting: &approval.Waiting{
			Action: action, ActionExecutionID: "a-1", Token: "t-1", StartedAt: opened, ExpiresAt: opened.Add(7 * 24 * time.Hour),
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

func (w *world) CreateRequest(_ context.Context, r approval.Request) error {
	return w.effect("create", func() error {
		if _, ok := w.requests[r.ID]; ok {
			return approval.ErrExists
		}
		w.requests[r.ID] = copied(r)
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

func (w *world) save(r approval.Request) error {
	if w.requests[r.ID].Version != r.Version {
		return approval.ErrConflict
	}
	r.Version++
	w.requests[r.ID] = copied(r)
	return nil
}

func (w *world) SaveRequest(_ context.Context, r approval.Request) error {
	return w.effect("save", func() error { return w.save(r) })
}

func (w *world) SaveVote(_ context.Context, r approval.Request) error {
	return w.effect("vote", func() error {
		if w.requests[r.ID].State != approval.Pending {
			return approval.ErrConflict
		}
		if err := w.save(r); err != nil {
			return err
		}
		w.audit = append(w.audit, *r.Vote)
		return nil
	})
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

func (w *world) Waiting(context.Context, approval.Action) (approval.Waiting, error) {
	switch {
	case w.early > 0:
		w.early--
		return approval.Waiting{}, approval.ErrTooEarly
	case w.ending != nil:
		return approval.Waiting{}, approval.ErrNotWaiting
	}
	return *w.waiting, nil
}

func (w *world) Resolve(_ context.Context, r approval.Request) error {
	return w.effect("resolve", func() error {
		if w.ending != nil || r.Token != w.waiting.Token {
			return approval.ErrNotWaiting
		}
		how := approval.EndedApproved
		if r.State == approval.Rejected {
			how = approval.EndedRejected
		}
		w.answered++
		w.ending = &approval.Ending{How: how, Summary: approval.Summary(r), At: w.now}
		return nil
	})
}

func (w *world) Ending(_ context.Context, r approval.Request) (approval.Ending, bool, error) {
	if r.ActionExecutionID != w.waiting.ActionExecutionID {
		return approval.Ending{How: approval.EndedRejected, Summary: "an earlier attempt", At: w.now}, true, nil
	}
	if w.ending == nil {
		return approval.Ending{}, false, nil
	}
	return *w.ending, true, nil
}

func (w *world) Post(_ context.Context, r approval.Request) (approval.Card, error) {
	var c approval.Card
	err := w.effect("post", func() error {
		c = approval.Card{Channel: r.Channel, TS: string(rune('a' + len(w.posted)))}
		w.posted = append(w.posted, c)
		w.drawn[c] = copied(r)
		return nil
	})
	return c, err
}

func (w *world) Update(_ context.Context, r approval.Request, c approval.Card) error {
	return w.effect("update", func() error {
		if !slices.Contains(w.posted, c) {
			return approval.ErrNotFound
		}
		w.drawn[c] = copied(r)
		return nil
	})
}

func (w *world) Voter(_ context.Context, id string) (approval.SlackUser, error) {
	u, ok := w.users[id]
	if !ok {
		return u, approval.ErrNotFound
	}
	return u, w.effect("voter", func() error { return nil })
}

func (w *world) Tell(_ context.Context, _ approval.Card, user, text string) error {
	return w.effect("tell", func() error {
		w.told = append(w.told, user+": "+text)
		return nil
	})
}

func (w *world) Ask(_ context.Context, _ approval.Request, i approval.Invitation) error {
	return w.effect("mail", func() error {
		w.mails = append(w.mails, i)
		return nil
	})
}

func (w *world) MAC(_ context.Context, message []byte) ([]byte, error) {
	h := hmac.New(sha256.New, []byte("key"))
	h.Write(message)
	return h.Sum(nil), w.effect("mac", func() error { return nil })
}

var rules = approval.Policies{{
	Name: "web-shop production", Match: approval.Match{Pipelines: []string{"web-shop"}},
	Environment: "production", Channel: "C0RELEASES", Approvers: []people.Person{dana, lee},
}}

func (w *world) asker() *approval.Asker {
	return &approval.Asker{
		Register: w, Source: w, Rules: rules, Channel: "C0DEFAULT", Cards: w, Mail: w, Signer: w,
		PublicURL: "https://signalbox.example.com", Now: func() time.Time { return w.now },
		Pause: func(context.Context, time.Duration) error { return nil },
	}
}

func (w *world) decider() *approval.Decider {
	return &approval.Decider{
		Record: w, Pipeline: w, Cards: w, Clickers: w, Now: func() time.Time { return w.now }, Pause: impatient,
	}
}

// impatient lets nothing be tried twice, so that a fault ends a call as a
// crash would.
func impatient(context.Context, time.Duration) error { return context.DeadlineExceeded }

// asked is a world in which a request is open, and that request.
func asked(t *testing.T) (*world, approval.Request) {
	t.Helper()
	w := newWorld()
	if err := w.asker().Started(t.Context(), action); err != nil {
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
