package slack

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

// actionOperate begins the ids of the buttons that have something done about an
// execution.
const actionOperate = "release_"

// maxAnswer is longer than any of our answers, in characters.
const maxAnswer = 1000

// OperateAction is the action id of the button for c.
func OperateAction(c release.Command) string { return actionOperate + string(c) }

// OperateValue is what such a button carries: the execution.
func OperateValue(id release.ExecutionID) string {
	return strings.Join([]string{id.Account, id.Region, id.Pipeline, id.ID}, "|")
}

// A Press is a click on one of these buttons.
type Press struct {
	Origin
	Command release.Command
	Of      release.ExecutionID
	// TS tells one click on a button from the next.
	TS string
	// Reply is where Slack takes the answer; never log it.
	Reply string
}

func commandOf(action string) (release.Command, bool) {
	c, ok := strings.CutPrefix(action, actionOperate)
	return release.Command(c), ok && slices.Contains(release.Commands, release.Command(c))
}

func (p payload) press(from Origin, c release.Command) (Interaction, error) {
	a := p.Actions[0]
	parts := strings.Split(a.Value, "|")
	if a.Type != "button" || len(parts) != 4 || slices.Contains(parts, "") || !isTS(a.TS) || p.ResponseURL == "" || len(p.ResponseURL) > maxReply {
		return nil, fmt.Errorf("%w: %s", ErrMalformed, a.Action)
	}
	of := release.ExecutionID{Account: parts[0], Region: parts[1], Pipeline: parts[2], ID: parts[3]}
	return Press{Origin: from, Command: c, Of: of, TS: a.TS, Reply: p.ResponseURL}, nil
}

// Operations takes what people want to have done. Once Submit returns nil, it
// is safe.
type Operations interface {
	Submit(ctx context.Context, op queue.Operation) error
}

// Answer tells text, which is plain, to the one whose click came with reply.
func (c *Client) Answer(ctx context.Context, reply, text string) error {
	return c.Respond(ctx, reply, Message{Text: string(escape(text, maxAnswer))})
}

func (d *Door) press(ctx context.Context, p Press) (event.Response, error) {
	op := queue.Operation{
		ID:      strings.Join([]string{"slack", p.Of.ID, string(p.Command), p.User, p.TS}, ":"),
		Command: p.Command, Of: p.Of, SlackUser: p.User, Reply: p.Reply, At: d.Now(),
	}
	if err := d.Operations.Submit(ctx, op); err != nil {
		return event.Response{}, fmt.Errorf("submit %s of execution %s: %w", p.Command, p.Of.ID, err)
	}
	slog.InfoContext(ctx, "operation submitted",
		"pipeline", p.Of.Pipeline, "execution", p.Of.ID, "command", p.Command, "slack_user", p.User)
	return acknowledged(), nil
}
