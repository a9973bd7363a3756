package web_test

import (
	"context"
	"crypto/hmac"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/web"
)

// TestMain keeps the log out of the test output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

const (
	code      = "BCDF-GHJK"
	reference = "Jx9vVhK8DoEEJ3g="
)

var (
	dana  = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee   = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"}
	asked = time.Date(2026, 11, 22, 9, 12, 0, 0, time.UTC)
	now   = time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)

	errBroken = errors.New("dial tcp 10.0.0.7:443: ThrottlingException arn:aws:kms:secret-internals")
)

// A world is the outside of the page, in memory, with the rules of the real
// one: attempts are bounded, a link votes once, a ballot counts once.
type world struct {
	t        testing.TB
	now      time.Time
	links    map[string]approval.Link
	requests map[string]approval.Request
	queue    []approval.Ballot
	// broken names the calls that fail, and hanging those that never answer.
	broken, hanging map[string]bool
	calls           []string
	page            *web.Page
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		t: t, now: now,
		links: map[string]approval.Link{}, requests: map[string]approval.Request{},
		broken: map[string]bool{}, hanging: map[string]bool{},
	}
	r := request()
	w.requests[r.ID] = r
	for _, p := range r.Approvers {
		l := approval.NewLink(r, p, code)
		w.links[l.RequestID+l.PersonKey] = l
	}
	w.page = web.New(web.Ports{Links: w, Requests: w, Verifier: w, Votes: w, Now: func() time.Time { return w.now }})
	return w
}

func request() approval.Request {
	return approval.Request{
		ID: "abcdefghijklmnopqrstuvwxye", State: approval.Pending, Environment: "production",
		Approvers: []people.Person{dana, lee},
		Policy:    "web-shop production",
		Rule:      approval.Rule{Name: "web-shop production", Quorums: []approval.Quorum{{Need: 1, People: []people.Person{dana, lee}}}},
		Waiting: approval.Waiting{
			Action: approval.Action{
				Account: "000000000000", Region: "eu-west-1", Pipeline: "web-shop",
				ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveProduction",
			},
			Token:     "the-token-of-codepipeline",
			StartedBy: "arn:aws:sts::000000000000:assumed-role/Deployer/priya", Trigger: "StartPipelineExecution",
			Revisions: []approval.Revision{{
				Source: "Source", ID: "4c1f0a9b2d3e4f5061728394a5b6c7d8e9f00112",
				Summary: "Round totals after tax, not before\n\nFixes the cent that went missing.",
				URL:     "https://github.com/example/web-shop/commit/4c1f0a9b", Author: "Priya Raman",
			}},
			CustomData: "Check the release notes first.\nStaging ran for two hours without an alarm.",
			ReviewURL:  "https://staging.example.com/checkout",
			StartedAt:  asked, ExpiresAt: asked.Add(24 * time.Hour),
		},
	}
}

func key(p people.Person) string { return request().ID + approval.PersonKey(p.ID) }

// edit changes the stored request, and editLink the stored link of p.
func (w *world) edit(change func(*approval.Request)) {
	r := w.requests[request().ID]
	change(&r)
	w.requests[r.ID] = r
}

func (w *world) editLink(p people.Person, change func(*approval.Link)) {
	l := w.links[key(p)]
	change(&l)
	w.links[key(p)] = l
}

func (w *world) call(ctx context.Context, name string) error {
	w.calls = append(w.calls, name)
	if w.hanging[name] {
		<-ctx.Done()
		return ctx.Err()
	}
	if w.broken[name] {
		return errBroken
	}
	return nil
}

func (w *world) Link(ctx context.Context, requestID, personKey string) (approval.Link, error) {
	if err := w.call(ctx, "Link"); err != nil {
		return approval.Link{}, err
	}
	l, ok := w.links[requestID+personKey]
	if !ok {
		return l, approval.ErrNotFound
	}
	return l, nil
}

func (w *world) SpendAttempt(ctx context.Context, requestID, personKey string, now time.Time) (approval.Link, error) {
	if err := w.call(ctx, "SpendAttempt"); err != nil {
		return approval.Link{}, err
	}
	l, ok := w.links[requestID+personKey]
	switch l.State(now) {
	case approval.LinkUsed:
		return approval.Link{}, approval.ErrUsed
	case approval.LinkLocked:
		return approval.Link{}, approval.ErrLocked
	}
	if !ok || !now.Before(l.ExpiresAt) {
		return approval.Link{}, approval.ErrNotFound
	}
	l.Attempts++
	w.links[requestID+personKey] = l
	return l, nil
}

func (w *world) UseLink(ctx context.Context, requestID, personKey string, v approval.Verdict, at time.Time) error {
	if err := w.call(ctx, "UseLink"); err != nil {
		return err
	}
	l, ok := w.links[requestID+personKey]
	if !ok {
		return approval.ErrNotFound
	}
	if l.UsedAt != nil {
		return approval.ErrUsed
	}
	l.UsedAt, l.Verdict = &at, v
	w.links[requestID+personKey] = l
	return nil
}

func (w *world) Request(ctx context.Context, id string) (approval.Request, error) {
	if err := w.call(ctx, "Request"); err != nil {
		return approval.Request{}, err
	}
	r, ok := w.requests[id]
	if !ok {
		return r, approval.ErrNotFound
	}
	return r, nil
}

func (w *world) Verify(ctx context.Context, message, mac []byte) (bool, error) {
	if err := w.call(ctx, "Verify"); err != nil {
		return false, err
	}
	return hmac.Equal(mac, sign(message)), nil
}

func (w *world) Cast(ctx context.Context, b approval.Ballot) error {
	if err := w.call(ctx, "Cast"); err != nil {
		return err
	}
	for _, o := range w.queue {
		if o.ID == b.ID { // the queue drops repetitions
			return nil
		}
	}
	w.queue = append(w.queue, b)
	return nil
}

// count does what the approval function does with the queue.
func (w *world) count() {
	w.t.Helper()
	for _, b := range w.queue {
		r := w.requests[b.RequestID]
		by, ok := people.ByID(r.Approvers, b.PersonID)
		if !ok {
			w.t.Fatalf("ballot by %q", b.PersonID)
		}
		after, refusal := r.Count(approval.Vote{Verdict: b.Verdict, By: by, Door: b.Door, Reason: b.Reason, At: b.At, Ballot: b.ID}, approval.Rulebook{}, w.now)
		if refusal != "" || slices.ContainsFunc(r.Votes, func(v approval.Vote) bool { return v.Ballot == b.ID || v.WithdrawnBy == b.ID }) {
			continue
		}
		if after.State.Final() {
			at := w.now
			after.Applied = &at
		}
		w.requests[b.RequestID] = after
	}
}
