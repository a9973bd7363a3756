package slack_test

import (
	"context"
	"errors"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
)

// vault is a secret that rotates: renewed is what it becomes when refreshed.
type vault struct {
	mu                         sync.Mutex
	current, previous, renewed string
	refreshed                  int
	err, refreshErr            error
}

func (v *vault) Get(context.Context) (secret.Text, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return secret.NewText(v.current), v.err
}

func (v *vault) Previous(context.Context) (secret.Text, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return secret.NewText(v.previous), v.err
}

func (v *vault) Refresh(context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refreshed++
	if v.renewed != "" {
		v.current = v.renewed
	}
	return v.refreshErr
}

// queue is a votes queue, which drops what comes again.
type queue struct {
	mu        sync.Mutex
	ballots   []approval.Ballot
	inquiries []approval.Inquiry
	err       error
}

func (q *queue) Cast(_ context.Context, b approval.Ballot) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, had := range q.ballots {
		if had.ID == b.ID {
			return q.err
		}
	}
	if q.err == nil {
		q.ballots = append(q.ballots, b)
	}
	return q.err
}

func (q *queue) Ask(_ context.Context, i approval.Inquiry) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, had := range q.inquiries {
		if had.ID == i.ID {
			return q.err
		}
	}
	if q.err == nil {
		q.inquiries = append(q.inquiries, i)
	}
	return q.err
}

// desk is Slack's Web API.
type desk struct {
	openErr, tellErr error
	opened           []slackgo.ModalViewRequest
	told             []string
}

func (d *desk) Open(ctx context.Context, trigger string, m slackgo.ModalViewRequest) error {
	if _, bounded := ctx.Deadline(); !bounded || trigger != triggerOfAll {
		return errors.New("no deadline, or not the trigger")
	}
	if d.openErr == nil {
		d.opened = append(d.opened, m)
	}
	return d.openErr
}

func (d *desk) Tell(_ context.Context, c approval.Card, user, text string) error {
	d.told = append(d.told, c.Channel+" "+user+": "+text)
	return d.tellErr
}

// front is a door with all that is behind it.
type front struct {
	vault *vault
	votes *queue
	desk  *desk
	door  *slack.Door
}

func newFront() *front {
	f := &front{vault: &vault{current: signingKey}, votes: &queue{}, desk: &desk{}}
	f.door = &slack.Door{App: "A0SIGNALBOX", Team: "T0SIGNALBOX", Signing: f.vault, Votes: f.votes, Desk: f.desk, Now: func() time.Time { return now }}
	return f
}
