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
	clickAgain = "Slack took too long to bring your click to Signalbox, so nothing was decided. Please press Reject again."
	noReason   = "Please say why, so that whoever made the change knows what to do."
	longReason = "Please keep it to 500 characters."
	notSaved   = "Could not record your answer, nothing was decided. Press Reject again."
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
	case Submission:
		return d.submission(ctx, i)
	case Unknown:
		slog.InfoContext(ctx, "slack interaction not known", "what", i.What, "slack_user", i.User)
	}
	return acknowledged(), nil
}

func (d *Door) click(ctx context.Context, c Click) (event.Response, error) {
	switch c.Action {
	case ActionApprove:
		return acknowledged(), d.cast(ctx, c.ballot(approval.Approve))
	case ActionReject:
		return acknowledged(), d.askReason(ctx, c)
	}
	return acknowledged(), nil // a link: the browser has followed it
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
	modal, err := RejectModal(c)
	if err != nil {
		return err
	}
	err = d.Desk.Open(ctx, c.Trigger, modal)
	if errors.Is(err, ErrTriggerExpired) {
		slog.WarnContext(ctx, "slack trigger expired", "request", c.Request, "slack_user", c.User)
		err = d.Desk.Tell(ctx, c.Card, c.User, clickAgain)
	}
	if err != nil {
		return fmt.Errorf("ask why request %s is rejected: %w", c.Request, err)
	}
	return nil
}

func (d *Door) submission(ctx context.Context, s Submission) (event.Response, error) {
	reason := strings.TrimSpace(s.Reason)
	switch {
	case reason == "":
		return complain(noReason)
	case utf8.RuneCountInString(reason) > approval.MaxReason:
		return complain(longReason)
	}
	err := d.cast(ctx, approval.Ballot{
		ID: "slack:view:" + s.View, RequestID: s.Request, Verdict: approval.Reject, Reason: reason,
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

// command answers a slash command. Slack does not say which workspace a person
// belongs to, but offers our commands to members of ours alone.
func (d *Door) command(ctx context.Context, body []byte) (event.Response, error) {
	form, err := parseForm(body)
	if err != nil {
		return event.Response{}, err
	}
	from := Origin{App: form.Get("api_app_id"), Team: form.Get("team_id"), User: form.Get("user_id"), UserTeam: form.Get("team_id")}
	if err := d.ours(from); err != nil {
		return event.Response{}, err
	}
	slog.InfoContext(ctx, "slash command", "command", name(form.Get("command")), "slack_user", name(from.User))
	return reply(map[string]any{"response_type": "ephemeral", "text": help})
}

// help answers every command: there is nothing yet that needs typing.
const help = `*Signalbox asks people before a release goes on.*
When a pipeline stops at an approval, a card appears in its channel. Everything is done with the card's buttons, so there is nothing to type here.

*How an approval works*
• The card says what is to be released, who may answer, and until when.
• *Approve* lets the release go on. *Reject* stops it and asks you for a reason, which everybody can read.
• The first answer of somebody who may answer decides. The card then shows who, when and why.
• Those people also get an e-mail with a link and a code, for when Slack is not at hand.

*Your answer did not count?* Only the people whom the card names can answer; Signalbox tells you who they are. Ask one of them.
*You should be one of them?* Who may answer is written in ` + "`config/signalbox.yaml`" + `, and changes with a review like code. Ask whoever looks after your pipelines.
*Nobody answers?* The card's *View pipeline* leads to the AWS console, where people with the right permission can answer too.`
