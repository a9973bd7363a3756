package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/signalbox/signalbox/internal/people"
)

// find looks up what people should know about w before they are asked. It
// always succeeds: what could not be read is in the notes, and keeps people
// from approving where it has to.
func (k *Asker) find(ctx context.Context, w Waiting) Findings {
	found := Findings{Members: map[string][]people.Person{}}
	changes, err := k.Source.Changes(ctx, w)
	found.Changes = changes
	if err != nil {
		slog.ErrorContext(ctx, "changes not read", "metric", "ChangesUnread", "pipeline", w.Pipeline, "execution", w.ExecutionID, "err", err)
		found.Unread = true
	}
	rule, _ := k.Book.For(w.Action)
	for _, g := range rule.Groups() {
		members, note := k.members(ctx, g)
		found.Members[g] = members
		if note != "" {
			found.Notes = append(found.Notes, note)
		}
	}
	return found
}

// members lists those members of a Slack user group who are in the
// configuration, and says what is wrong with the others.
func (k *Asker) members(ctx context.Context, group string) (known []people.Person, note string) {
	ids, err := k.Circles.Members(ctx, group)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, "The Slack user group " + group + " does not exist or is disabled, so it admits nobody."
	case err != nil:
		slog.WarnContext(ctx, "user group not read", "group", group, "err", err)
		return nil, "Slack did not say who is in the user group " + group + ". Its members can answer all the same."
	case len(ids) == 0:
		return nil, "The Slack user group " + group + " has no members, so it admits nobody."
	}
	for _, id := range ids {
		if p, ok := k.People.BySlack(id); ok {
			known = append(known, p)
		}
	}
	if strangers := len(ids) - len(known); strangers > 0 {
		note = fmt.Sprintf("%d of the %d members of the Slack user group %s are not in Signalbox's configuration and cannot answer.", strangers, len(ids), group)
	}
	return known, note
}

// reread reads again who made the changes of r, where that was impossible when
// it was opened.
func (k *Asker) reread(ctx context.Context, r Request) (Request, error) {
	changes, err := k.Source.Changes(ctx, r.Waiting)
	if err != nil {
		return r, fmt.Errorf("read the changes of request %s: %w", r.ID, err)
	}
	return k.amend(ctx, r, func(r Request) (Request, bool) {
		was := r.Ties.Unread
		r.Changes, r.Ties = changes, TiesOf(r.Waiting, changes, k.People)
		return r, was
	})
}
