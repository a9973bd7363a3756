package approval_test

import (
	"context"
	"crypto/sha256"
	"strconv"

	"github.com/signalbox/signalbox/internal/approval"
)

func (a *arena) Post(_ context.Context, r approval.Request, place string) (c approval.Card, err error) {
	err = a.effect("post", func() error {
		if u, ok := accounts[place]; place[0] == 'U' && (!ok || u.Deleted) {
			return approval.ErrNotFound
		}
		c = approval.Card{Channel: place, TS: strconv.Itoa(len(a.cards))}
		if place[0] == 'U' {
			c.Channel = "D" + place
		}
		a.cards = append(a.cards, &shownCard{Card: c, drawn: a.clone(r)})
		a.tell("  card %s is posted to %s", c.TS, place)
		return nil
	})
	return c, err
}

// card finds the message that c names, unless it has been deleted.
func (a *arena) card(c approval.Card) *shownCard {
	for _, s := range a.cards {
		if s.Channel == c.Channel && s.TS == c.TS && !s.deleted {
			return s
		}
	}
	return nil
}

func (a *arena) Update(_ context.Context, r approval.Request, c approval.Card) error {
	return a.effect("update", func() error {
		s := a.card(c)
		if s == nil {
			return approval.ErrNotFound
		}
		s.drawn = a.clone(r)
		a.tell("  card %s shows %s", c.TS, r.State)
		return nil
	})
}

func (a *arena) Announce(_ context.Context, r approval.Request, c approval.Card, what approval.Announcement) error {
	return a.effect("announce", func() error {
		if a.card(c) == nil {
			return approval.ErrNotFound
		}
		late := r.State != approval.Pending && (what.Kind == approval.Reminding || what.Kind == approval.Escalating)
		if late || r.State != approval.Held && what.Kind == approval.Holding {
			a.fail("%s is announced of request %.4s, which is %s", what.Kind, r.ID, r.State)
		}
		a.tell("  announced below card %s: %s", c.TS, what.Kind)
		return nil
	})
}

func (a *arena) Voter(_ context.Context, id string) (u approval.SlackUser, err error) {
	err = a.effect("voter", func() error {
		known, ok := accounts[id]
		if !ok {
			return approval.ErrNotFound
		}
		u = known
		return nil
	})
	return u, err
}

func (a *arena) Members(_ context.Context, group string) (members []string, err error) {
	err = a.effect("members", func() error {
		all, ok := a.groups[group]
		if !ok {
			return approval.ErrNotFound
		}
		members = all
		return nil
	})
	return members, err
}

func (a *arena) Tell(_ context.Context, _ approval.Card, user, text string) error {
	return a.effect("tell", func() error {
		a.tell("  %s reads: %s", user, text)
		if flaw := unreadable(text); flaw != "" {
			a.fail("a voter is told %q, which %s", text, flaw)
		}
		return nil
	})
}

func (a *arena) Confirm(_ context.Context, _ approval.Card, user string, r approval.Request, i approval.Invitation) error {
	return a.effect("confirm", func() error {
		a.secrets = append(a.secrets, i.Code, i.URL)
		a.tell("  %s is given a link", user)
		if !r.Rule.HighRisk {
			a.fail("%s has to confirm what is no high risk", user)
		}
		return nil
	})
}

func (a *arena) Ask(_ context.Context, _ approval.Request, i approval.Invitation) error {
	return a.effect("mail", func() error {
		a.secrets = append(a.secrets, i.Code, i.URL)
		a.tell("  mail to %s", i.To.ID)
		return nil
	})
}

func (a *arena) Page(context.Context, string, string) error {
	return a.effect("page", func() error {
		a.pages++
		return nil
	})
}

func (a *arena) MAC(_ context.Context, message []byte) ([]byte, error) {
	sum := sha256.Sum256(message)
	return sum[:], a.effect("mac", func() error { return nil })
}

func (a *arena) Home(context.Context, string, approval.Overview) error {
	return a.effect("home", func() error { return nil })
}

func (a *arena) List(context.Context, string, approval.Overview) error {
	return a.effect("answer", func() error { return nil })
}

func (a *arena) Why(_ context.Context, _, _ string, found []approval.Standing) error {
	return a.effect("answer", func() error {
		for _, s := range found {
			if flaw := unreadable(approval.Explain(s.Request, s.Yours)); s.Yours != "" && flaw != "" {
				a.fail("the answer %q %s", approval.Explain(s.Request, s.Yours), flaw)
			}
		}
		return nil
	})
}
