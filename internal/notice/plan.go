package notice

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// Said are the keys of what has been said about a release in one place.
type Said map[string]bool

// CardKey is in Said once the card has been posted.
const CardKey = "card"

func (s Said) begins(prefix string) bool {
	for k := range s {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

// Limits of one thread, so that what is kept about it is bounded.
const (
	// maxSaid is how many keys are remembered. A release that has had more
	// retries has its card and nothing else.
	maxSaid = 300
	// maxAlike is how many failures of one attempt are told one by one; all of
	// them are on the card.
	maxAlike = 5
)

// A CardStep is what to do with a card.
type CardStep string

// The steps. NoCard is the zero CardStep.
const (
	NoCard   CardStep = ""
	PostCard CardStep = "post"
	EditCard CardStep = "edit"
)

// A Plan is what is due in one place.
type Plan struct {
	Card CardStep
	// Replies are to be sent in order; each Key counts as said once it is sent.
	Replies []Reply
	// Held is for the digest: it counts as said once it is kept there.
	Held []Held
}

// A Reply is one thing to say: in the thread of the card or, where there is no
// card, by itself.
type Reply struct {
	// Key is the same whenever the same thing is planned again.
	Key           string
	Kind          Kind
	Stage, Action string
	// Next is the stage that began after Stage, if one did.
	Next    string
	Attempt int
	At      time.Time // zero if it is not known
	// Broadcast shows the reply in the channel too, and Mention calls people.
	Broadcast bool
	Mention   []Who
	// Once is a key across releases, or empty: only the first reply to claim it
	// is loud, and any other is to be sent Hushed.
	Once string
}

// Hushed is r without noise.
func (r Reply) Hushed() Reply {
	r.Broadcast, r.Mention = false, nil
	return r
}

// A Teller plans what to say. It is safe for concurrent use.
type Teller struct {
	// People tells who wrote a change. Nil knows nobody.
	People *people.Index
}

// Plan says what is due about r at the place of d, of which said has been said
// before. It follows from these alone: whoever carries a plan out twice or
// only in part, and adds the keys of what he did to said, ends where one who
// did it at once does.
func (t Teller) Plan(r Release, d Delivery, said Said, now time.Time) Plan {
	plan := Plan{Card: d.card(said)}
	quiet := d.Sink == "" && d.Quiet.at(now)
	told := said.clone()
	for _, f := range facts(r, said, now) {
		if told[f.key] || !d.wants(f.kind) || len(told) >= maxSaid || told.count(f.scope) >= maxAlike {
			continue
		}
		reply := t.reply(r, d, f, told)
		told[f.key] = true
		if quiet && d.noise(reply) && !slices.Contains(d.Urgent, f.kind) {
			plan.Held = append(plan.Held, held(r, d, f, now))
			if d.Mode == Post {
				continue
			}
			reply = reply.Hushed()
		}
		plan.Replies = append(plan.Replies, reply)
	}
	return plan
}

// card is what becomes of the card at d.
func (d Delivery) card(said Said) CardStep {
	switch {
	case d.Mode == Off || d.Mode == Post:
		return NoCard
	case said[CardKey]:
		return EditCard
	case d.Mode == UpdateOnly:
		return NoCard
	}
	return PostCard
}

// noise reports whether reply disturbs somebody: a message by itself does.
func (d Delivery) noise(reply Reply) bool {
	return reply.Broadcast || len(reply.Mention) > 0 || d.Mode == Post
}

// reply makes f ready to be said, after what told has.
func (t Teller) reply(r Release, d Delivery, f fact, told Said) Reply {
	reply := Reply{
		Key: f.key, Kind: f.kind, Stage: f.stage, Action: f.action, Next: f.next, Attempt: f.attempt, At: f.at,
		Mention: t.mention(r, d, f.kind),
	}
	// The approval's own card is in the channel already.
	reply.Broadcast = f.kind.Loud() && (f.kind != Approval || len(reply.Mention) > 0)
	if reply.Broadcast {
		reply.Once = d.once(r, f)
	}
	if told.count(f.scope) > 0 || reply.Once != "" && told[reply.Once] {
		return reply.Hushed()
	}
	return reply
}

// wants reports whether things of the kind are said at d.
func (d Delivery) wants(k Kind) bool {
	switch {
	case d.Mode == Off || d.Mode == UpdateOnly || d.Say != nil && !slices.Contains(d.Say, k):
		return false
	case d.Sink != "":
		return true // the sink picks
	case d.Direct == DirectFailure:
		return k == Failed || k == Rejected
	case d.Mode == Post || d.Direct == DirectAll:
		return k.Loud() || k.Outcome()
	}
	return k != Started // the card itself says so
}

func (s Said) clone() Said {
	all := make(Said, len(s)+4)
	for k, yes := range s {
		if yes {
			all[k] = true
		}
	}
	return all
}

// count is how many keys begin with the prefix; none if that is empty.
func (s Said) count(prefix string) int {
	n := 0
	for k := range s {
		if prefix != "" && strings.HasPrefix(k, prefix) {
			n++
		}
	}
	return n
}
