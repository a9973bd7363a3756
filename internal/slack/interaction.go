package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// ErrMalformed means that a request does not have the form that Slack gives
// it. The error that wraps it says where, without repeating what was there.
var ErrMalformed = errors.New("malformed")

// An Origin says where a request comes from.
type Origin struct {
	App  string // our app's id, as Slack sees it
	Team string // the workspace in which it happened
	User string // who did it
	// UserTeam is the workspace that the person belongs to: another one than
	// Team for guests from a shared channel.
	UserTeam string
}

// An Interaction is what a person did in Slack: a Click, a Press, a Submission,
// or something that is Unknown to us.
type Interaction interface{ From() Origin }

// A Click is a press of one of our buttons.
type Click struct {
	Origin
	Action  string // one of the Action… constants
	Request string // the id of the request
	Card    approval.Card
	// TS tells one click on a button from the next.
	TS string
	// Trigger lets us open a modal within about three seconds.
	Trigger string
	// About is the text of the card, as it was when it was clicked.
	About string
}

// A Submission is one of our modals that has been sent. The reason is as typed.
type Submission struct {
	Origin
	Action  string // what the modal was opened for: one of the Action… constants
	View    string // the id of this modal
	Request string
	Card    approval.Card
	Reason  string
}

// Unknown is anything else that Slack tells us of, such as a click on a link.
// It is not an error: old messages keep their buttons for good.
type Unknown struct {
	Origin
	What string // the type, or the action, for the log
}

// From returns where the interaction comes from.
func (o Origin) From() Origin { return o }

// payload is the part of Slack's payload used here. The library's type reads
// the whole message with it, so that a block it does not know in somebody
// else's message could stop an approval.
// https://docs.slack.dev/reference/interaction-payloads/
type payload struct {
	Type    string `json:"type"`
	App     string `json:"api_app_id"`
	Trigger string `json:"trigger_id"`
	// ResponseURL takes answers; only clicks on messages bring one.
	ResponseURL string `json:"response_url"`
	Team        struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Container struct {
		Channel string `json:"channel_id"`
		TS      string `json:"message_ts"`
	} `json:"container"`
	Message struct {
		Text string `json:"text"`
	} `json:"message"`
	Actions []struct {
		Type   string `json:"type"`
		Action string `json:"action_id"`
		Value  string `json:"value"`
		TS     string `json:"action_ts"`
	} `json:"actions"`
	View struct {
		ID       string `json:"id"`
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]struct {
				Value string `json:"value"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// ParseInteraction reads the body of a request to the interactions or options
// URL, once its signature has been verified. Its errors are ErrMalformed.
func ParseInteraction(body []byte) (Interaction, error) {
	form, err := parseForm(body)
	if err != nil {
		return nil, err
	}
	if len(form["payload"]) != 1 {
		return nil, fmt.Errorf("%w: not exactly one payload", ErrMalformed)
	}
	var p payload
	if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
		return nil, fmt.Errorf("%w: payload", ErrMalformed)
	}
	from := Origin{App: p.App, Team: p.Team.ID, User: p.User.ID, UserTeam: p.User.Team}
	if p.Type == "" || !isMemberID(from.User) {
		return nil, fmt.Errorf("%w: no type or no user", ErrMalformed)
	}
	switch p.Type {
	case "block_actions":
		return p.click(from)
	case "view_submission":
		return p.submission(from)
	}
	return Unknown{Origin: from, What: name(p.Type)}, nil
}

// parseForm reads the fields of the body alone, never of the URL, which no
// signature covers. The error of the library would repeat what it stumbled on.
func parseForm(body []byte) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("%w: form", ErrMalformed)
	}
	return form, nil
}

func (p payload) click(from Origin) (Interaction, error) {
	if len(p.Actions) != 1 {
		return nil, fmt.Errorf("%w: %d actions instead of one", ErrMalformed, len(p.Actions))
	}
	a := p.Actions[0]
	if c, operates := commandOf(a.Action); operates {
		return p.press(from, c)
	}
	if _, votes := verdictOf(a.Action); !votes && a.Action != ActionView {
		return Unknown{Origin: from, What: name(a.Action)}, nil
	}
	c := Click{
		Origin: from, Action: a.Action, Request: a.Value, TS: a.TS, Trigger: p.Trigger, About: p.Message.Text,
		Card: approval.Card{Channel: p.Container.Channel, TS: p.Container.TS},
	}
	if _, asks := wordingOf(a.Action); asks && c.Trigger == "" {
		return nil, fmt.Errorf("%w: no trigger", ErrMalformed)
	}
	if a.Type != "button" || !isRequestID(c.Request) || !isTS(c.TS) || !posted(c.Card) {
		return nil, fmt.Errorf("%w: %s", ErrMalformed, a.Action)
	}
	return c, nil
}

// verdictOf says which verdict a click on a button, or its modal, casts. False
// means that it casts none.
func verdictOf(action string) (approval.Verdict, bool) {
	switch action {
	case ActionApprove, ActionApproveReason:
		return approval.Approve, true
	case ActionReject, ActionRejectSilently:
		return approval.Reject, true
	case ActionWithdraw:
		return approval.Withdraw, true
	case ActionOverride:
		return approval.Override, true
	}
	return "", false
}

// metadata is what a modal carries to its submission. Everybody who
// opens the modal could read it.
type metadata struct {
	Request string `json:"request"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

func (p payload) submission(from Origin) (Interaction, error) {
	if _, ours := wordingOf(p.View.Callback); !ours {
		return Unknown{Origin: from, What: name(p.View.Callback)}, nil
	}
	var m metadata
	if err := json.Unmarshal([]byte(p.View.Metadata), &m); err != nil {
		return nil, fmt.Errorf("%w: private_metadata", ErrMalformed)
	}
	s := Submission{
		Origin: from, Action: p.View.Callback, View: p.View.ID, Request: m.Request, Card: approval.Card{Channel: m.Channel, TS: m.TS},
		Reason: p.View.State.Values[FieldReason][FieldReason].Value,
	}
	if s.View == "" || !isRequestID(s.Request) || !posted(s.Card) {
		return nil, fmt.Errorf("%w: view", ErrMalformed)
	}
	return s, nil
}

// posted reports whether c can be a message.
func posted(c approval.Card) bool {
	return isChannelID(c.Channel) && isTS(c.TS)
}

// name cuts an outside name to what may stand in a log.
func name(s string) string { return plain(strings.ToValidUTF8(s, "?"), maxName) }
