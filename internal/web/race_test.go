package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/web"
)

// links is the record of a world to which something happens just before an
// attempt is spent.
type links struct {
	*world
	before func()
}

func (l links) SpendAttempt(ctx context.Context, requestID, personKey string, now time.Time) (approval.Link, error) {
	l.before()
	return l.world.SpendAttempt(ctx, requestID, personKey, now)
}

func racing(w *world, before func()) *web.Page {
	return web.New(web.Ports{Links: links{w, before}, Requests: w, Verifier: w, Votes: w, Now: func() time.Time { return w.now }})
}

// TestALinkUsedMeanwhile has another window vote between the reads and the
// attempt.
func TestALinkUsedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late := *w
	w.page = racing(&late, func() { late.editLink(dana, func(l *approval.Link) { l.UsedAt, l.Verdict = &now, approval.Reject }) })
	res := w.post(w.form(dana, code, "", "approve"))
	if res.Status != http.StatusConflict || !strings.Contains(res.Body, "you chose to reject") || len(late.queue) != 0 {
		t.Errorf("status %d, queue %v:\n%s", res.Status, late.queue, text(res.Body))
	}
}

func TestALinkLockedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late := *w
	w.page = racing(&late, func() { late.editLink(dana, func(l *approval.Link) { l.Attempts = approval.MaxAttempts }) })
	if res := w.post(w.form(dana, code, "", "approve")); res.Status != http.StatusLocked || len(late.queue) != 0 {
		t.Errorf("status %d, queue %v", res.Status, late.queue)
	}
}

func TestALinkRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late := *w
	w.page = racing(&late, func() { delete(late.links, key(dana)) })
	if res := w.post(w.form(dana, code, "", "approve")); res.Status != http.StatusNotFound || len(late.queue) != 0 {
		t.Errorf("status %d, queue %v", res.Status, late.queue)
	}
}
