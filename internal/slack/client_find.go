package slack

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

const (
	// findPage is how many messages are asked for at once, and maxFindPages how
	// often: what is looked for was posted minutes ago.
	findPage     = 200
	maxFindPages = 10
)

// Find looks for our messages about an execution in the thread of m or, if it
// has no TS, in its channel since a moment: then also in the thread of the card,
// once that is found. Only what our own bot has posted counts, as anybody can
// mark messages like ours.
func (c *Client) Find(ctx context.Context, m telegraph.Message, of release.ExecutionID, since time.Time) (map[string]telegraph.Message, error) {
	channel, err := c.channelOf(ctx, m.Channel)
	if err != nil {
		return nil, told(err)
	}
	bot, err := c.bot(ctx)
	if err != nil {
		return nil, told(err)
	}
	s := search{Client: c, bot: bot, of: markedAs(of), found: map[string]telegraph.Message{}}
	m.Channel = channel
	if err := s.look(ctx, m, since); err != nil {
		return nil, told(err)
	}
	if card, posted := s.found[notice.CardKey]; posted && m.TS == "" {
		if err := s.look(ctx, card, since); err != nil {
			return nil, told(err)
		}
	}
	return s.found, nil
}

// A search gathers the messages that are marked as of something.
type search struct {
	*Client
	bot, of string
	found   map[string]telegraph.Message
}

// look reads a thread, or a channel since a moment.
func (s search) look(ctx context.Context, m telegraph.Message, since time.Time) error {
	cursor := ""
	for range maxFindPages {
		read := s.channel
		if m.TS != "" {
			read = s.thread
		}
		page, next, err := read(ctx, m, since, cursor)
		if refused(err, "thread_not_found") {
			return nil // it has been deleted, with all that was in it
		}
		if err != nil {
			return err
		}
		for _, one := range page {
			s.take(m.Channel, one)
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
	slog.WarnContext(ctx, "slack has too many messages to look through", "channel", m.Channel, "ts", m.TS, "since", since)
	return nil
}

// take adds one if it is ours. Of two with one key the first that was posted
// stays: the channel is read backwards, a thread forwards.
func (s search) take(channel string, one slackgo.Message) {
	payload := one.Metadata.EventPayload
	key, _ := payload[markKey].(string)
	if one.BotID != s.bot || one.Metadata.EventType != markType || payload[markOf] != s.of || key == "" {
		return
	}
	if before, twice := s.found[key]; !twice || one.Timestamp < before.TS {
		s.found[key] = telegraph.Message{Channel: channel, TS: one.Timestamp}
	}
}

// thread reads a page of answers, with the message that they answer.
func (s search) thread(ctx context.Context, m telegraph.Message, _ time.Time, cursor string) (page []slackgo.Message, next string, err error) {
	err = s.call(ctx, "conversations.replies", func(ctx context.Context, api *slackgo.Client) error {
		var err error
		page, _, next, err = api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
			ChannelID: m.Channel, Timestamp: m.TS, Cursor: cursor, Limit: findPage, IncludeAllMetadata: true,
		})
		return listed(err, page)
	})
	return page, next, err
}

// channel reads a page of what a channel shows, the latest first.
func (s search) channel(ctx context.Context, m telegraph.Message, since time.Time, cursor string) (page []slackgo.Message, next string, err error) {
	err = s.call(ctx, "conversations.history", func(ctx context.Context, api *slackgo.Client) error {
		answer, err := api.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{
			ChannelID: m.Channel, Cursor: cursor, Limit: findPage, IncludeAllMetadata: true,
			Oldest: strconv.FormatInt(since.Unix(), 10), Inclusive: true,
		})
		if err != nil {
			return err
		}
		page, next = answer.Messages, answer.ResponseMetaData.NextCursor
		return listed(nil, page)
	})
	return page, next, err
}

// listed requires a list, even if it is empty: nothing found means that nothing
// has arrived.
func listed(err error, page []slackgo.Message) error {
	if err == nil && page == nil {
		return errNoAnswer
	}
	return err
}

// bot is the id under which our messages stand.
func (c *Client) bot(ctx context.Context) (id string, err error) {
	err = c.call(ctx, "auth.test", func(ctx context.Context, api *slackgo.Client) error {
		answer, err := api.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		id = answer.BotID
		return confirmed(nil, id)
	})
	return id, err
}
