package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
)

// takeBack answers POST of the verdict withdraw. It asks for the code again,
// and leaves the link as it is: one that has voted stays used.
func (p *Page) takeBack(ctx context.Context, s sight, f form) answer {
	switch st := s.standing(); {
	case st != asking && st != used:
		return s.ended(http.StatusConflict)
	case !s.mayTakeBack() && st == used:
		return s.ended(http.StatusConflict)
	case !s.mayTakeBack():
		return s.answer(http.StatusConflict, "nothing_to_take_back", s.askView(form{}, problems{General: approval.Explain(s.request, approval.NothingToWithdraw)}))
	case approval.BlankCode(f.code):
		return s.answer(http.StatusUnprocessableEntity, "incomplete", s.takeBackView(problems{Code: blankCode}))
	case st == used:
		// Tries on a used link are not counted. Its code cannot vote any more,
		// so that all a guess could win is that a release goes on waiting.
		return p.tryTakeBack(ctx, s, f, "This code is not right. "+compareCode)
	}
	s, failed := p.spend(ctx, s)
	if failed != nil {
		return *failed
	}
	if s.link.AttemptsLeft() == 0 && !s.link.Accepts(f.code) {
		return s.ended(http.StatusConflict)
	}
	return p.tryTakeBack(ctx, s, f, wrongCode(s.link.AttemptsLeft()))
}

func (p *Page) tryTakeBack(ctx context.Context, s sight, f form, wrong string) answer {
	if !s.link.Accepts(f.code) {
		return s.answer(http.StatusUnprocessableEntity, "wrong_code", s.takeBackView(problems{Code: wrong}))
	}
	err := p.ports.Votes.Cast(ctx, approval.Ballot{
		ID: withdrawalID(s.link, s.vote()), RequestID: s.request.ID, Verdict: approval.Withdraw,
		Door: approval.DoorEmail, PersonID: s.link.Person.ID, At: s.now,
	})
	if err != nil {
		a := s.answer(http.StatusServiceUnavailable, "not_recorded", s.takeBackView(problems{General: "Nothing was recorded, so your approval still counts. Please try again in a minute; taking it back again does no harm."}))
		a.err = fmt.Errorf("cast withdrawal on request %s: %w", s.request.ID, err)
		return a
	}
	return answer{status: http.StatusSeeOther, kind: "taken_back", location: takenURL(s.token, s.now), request: s.request.ID, by: s.link.Person.ID}
}

// withdrawalID is the same however often one approval is taken back through a
// link, and another one for the next approval.
func withdrawalID(l approval.Link, v *approval.Vote) string {
	sum := sha256.Sum256([]byte(v.Ballot))
	return ballotID(l, approval.Withdraw) + ":" + hex.EncodeToString(sum[:8])
}

// vote is the approval of the link's person that counts, or nil.
func (s sight) vote() *approval.Vote {
	for i, v := range s.request.Votes {
		if v.Verdict == approval.Approve && v.Withdrawn == nil && v.By.ID == s.link.Person.ID {
			return &s.request.Votes[i]
		}
	}
	return nil
}

// counts reports whether an approval of the link's person counts.
func (s sight) counts() bool { return s.vote() != nil }

// mayTakeBack reports whether there is an approval of the link's person that
// can still be taken back.
func (s sight) mayTakeBack() bool {
	_, why := s.request.Count(approval.Vote{
		Verdict: approval.Withdraw, By: s.link.Person, Door: approval.DoorEmail, Groups: s.request.Rule.Groups(),
	}, approval.Rulebook{}, s.now)
	return why == ""
}

// tookBack reports whether the answer of this link was taken back since, here
// or in Slack.
func (s sight) tookBack() bool {
	for _, v := range s.request.Votes {
		if v.Withdrawn != nil && v.Ballot == ballotID(s.link, v.Verdict) {
			return true
		}
	}
	return false
}

// takeBackView asks for the code again.
func (s sight) takeBackView(found problems) view {
	v := view{
		Tone: toneCare, heading: titled("Take your approval back?"),
		Text:  []string{"It does not count any more then, and the release waits until enough others have approved.", s.afterwards()},
		Alert: found.General,
		Form:  &formView{Token: s.token, Name: s.link.Person.Name, Email: s.link.Person.Email, Problems: found, TakesBack: true},
	}
	if found.Code != "" {
		v.Alert, v.Form.Focus = checkTyped, "code"
	}
	return v
}

// afterwards says how to approve again.
func (s sight) afterwards() string {
	switch {
	case s.link.UsedAt == nil:
		return "You can approve it again through this link."
	case s.request.Rule.HighRisk:
		return "You cannot approve it again: a release of high risk is approved through links alone, and yours has answered. To reject it, use the card in Slack."
	}
	return "To approve it again, or to reject it, use the card in Slack: this link has answered."
}

// takenView tells what became of a withdrawal that was sent at the given time.
func (s sight) takenView(sent time.Time) view {
	switch {
	case s.mayTakeBack():
		v := view{
			Tone: toneAsk, heading: titled("Your approval is being taken back"), Refresh: refreshAfter(s.now.Sub(sent).Abs()),
			Text: []string{"This page will say when that is done."},
		}
		if v.Refresh == 0 {
			v.Text, v.Back = []string{"Your approval counts still, or again."}, takeBackURL(s.token)
		}
		return v
	case s.link.UsedAt == nil:
		v := s.askView(form{}, problems{})
		v.Text = append([]string{"Your approval has been taken back, and no longer counts."}, v.Text...)
		return v
	}
	return s.withdrawnView()
}

func (s sight) withdrawnView() view {
	return view{Tone: toneQuiet, heading: titled("Your approval no longer counts"), Text: []string{
		"It has been taken back. " + s.request.Waits(), s.afterwards()}}
}

// takeBackURL is where a person takes an approval back.
func takeBackURL(token string) string {
	return Path + "?" + url.Values{"t": {token}, "back": {"1"}}.Encode()
}

// takenURL is where a person sees what became of a withdrawal. It carries the
// time at which that was sent, because no record does.
func takenURL(token string, at time.Time) string {
	return Path + "?" + url.Values{"t": {token}, "taken": {strconv.FormatInt(at.Unix(), 10)}}.Encode()
}

// takenAt reads that time. Anybody can write anything there: it says no more
// than how often the page looks again.
func takenAt(v string) (time.Time, bool) {
	seconds, err := strconv.ParseInt(v, 10, 64)
	return time.Unix(seconds, 0), err == nil
}
