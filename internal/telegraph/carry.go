package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/notice"
)

// editPace is the least time between two changes of a card. What happens
// meanwhile is shown by the second.
const editPace = time.Second

// What a destination is to be told waits in the queue while it is left alone:
// for everywherePause if it takes nothing, and for outagePause if it does not
// answer.
const (
	everywherePause = 5 * time.Minute
	outagePause     = 10 * time.Second
)

// An errand is what is to be done at one place.
type errand struct {
	*Deliverer
	way
	view View
	card Card
	// url is the address of the card in Slack, for whoever is told elsewhere.
	url  string
	hash string
	// step, replies and held are what is due.
	step    notice.CardStep
	replies []notice.Reply
	held    []notice.Held
	failure *build.Failure
}

// planned is what v asks for at the place of c.
func (d *Deliverer) planned(w way, v View, c Card, url string) *errand {
	if c.Said == nil {
		c.Said = notice.Said{}
	}
	plan := d.Teller.Plan(v.Release, v.Delivery, c.Said, v.Now)
	e := &errand{Deliverer: d, way: w, view: v, card: c, url: url, step: plan.Card, held: plan.Held}
	if e.step != notice.NoCard {
		e.hash = d.Slack.Hash(v)
	}
	if e.step == notice.EditCard && e.hash == c.Hash {
		e.step = notice.NoCard
	}
	for _, reply := range plan.Replies {
		if w.wants(reply.Kind) {
			e.replies = append(e.replies, reply)
		}
	}
	return e
}

// keys are what the errand sends, as an attempt has them.
func (e *errand) keys() []string {
	var keys []string
	switch e.step {
	case notice.PostCard:
		keys = append(keys, notice.CardKey)
	case notice.EditCard:
		keys = append(keys, editKey)
	case notice.NoCard:
	}
	for _, r := range e.replies {
		keys = append(keys, r.Key)
	}
	return keys
}

// run does it all. It claims before it sends, and stores what came of it.
func (e *errand) run(ctx context.Context) error {
	if err := e.hold(ctx); err != nil {
		return err
	}
	keys := e.keys()
	if len(keys) == 0 {
		return e.settled(ctx, e.card)
	}
	if err := e.hush(ctx); err != nil {
		return err
	}
	var err error
	if e.card, err = e.claimed(ctx, e.card, keys); err != nil {
		return err
	}
	if over, err := e.show(ctx); over {
		return err
	}
	for _, r := range e.replies {
		err := e.say(ctx, e.card.Message, e.saying(ctx, r))
		if over, err := e.told(ctx, r.Key, err); over {
			return err
		}
		e.card.Said[r.Key] = true
	}
	return e.settled(ctx, e.card)
}

// hold keeps what is not said in quiet hours.
func (e *errand) hold(ctx context.Context) error {
	if len(e.held) == 0 {
		return nil
	}
	due, quiet := e.view.Delivery.Quiet.DigestAt(e.view.Now)
	if !quiet {
		due = e.view.Now
	}
	if err := e.Records.Hold(ctx, due, e.held...); err != nil {
		return fmt.Errorf("keep for the digest of %s: %w", e.card.Place, err)
	}
	for _, h := range e.held {
		e.card.Said[h.Key] = true
	}
	return nil
}

// hush takes the noise off what another release has been loud about.
func (e *errand) hush(ctx context.Context) error {
	for i, r := range e.replies {
		if r.Once == "" {
			continue
		}
		first, err := e.Records.Claim(ctx, r.Once, e.card.Of.ID+" "+r.Key)
		if err != nil {
			return fmt.Errorf("claim %q for %s: %w", r.Once, e.card.Place, err)
		}
		if !first {
			e.replies[i] = r.Hushed()
		}
	}
	return nil
}

// show posts or changes the card. It reports whether the errand is over.
func (e *errand) show(ctx context.Context) (bool, error) {
	key := notice.CardKey
	var err error
	switch e.step {
	case notice.PostCard:
		var m Message
		if m, err = e.slack.PostCard(ctx, e.to, e.view); err == nil {
			e.card.Message, e.card.Said[key] = m, true
		}
	case notice.EditCard:
		key = editKey
		err = e.slack.EditCard(ctx, e.card.Message, e.view)
	case notice.NoCard:
		return false, nil
	}
	if errors.Is(err, ErrNotFound) {
		return true, e.stop(ctx, "the card has been deleted in Slack")
	}
	if over, err := e.told(ctx, key, err); over {
		return true, err
	}
	if key == notice.CardKey && e.card.TS == "" {
		return true, e.stop(ctx, "Slack does not take the card")
	}
	e.card.Hash, e.card.EditedAt = e.hash, e.Now()
	return false, nil
}

// told sees to what became of sending key, and reports whether the errand is
// over. An answer that did not come leaves key to be looked up.
func (e *errand) told(ctx context.Context, key string, err error) (bool, error) {
	e.Breakers.tell(e.destination(), err, e.Now())
	var no *RefusedError
	switch {
	case err == nil:
		return false, nil
	case !errors.As(err, &no):
		return true, errors.Join(outage(err), e.settled(ctx, e.card, key))
	case no.Everywhere:
		paged := e.page(ctx, e.destination(), e.card.Of.ID, no, e.view.Now)
		later := &LaterError{After: everywherePause, Err: err}
		return true, errors.Join(later, paged, e.settled(ctx, e.card))
	case no.Sentence != "":
		return true, errors.Join(e.page(ctx, e.card.Place, e.card.Of.ID, no, e.view.Now), e.stop(ctx, no.Sentence))
	}
	slog.ErrorContext(ctx, "a message was refused and is left out", "place", e.card.Place, "key", key, "err", err)
	return false, nil
}

// outage is err as a *LaterError.
func outage(err error) error {
	var wait *LaterError
	if err == nil || errors.As(err, &wait) {
		return err
	}
	return &LaterError{After: outagePause, Err: err}
}

// stop stores why nothing more is sent about this execution.
func (e *errand) stop(ctx context.Context, why string) error {
	slog.WarnContext(ctx, "place given up", "place", e.card.Place, "execution", e.card.Of.ID, "why", why)
	e.card.Stopped = why
	return e.settled(ctx, e.card)
}
