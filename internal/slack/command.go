package slack

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

const (
	// maxReply is longer than any response_url of Slack, in bytes.
	maxReply = 1000
	// maxAbout is longer than any id or name that can be asked about.
	maxAbout = 100
)

// command answers a slash command. Slack does not say which workspace a person
// belongs to, but offers our commands to members of ours alone. A question is
// acknowledged with nothing: its answer comes by way of the response_url.
func (d *Door) command(ctx context.Context, body []byte) (event.Response, error) {
	form, err := parseForm(body)
	if err != nil {
		return event.Response{}, err
	}
	from := Origin{App: form.Get("api_app_id"), Team: form.Get("team_id"), User: form.Get("user_id"), UserTeam: form.Get("team_id")}
	if err := d.ours(from); err != nil {
		return event.Response{}, err
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(form.Get("text")), " ")
	slog.InfoContext(ctx, "slash command", "command", name(form.Get("command")), "word", name(word), "slack_user", name(from.User))
	switch strings.ToLower(word) {
	case string(approval.List):
		return d.ask(ctx, form, approval.Inquiry{Question: approval.List})
	case string(approval.Why):
		about := asked(rest)
		if about == "" {
			return whisper(usage)
		}
		return d.ask(ctx, form, approval.Inquiry{Question: approval.Why, About: about})
	}
	return whisper(help)
}

// ask puts a question from the command in form on the queue.
func (d *Door) ask(ctx context.Context, form url.Values, q approval.Inquiry) (event.Response, error) {
	trigger := form.Get("trigger_id")
	q.SlackUser, q.Reply, q.At = form.Get("user_id"), form.Get("response_url"), d.Now()
	if !isMemberID(q.SlackUser) || trigger == "" || q.Reply == "" || len(q.Reply) > maxReply {
		return event.Response{}, fmt.Errorf("%w: command", ErrMalformed)
	}
	q.ID = "slack:command:" + q.SlackUser + ":" + trigger // Slack makes a trigger once
	if err := d.Votes.Ask(ctx, q); err != nil {
		slog.ErrorContext(ctx, "question not put on the queue", "question", q.Question, "slack_user", q.SlackUser, "err", err)
		return whisper(notAsked)
	}
	return acknowledged(), nil
}

// asked is what a why is about, or empty when nobody could mean that: an id, a
// pipeline, or an address of the console that holds an execution's id.
func asked(typed string) string {
	typed = strings.Trim(strings.TrimSpace(typed), "`'\"<>#")
	if _, after, ok := strings.Cut(typed, "/executions/"); ok {
		typed, _, _ = strings.Cut(after, "/")
	}
	if len(typed) > maxAbout || !isPipeline(typed) {
		return ""
	}
	return typed
}

// whisper answers the one who typed, at once.
func whisper(text string) (event.Response, error) {
	return reply(map[string]any{"response_type": "ephemeral", "text": text})
}

const notAsked = "Signalbox could not take your question just now. Please try again."

const usage = "Which release? Say the id of its execution, or as many of its first characters as tell it from others: `/signalbox why 7f2d6c1e`. " +
	"The id stands at the foot of every card. The name of a pipeline will do as well: `/signalbox why web-shop`."

// help answers every command that is no question.
const help = `*Signalbox asks people before a release goes on.*
• ` + "`/signalbox approvals`" + ` shows what waits, and what waits for you. The home tab of the app shows the same.
• ` + "`/signalbox why 7f2d6c1e`" + ` says what a release waits for, who could answer, and what keeps you from it: an execution's id, or the name of a pipeline.

*How an approval works*
When a pipeline stops at an approval, a card appears in its channel. It says what is to be released, who may answer, how many of them must, and until when.
• *Approve* counts for you. When all that are needed have approved, the release goes on, or waits for its hours. *Take back* undoes it until then.
• *Reject* stops the release and asks you for a reason, which everybody can read. One is enough.
• Nobody approves their own release: not who started it, and not who made a change in it.
• Where a release is marked as high risk, a click does not count: you get your own link and confirm there.
• *Break glass* is for the few whom a rule names, alone and with a reason. It is told to everybody.
Approvers also get an e-mail with a link and a code, for when Slack is not at hand.

*Your answer did not count?* Signalbox tells you why, and who could answer.
*You should be one of them?* Who may answer is written in ` + "`config/signalbox.yaml`" + `, and changes with a review like code. Ask whoever looks after your pipelines.
*Nobody answers?* The card's *View pipeline* leads to the AWS console, where people with the right permission can answer too.`
