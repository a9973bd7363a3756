package approval_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

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

func (w *world) Post(_ context.Context, r approval.Request, place string) (approval.Card, error) {
	var c approval.Card
	err := w.effect("post", func() error {
		c = approval.Card{Channel: place, TS: string(rune('a' + len(w.posted)))}
		w.posted = append(w.posted, c)
		w.drawn[c] = copied(r)
		return nil
	})
	return c, err
}

func (w *world) Update(_ context.Context, r approval.Request, c approval.Card) error {
	return w.effect("update", func() error {
		c.Place = ""
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
	Environment: "production", Channel: "C0RELEASES",
	Quorums: []approval.Quorum{{Name: "Web", Need: 1, People: []people.Person{dana, lee}}},
}}

// directory knows everybody but the strangers of single tests.
var directory = people.Directory{Members: []people.Member{
	{Person: dana, IAM: []string{"arn:aws:iam::111122223333:user/dana"}}, {Person: lee}, {Person: marco},
}}.Index()

func (w *world) asker() *approval.Asker {
	return &approval.Asker{
		Keeper: &approval.Keeper{Store: w, Alarms: alarms{w}, Now: func() time.Time { return w.now }},
		Source: w, Book: w.book, People: directory, Channel: "C0DEFAULT", Cards: w, Clickers: w, Circles: w, Mail: w,
		Inviter: approval.Inviter{Links: w, Signer: w, PublicURL: "https://signalbox.example.com"},
		Pause:   func(context.Context, time.Duration) error { return nil },
	}
}

func (w *world) decider() *approval.Decider {
	k := w.asker()
	k.Pause = impatient
	return &approval.Decider{Asker: k, Pipeline: w, Pager: w}
}

func (w *world) gate() approval.Gate { return approval.Gate{Decider: w.decider()} }

// impatient lets nothing be tried twice, so that a fault ends a call as a
// crash would.
func impatient(context.Context, time.Duration) error { return context.DeadlineExceeded }

func (w *world) Changes(context.Context, approval.Waiting) (release.Changes, error) {
	return w.changes, w.effect("changes", func() error { return nil })
}

func (w *world) Waits(context.Context, string) ([]approval.Action, string, error) {
	if w.ending != nil || w.waiting == nil {
		return nil, "", nil
	}
	return []approval.Action{w.waiting.Action}, "", nil
}

func (w *world) Members(_ context.Context, group string) ([]string, error) {
	members, ok := w.groups[group]
	if !ok {
		return nil, approval.ErrNotFound
	}
	return members, w.effect("members", func() error { return nil })
}

func (w *world) Announce(_ context.Context, _ approval.Request, _ approval.Card, a approval.Announcement) error {
	return w.effect("announce", func() error {
		w.said = append(w.said, a)
		return nil
	})
}

func (w *world) Confirm(_ context.Context, _ approval.Card, _ string, _ approval.Request, i approval.Invitation) error {
	return w.effect("confirm", func() error {
		w.confirms = append(w.confirms, i)
		return nil
	})
}

func (w *world) Page(_ context.Context, subject, _ string) error {
	return w.effect("page", func() error {
		w.pages = append(w.pages, subject)
		return nil
	})
}

// alarms is the scheduler of a world.
type alarms struct{ *world }

func (a alarms) Set(_ context.Context, request string, at time.Time) error {
	return a.effect("alarm", func() error {
		a.alarms[request+at.String()] = at
		return nil
	})
}

func (a alarms) Clear(_ context.Context, request string, at time.Time) error {
	return a.effect("clear", func() error {
		delete(a.alarms, request+at.String())
		return nil
	})
}

// shown is the request that a card was last drawn from.
func (w *world) shown(c approval.Card) approval.Request {
	c.Place = ""
	return w.drawn[c]
}

// votes counts the votes that the audit trail has.
func (w *world) votes() int {
	n := 0
	for _, e := range w.trail {
		if e.Verdict != "" && e.Kind == "VOTE_COUNTED" {
			n++
		}
	}
	return n
}
