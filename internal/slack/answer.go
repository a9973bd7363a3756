package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// What people read when their answer could not be taken.
const (
	clickAgain = "Slack took too long to bring your click to Signalbox, so nothing was decided. Please press the button again."
	noReason   = "Please say why, so that others can follow."
	longReason = "Please keep it to 500 characters."
	notSaved   = "Could not record your answer, nothing was decided. Please send it again."
)

// acknowledged tells Slack that all is well; for a modal, to close it. Slack
// wants status 200 and an empty body.
// https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response
func acknowledged() event.Response { return event.Response{Status: http.StatusOK} }

func (d *Door) interaction(ctx context.Context, body []byte) (event.Response, error) {
	i, err := ParseInteraction(body)
	if err != nil {
		return event.Response{}, err
	}
	if err := d.ours(i.From()); err != nil {
		return event.Response{}, err
	}
	switch i := i.(type) {
	case Click:
		return d.click(ctx, i)
	case Press:
		return d.press(ctx, i)
	case Submission:
		return d.submission(ctx, i)
	case Unknown:
		slog.InfoContext(ctx, "slack interaction without effect", "what", i.What, "slack_user", i.User)
	}
	return acknowledged(), nil
}

func (d *Door) click(ctx context.Context, c Click) (event.Response, error) {
	verdict, votes := verdictOf(c.Action)
	if !votes {
		return acknowledged(), nil // a link: the browser has followed it
	}
	if _, asks := wordingOf(c.Action); asks {
		return acknowledged(), d.askReason(ctx, c)
	}
	return acknowledged(), d.cast(ctx, c.ballot(verdict))
}

// ballot names the click, so that the queue drops the same click when it comes
// again.
func (c Click) ballot(v approval.Verdict) approval.Ballot {
	return approval.Ballot{
		ID:        strings.Join([]string{"slack", c.Card.Channel, c.Card.TS, c.Action, c.User, c.TS}, ":"),
		RequestID: c.Request, Verdict: v, Door: approval.DoorSlack, SlackUser: c.User, Card: c.Card,
	}
}

func (d *Door) cast(ctx context.Context, b approval.Ballot) error {
	b.At = d.Now()
	if err := d.Votes.Cast(ctx, b); err != nil {
		return fmt.Errorf("cast ballot for request %s: %w", b.RequestID, err)
	}
	slog.InfoContext(ctx, "ballot cast", "request", b.RequestID, "verdict", b.Verdict, "door", b.Door, "slack_user", b.SlackUser)
	return nil
}

// askReason opens the modal. When the click is too old for that, the person is
// asked to click again, which is no failure of ours to report to Slack.
func (d *Door) askReason(ctx context.Context, c Click) error {
	modal, err := ReasonModal(c)
	if err != nil {
		return err
	}
	err = d.Desk.Open(ctx, c.Trigger, modal)
	if errors.Is(err, ErrTriggerExpired) {
		slog.WarnContext(ctx, "slack trigger expired", "request", c.Request, "slack_user", c.User)
		err = d.Desk.Tell(ctx, c.Card, c.User, clickAgain)
	}
	if err != nil {
		return fmt.Errorf("ask for the reason of an answer to request %s: %w", c.Request, err)
	}
	return nil
}

func (d *Door) submission(ctx context.Context, s Submission) (event.Response, error) {
	verdict, _ := verdictOf(s.Action)
	w, _ := wordingOf(s.Action)
	reason := strings.TrimSpace(s.Reason)
	switch {
	case reason == "" && !w.optional:
		return complain(noReason)
	case utf8.RuneCountInString(reason) > approval.MaxReason:
		return complain(longReason)
	}
	err := d.cast(ctx, approval.Ballot{
		ID: "slack:view:" + s.View, RequestID: s.Request, Verdict: verdict, Reason: reason,
		Door: approval.DoorSlack, SlackUser: s.User, Card: s.Card,
	})
	if err != nil {
		slog.ErrorContext(ctx, "ballot not cast", "request", s.Request, "slack_user", s.User, "err", err)
		return complain(notSaved)
	}
	return acknowledged(), nil
}

// complain leaves the modal open, with what was typed, and shows text at the
// reason.
func complain(text string) (event.Response, error) {
	return reply(map[string]any{"response_action": "errors", "errors": map[string]string{FieldReason: text}})
}

func reply(body map[string]any) (event.Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return event.Response{}, fmt.Errorf("encode answer to Slack: %w", err)
	}
	return event.Response{Status: http.StatusOK, Header: map[string]string{"Content-Type": "application/json"}, Body: string(raw)}, nil
}

// options answers menus that load their choices from us; no view has one yet.
func (d *Door) options(_ context.Context, body []byte) (event.Response, error) {
	i, err := ParseInteraction(body)
	if err != nil {
		return event.Response{}, err
	}
	if err := d.ours(i.From()); err != nil {
		return event.Response{}, err
	}
	return reply(map[string]any{"options": []string{}})
}
