package slack

import (
	"crypto/rand"
	"slices"
	"time"
)

// What an interaction gives the app to act on, and for how long.
// https://docs.slack.dev/interactivity/handling-user-interaction
const (
	triggerLife  = 3 * time.Second
	replyLife    = 30 * time.Minute
	maxReplyUses = 5
	// maxTickets is how many of each kind are remembered.
	maxTickets = 1000
)

// A trigger lets the app open one view for the user who did something.
type trigger struct {
	id     string
	user   string
	origin Origin
	ends   time.Time
	used   bool
}

// triggers are the latest triggers, oldest first.
type triggers []*trigger

func (t *triggers) add(issued trigger) string {
	issued.id = rand.Text()
	*t = append(*t, &issued)
	if len(*t) > maxTickets {
		*t = slices.Delete(*t, 0, 1)
	}
	return issued.id
}

// use spends the trigger. The problem is Slack's code, or empty.
func (t triggers) use(id string, now time.Time) (found trigger, problem string) {
	i := slices.IndexFunc(t, func(t *trigger) bool { return t.id == id })
	switch {
	case i < 0:
		return trigger{}, "invalid_trigger_id"
	case t[i].used:
		return trigger{}, "exchanged_trigger_id"
	case now.After(t[i].ends):
		return trigger{}, "expired_trigger_id"
	}
	t[i].used = true
	return *t[i], ""
}

// A replyTicket is what a response_url stands for.
type replyTicket struct {
	id, secret string
	user       string
	channel    string
	// origin is the message that was clicked; empty after a command.
	origin Origin
	ends   time.Time
	uses   int
}

// replies are the latest response_urls, oldest first.
type replies []*replyTicket

func (r *replies) add(issued replyTicket) *replyTicket {
	issued.secret = rand.Text()
	*r = append(*r, &issued)
	if len(*r) > maxTickets {
		*r = slices.Delete(*r, 0, 1)
	}
	return &issued
}

// use spends one use. The problem is Slack's code, or empty.
func (r replies) use(id, secret string, now time.Time) (found replyTicket, problem string) {
	i := slices.IndexFunc(r, func(t *replyTicket) bool { return t.id == id && t.secret == secret })
	switch {
	case i < 0:
		return replyTicket{}, "invalid_url"
	case now.After(r[i].ends):
		return replyTicket{}, "expired_url"
	case r[i].uses >= maxReplyUses:
		return replyTicket{}, "used_url"
	}
	r[i].uses++
	return *r[i], ""
}

// trigger issues a trigger_id.
func (w *Workspace) trigger(user string, from Origin) string {
	return w.triggers.add(trigger{user: user, origin: from, ends: w.now().Add(triggerLife)})
}

// responseURL issues a response_url.
func (w *Workspace) responseURL(user, channel string, from Origin) string {
	t := w.replies.add(replyTicket{
		id:   w.id("R"),
		user: user, channel: channel, origin: from,
		ends: w.now().Add(replyLife),
	})
	return w.base + "/response/" + t.id + "/" + t.secret
}
