package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/secret"
)

// callTimeout bounds one call: a person in Slack waits three seconds at most.
const callTimeout = 2500 * time.Millisecond

// A Token is the bot token. *secret.Value is one.
type Token interface {
	Get(ctx context.Context) (secret.Text, error)
	// Refresh makes Get read the token again, if it has not just done so.
	Refresh(ctx context.Context) error
}

// A Client calls Slack's Web API. It satisfies approval.Cards,
// approval.Clickers and approval.Desk. It never repeats a call by itself, because what Slack did
// not confirm may still have happened, with two exceptions that Slack has
// certainly refused: an outdated token, and blocks it does not take.
//
// Its errors hold neither the token nor a URL. One of them is a
// *RateLimitedError.
type Client struct {
	url   string
	team  string
	http  *http.Client
	token Token
}

var (
	_ approval.Cards    = (*Client)(nil)
	_ approval.Clickers = (*Client)(nil)
	_ approval.Desk     = (*Client)(nil)
)

// NewClient returns a client for the API at apiURL, which ends in a slash, and
// for the members of the workspace team.
func NewClient(apiURL, team string, httpClient *http.Client, token Token) *Client {
	own := *httpClient
	// A redirect would take the token along.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{url: apiURL, team: team, http: &own, token: token}
}

// call runs one method, and once more if Slack says that the token is outdated
// and there is another.
func (c *Client) call(ctx context.Context, method string, do func(context.Context, *slackgo.Client) error) error {
	token, err := c.token.Get(ctx)
	if err != nil {
		return fmt.Errorf("slack %s: read the bot token: %w", method, err)
	}
	err = c.try(ctx, method, token, do)
	if !refused(err, "invalid_auth", "token_revoked", "token_expired", "not_authed", "account_inactive") {
		return err
	}
	if again := c.token.Refresh(ctx); again != nil {
		return errors.Join(err, fmt.Errorf("refresh the bot token: %w", again))
	}
	fresh, again := c.token.Get(ctx)
	if again != nil || fresh.Reveal() == token.Reveal() {
		return errors.Join(err, again)
	}
	return c.try(ctx, method, fresh, do)
}

func (c *Client) try(ctx context.Context, method string, token secret.Text, do func(context.Context, *slackgo.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	api := slackgo.New(token.Reveal(), slackgo.OptionAPIURL(c.url), slackgo.OptionHTTPClient(c.http))
	return explain(method, do(ctx, api), token.Reveal())
}

// show sends m. If Slack does not take its blocks, which is our mistake, the
// text alone is better than what is there now.
func (c *Client) show(ctx context.Context, method string, m Message, send func(context.Context, *slackgo.Client, ...slackgo.MsgOption) error) error {
	// chat.update would otherwise look for links and names in the text.
	text := []slackgo.MsgOption{slackgo.MsgOptionText(m.Text, false), slackgo.MsgOptionParse(false)}
	err := c.call(ctx, method, func(ctx context.Context, api *slackgo.Client) error {
		return send(ctx, api, append(slices.Clone(text), slackgo.MsgOptionBlocks(m.Blocks...))...)
	})
	if !refused(err, "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long") {
		return err
	}
	slog.ErrorContext(ctx, "slack does not take the blocks, sending the text alone", "method", method, "err", err)
	return c.call(ctx, method, func(ctx context.Context, api *slackgo.Client) error {
		return send(ctx, api, slices.Clone(text)...)
	})
}

// confirmed requires what Slack names in every true confirmation.
func confirmed(err error, named ...string) error {
	if err == nil && slices.Contains(named, "") {
		return errNoAnswer
	}
	return err
}

// Voter looks up a member. It fails with approval.ErrNotFound when Slack knows
// no such member.
func (c *Client) Voter(ctx context.Context, slackUser string) (approval.SlackUser, error) {
	var u slackgo.User
	err := c.call(ctx, "users.info", func(ctx context.Context, api *slackgo.Client) error {
		found, err := api.GetUserInfoContext(ctx, slackUser, slackgo.GetUserInfoOptionIncludeLocale(false))
		if err == nil {
			u = *found
		}
		return confirmed(err, u.ID)
	})
	switch {
	case refused(err, "user_not_found", "users_not_found", "user_not_visible"):
		return approval.SlackUser{}, fmt.Errorf("slack users.info: %w", approval.ErrNotFound)
	case err != nil:
		return approval.SlackUser{}, err
	case u.ID != slackUser:
		return approval.SlackUser{}, errors.New("slack users.info: the answer is about somebody else")
	}
	return approval.SlackUser{
		Name:    u.RealName,
		Deleted: u.Deleted,
		Bot:     u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || u.ID == "USLACKBOT", // which Slack does not call a bot
		Guest:   u.IsRestricted || u.IsUltraRestricted,
		Foreign: u.IsStranger || u.TeamID != c.team && !slices.Contains(u.Enterprise.Teams, c.team),
	}, nil
}

// Open shows a modal to whoever holds the trigger. It fails with
// ErrTriggerExpired when the click is too long ago. A trigger that has been
// used is no failure: then the modal is open.
func (c *Client) Open(ctx context.Context, trigger string, modal slackgo.ModalViewRequest) error {
	err := c.call(ctx, "views.open", func(ctx context.Context, api *slackgo.Client) error {
		answer, err := api.OpenViewContext(ctx, trigger, modal)
		if err != nil {
			return err
		}
		return confirmed(nil, answer.ID)
	})
	switch {
	case refused(err, "exchanged_trigger_id"):
		return nil
	case refused(err, "expired_trigger_id"):
		return fmt.Errorf("slack views.open: %w", ErrTriggerExpired)
	}
	return err
}
