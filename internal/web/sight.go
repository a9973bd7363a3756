package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// A sight is what the holder of a genuine token may see, and all that a page
// about an approval is drawn from.
type sight struct {
	token   string
	link    approval.Link
	request approval.Request
	now     time.Time
}

// identify finds out what a token opens, the cheap checks first. Somebody who
// looks for the result of an answer may do so after the expiry.
func (p *Page) identify(ctx context.Context, token string, result bool) (sight, refusal, error) {
	now := p.ports.Now()
	claims, mac, err := approval.ParseToken(token)
	switch {
	case err != nil:
		return sight{}, malformed, nil
	case claims.Purpose != approval.PurposeAnswer:
		return sight{}, unknown, nil
	case !result && !now.Before(claims.ExpiresAt):
		return sight{}, expired, nil
	}
	s, err := p.load(ctx, claims.RequestID, claims.PersonKey)
	if errors.Is(err, approval.ErrNotFound) {
		return sight{}, unknown, nil
	}
	if err != nil {
		return sight{}, "", err
	}
	message, err := claims.Message()
	if err != nil {
		return sight{}, "", err
	}
	genuine, err := p.ports.Verifier.Verify(ctx, message, mac)
	switch {
	case err != nil:
		return sight{}, "", fmt.Errorf("verify link for request %s: %w", claims.RequestID, err)
	case !genuine:
		return sight{}, forged, nil
	case !s.belongs(claims):
		return sight{}, unknown, nil
	}
	s.token, s.now = token, now
	return s, "", nil
}

func (p *Page) load(ctx context.Context, requestID, personKey string) (sight, error) {
	link, err := p.ports.Links.Link(ctx, requestID, personKey)
	if err != nil {
		return sight{}, fmt.Errorf("load link for request %s: %w", requestID, err)
	}
	r, err := p.ports.Requests.Request(ctx, requestID)
	if err != nil {
		return sight{}, fmt.Errorf("load request %s: %w", requestID, err)
	}
	return sight{link: voted(link, r), request: r}, nil
}

// voted is l as its request knows it. Where a crash kept the link from being
// marked, the vote that was counted tells that it has voted.
func voted(l approval.Link, r approval.Request) approval.Link {
	for i, v := range r.Votes {
		if l.UsedAt == nil && v.Ballot == ballotID(l, v.Verdict) {
			l.UsedAt, l.Verdict = &r.Votes[i].At, v.Verdict
		}
	}
	return l
}

// reload looks again at what changed under our hands.
func (p *Page) reload(ctx context.Context, s sight) (sight, error) {
	fresh, err := p.load(ctx, s.link.RequestID, s.link.PersonKey)
	if err != nil {
		return s, err
	}
	fresh.token, fresh.now = s.token, s.now
	return fresh, nil
}

// belongs reports whether the records are those that the token names, and its
// person is still one of the request's approvers. Who is in a Slack user group
// of the rule is not known here: that is for the counting to judge.
func (s sight) belongs(c approval.Claims) bool {
	_, approver := people.ByID(s.request.Approvers, s.link.Person.ID)
	return (approver || len(s.request.Rule.Groups()) > 0) &&
		s.link.RequestID == c.RequestID && s.request.ID == c.RequestID &&
		s.link.PersonKey == c.PersonKey && approval.PersonKey(s.link.Person.ID) == c.PersonKey
}

// A standing is what can be said about a request through a link.
type standing string

// The standings, as they are logged.
const (
	asking  standing = "asking"
	used    standing = "used"
	decided standing = "decided"
	closed  standing = "closed"
	late    standing = "expired"
	locked  standing = "locked"
)

// standing says where s stands. A link that has voted comes first: its holder
// wants to know what became of the vote.
func (s sight) standing() standing {
	switch {
	case s.link.UsedAt != nil:
		return used
	case s.request.State == approval.Approved, s.request.State == approval.Rejected:
		return decided
	case s.request.State.Final():
		return closed
	case !s.now.Before(s.until()), s.link.State(s.now) == approval.LinkExpired:
		return late
	case s.link.State(s.now) == approval.LinkLocked:
		return locked
	}
	return asking
}

// until is when the answers end. A held release can be rejected until it
// starts, however long that takes.
func (s sight) until() time.Time {
	if s.request.State == approval.Held {
		return s.request.ExpiresAt
	}
	return s.request.Deadline()
}

// answer is s on a page, with status.
func (s sight) answer(status int, kind string, v view) answer {
	v.Release = newRelease(s)
	return answer{status: status, kind: kind, view: v, request: s.request.ID, by: s.link.Person.ID}
}

// ended is the page about a link that can no longer vote. open is the status
// where the page tells news rather than refusing something.
func (s sight) ended(open int) answer {
	switch st := s.standing(); st {
	case used:
		return s.answer(http.StatusConflict, string(st), s.usedView())
	case decided:
		return s.answer(open, string(st), s.decidedView())
	case closed:
		return s.answer(open, string(st), s.closedView())
	case locked:
		return s.answer(http.StatusLocked, string(st), s.lockedView())
	default:
		return s.answer(http.StatusGone, string(late), s.lateView())
	}
}
