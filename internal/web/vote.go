package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// vote answers POST: it takes one person's answer to the votes queue.
func (p *Page) vote(ctx context.Context, req event.Request) answer {
	f, why := readForm(req)
	if why != "" {
		return refuse(why)
	}
	s, why, err := p.identify(ctx, f.token, false)
	switch {
	case err != nil:
		return fail(err)
	case why != "":
		return refuse(why)
	case f.verdict == approval.Withdraw:
		return p.takeBack(ctx, s, f)
	case s.standing() != asking:
		return s.ended(http.StatusConflict)
	}
	found := f.check(s.request)
	if f.verdict == approval.Approve && !s.approvable() {
		found = problems{General: "Nothing was recorded: an approval of yours would change nothing."}
	}
	if found.any() {
		// Nothing was tried, so no attempt is spent: a scanner that sends the
		// form empty must not lock a person out.
		return s.answer(http.StatusUnprocessableEntity, "incomplete", s.askView(f, found))
	}
	return p.try(ctx, s, f)
}

// try looks at the code.
func (p *Page) try(ctx context.Context, s sight, f form) answer {
	s, failed := p.spend(ctx, s)
	switch {
	case failed != nil:
		return *failed
	case s.link.Accepts(f.code):
		return p.cast(ctx, s, f)
	case s.link.AttemptsLeft() == 0:
		return s.ended(http.StatusConflict)
	}
	return s.answer(http.StatusUnprocessableEntity, "wrong_code", s.askView(f, problems{Code: wrongCode(s.link.AttemptsLeft())}))
}

// spend spends an attempt, before anybody looks at the code, so that guesses
// sent at the same time are all counted. It returns the answer instead when
// there is none to spend.
func (p *Page) spend(ctx context.Context, s sight) (sight, *answer) {
	spent, err := p.ports.Links.SpendAttempt(ctx, s.link.RequestID, s.link.PersonKey, s.now)
	var a answer
	switch {
	case err == nil:
		s.link = spent
		return s, nil
	case errors.Is(err, approval.ErrNotFound):
		a = refuse(unknown)
	case errors.Is(err, approval.ErrLocked):
		s.link.Attempts = approval.MaxAttempts
		a = s.ended(http.StatusConflict)
	case errors.Is(err, approval.ErrUsed):
		if s, err = p.reload(ctx, s); err != nil {
			a = fail(err)
			break
		}
		a = s.ended(http.StatusConflict)
	default:
		a = fail(fmt.Errorf("count attempt on request %s: %w", s.request.ID, err))
	}
	return s, &a
}

// cast puts the answer on the queue, and only then uses the link up. A crash
// between the two leaves a link that can vote again: the same answer counts
// once, and another one comes too late.
func (p *Page) cast(ctx context.Context, s sight, f form) answer {
	err := p.ports.Votes.Cast(ctx, approval.Ballot{
		ID:        ballotID(s.link, f.verdict),
		RequestID: s.request.ID,
		Verdict:   f.verdict,
		Reason:    f.reason,
		Door:      approval.DoorEmail,
		PersonID:  s.link.Person.ID,
		At:        s.now,
	})
	if err != nil {
		a := s.answer(http.StatusServiceUnavailable, "not_recorded", s.notRecordedView(f))
		a.err = fmt.Errorf("cast vote on request %s: %w", s.request.ID, err)
		return a
	}
	err = p.ports.Links.UseLink(ctx, s.link.RequestID, s.link.PersonKey, f.verdict, s.now)
	if err != nil && !errors.Is(err, approval.ErrUsed) {
		// The answer is safe all the same. The result page would not know
		// of it yet, so this one says so.
		a := s.answer(http.StatusAccepted, "recorded", s.recordedView(f.verdict))
		a.err = fmt.Errorf("use link for request %s: %w", s.request.ID, err)
		return a
	}
	return answer{status: http.StatusSeeOther, kind: "voted", location: resultURL(s.token), request: s.request.ID, by: s.link.Person.ID}
}

// ballotID is the same for every time that a link gives the same answer.
func ballotID(l approval.Link, v approval.Verdict) string {
	return "link:" + l.RequestID + ":" + l.PersonKey + ":" + string(v)
}
