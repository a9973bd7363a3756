package approval

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/signalbox/signalbox/internal/people"
)

// voter makes a vote of b: it finds out who cast it, and to which Slack user
// groups of the rule they belong. Slack is asked about a voter only once it is
// clear that they are listed: everybody else is refused without that call.
func (d *Decider) voter(ctx context.Context, r Request, b Ballot) (Vote, Refusal, error) {
	v := Vote{Verdict: b.Verdict, Door: b.Door, Reason: b.Reason, At: b.At, Ballot: b.ID}
	if r.State.Final() || !r.answerable() {
		return v, "", nil // Count has the better answer
	}
	v.By = d.person(r, b)
	groups, gone, err := d.groups(ctx, r, v.By, b)
	if err != nil {
		return v, "", err
	}
	v.Groups = groups
	switch {
	case v.By.ID == "" && len(groups) > 0:
		return v, NotConfigured, nil
	case v.By.ID != "" && (r.lists(v.By, groups) || r.shadowLists(v)):
	case gone:
		return v, GroupGone, nil
	default:
		return v, NotApprover, nil
	}
	if b.Door != DoorSlack {
		return v, "", nil
	}
	why, err := d.account(ctx, b.SlackUser)
	return v, why, err
}

// person is whoever cast b, or nobody.
func (d *Decider) person(r Request, b Ballot) people.Person {
	listed := join(slices.Clone(r.Approvers), r.Rule.BreakGlass)
	switch b.Door {
	case DoorEmail:
		if p, ok := people.ByID(listed, b.PersonID); ok {
			return p
		}
		p, _ := d.People.ByID(b.PersonID)
		return p
	case DoorSlack:
		if p, ok := people.BySlack(listed, b.SlackUser); ok {
			return p
		}
		p, _ := d.People.BySlack(b.SlackUser)
		return p
	}
	return people.Person{}
}

// groups lists the Slack user groups, of those that the rules of r name, to
// which the voter belongs now, and whether any of them is gone.
func (d *Decider) groups(ctx context.Context, r Request, p people.Person, b Ballot) (in []string, gone bool, err error) {
	user := b.SlackUser
	if user == "" {
		user = p.Slack
	}
	names := r.Rule.Groups()
	for _, s := range r.Shadows {
		names = union(names, s.Rule.Groups())
	}
	for _, g := range names {
		var members []string
		err := again(ctx, d.Pause, func() (err error) {
			members, err = d.Circles.Members(ctx, g)
			return err
		})
		switch {
		case errors.Is(err, ErrNotFound):
			gone = true
		case err != nil:
			return nil, false, fmt.Errorf("read the Slack user group %s: %w", g, err)
		case user != "" && slices.Contains(members, user):
			in = append(in, g)
		}
	}
	return in, gone, nil
}

// shadowLists reports whether a rule in shadow mode would let v's voter answer.
func (r Request) shadowLists(v Vote) bool {
	return slices.ContainsFunc(r.Shadows, func(s Shadow) bool { return r.under(s).lists(v.By, v.Groups) })
}

// account asks Slack whether the account of a voter may vote at all.
func (d *Decider) account(ctx context.Context, slackUser string) (Refusal, error) {
	var u SlackUser
	err := again(ctx, d.Pause, func() (err error) {
		u, err = d.Clickers.Voter(ctx, slackUser)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return NotInSlack, nil
	}
	if err != nil {
		return "", fmt.Errorf("look up Slack user %s: %w", slackUser, err)
	}
	return u.refusal(), nil
}

// refusal says which kind of Slack account may not vote at all.
func (u SlackUser) refusal() Refusal {
	switch {
	case u.Deleted:
		return Deactivated
	case u.Bot:
		return Bot
	case u.Foreign:
		return Foreign
	case u.Guest:
		return Guest
	}
	return ""
}
