package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/secret"
)

const (
	// answerTimeout bounds the work on one request. Slack waits three seconds,
	// of which the network and a cold start take their part.
	answerTimeout = 2500 * time.Millisecond
	// keyTimeout bounds how long of that we wait for the signing secret.
	keyTimeout = 1200 * time.Millisecond
	// maxBody is the longest body in bytes. A click carries its whole message,
	// which is a tenth of this.
	maxBody = 256 << 10
)

// A SigningSecret is the secret that Slack signs with. *secret.Value is one.
type SigningSecret interface {
	Token
	// Previous returns the secret before the last rotation, empty when there
	// was none: Slack and we do not change over in the same moment.
	Previous(ctx context.Context) (secret.Text, error)
}

// Votes takes ballots and questions. Once Cast or Ask returns nil, they are
// safe.
type Votes interface {
	Cast(ctx context.Context, b approval.Ballot) error
	Ask(ctx context.Context, q approval.Inquiry) error
}

// Desk is what a Door needs of Slack's Web API. *Client is one.
type Desk interface {
	Open(ctx context.Context, trigger string, modal slackgo.ModalViewRequest) error
	Tell(ctx context.Context, c approval.Card, slackUser, text string) error
}

// A Door lets people in Slack vote and ask. It decides nothing: it makes sure
// that a request comes from our app in our workspace, and puts the vote, the
// question or the operation on its queue before it acknowledges, so that an
// acknowledged answer is never lost. Where it cannot, it answers with an error,
// which Slack shows to the person.
type Door struct {
	// App and Team are our app and workspace; others are turned away.
	App, Team  string
	Signing    SigningSecret
	Votes      Votes
	Operations Operations
	Desk       Desk
	Now        func() time.Time
}

// Serve answers one request to /slack/interactions, /slack/commands,
// /slack/events or /slack/options.
func (d *Door) Serve(ctx context.Context, req event.Request) event.Response {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	answer, ok := d.routes()[req.Path]
	if !ok {
		return status(http.StatusNotFound)
	}
	if refusal := cheap(req); refusal != 0 {
		return status(refusal)
	}
	if err := d.verify(ctx, req); err != nil {
		return refuse(ctx, req, err)
	}
	response, err := answer(ctx, req.Body)
	if err != nil {
		return refuse(ctx, req, err)
	}
	return response
}

type answer func(ctx context.Context, body []byte) (event.Response, error)

func (d *Door) routes() map[string]answer {
	return map[string]answer{
		"/slack/interactions": d.interaction,
		"/slack/commands":     d.command,
		"/slack/options":      d.options,
		eventsPath:            d.event,
	}
}

// cheap refuses what Slack would never send, before a signature is computed.
// It returns the HTTP status, or 0.
func cheap(req event.Request) int {
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	want := "application/x-www-form-urlencoded"
	if req.Path == eventsPath {
		want = "application/json"
	}
	switch {
	case req.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case err != nil || kind != want:
		return http.StatusUnsupportedMediaType
	case len(req.Body) > maxBody:
		return http.StatusRequestEntityTooLarge
	}
	return 0
}

// verify requires Slack's signature. A signature that the secret we hold does
// not make may be made with the one before or the one after it, so both are
// tried before the request is refused.
func (d *Door) verify(ctx context.Context, req event.Request) error {
	ctx, cancel := context.WithTimeout(ctx, keyTimeout)
	defer cancel()
	now := d.Now()
	// What lacks a signature, or is late, needs no key to be refused.
	if err := Verify(req.Header, req.Body, now); !errors.Is(err, ErrForged) {
		return err
	}
	for _, key := range []func(context.Context) (secret.Text, error){d.Signing.Get, d.Signing.Previous, d.renewed} {
		k, err := key(ctx)
		if err != nil {
			return fmt.Errorf("read the signing secret: %w", err)
		}
		if err = Verify(req.Header, req.Body, now, k); !errors.Is(err, ErrForged) {
			return err
		}
	}
	return ErrForged
}

// renewed reads the secret again. The secret itself sees to it that forged
// requests cannot make us do so more than once a minute.
func (d *Door) renewed(ctx context.Context) (secret.Text, error) {
	if err := d.Signing.Refresh(ctx); err != nil {
		return secret.Text{}, err
	}
	return d.Signing.Get(ctx)
}

// errForeign: the request is genuine and not ours to answer.
var errForeign = errors.New("another app or workspace")

// ours checks that a request is made to our app, in our workspace, by one of
// its members: in a shared channel, outsiders see the buttons too.
func (d *Door) ours(from Origin) error {
	if from.App != d.App || from.Team != d.Team || from.UserTeam != d.Team {
		return errForeign
	}
	return nil
}

// refuse logs why, and answers with nothing that helps somebody to guess.
func refuse(ctx context.Context, req event.Request, err error) event.Response {
	code, level := http.StatusInternalServerError, slog.LevelError
	switch {
	case errors.Is(err, ErrUnsigned), errors.Is(err, ErrStale), errors.Is(err, ErrForged):
		code, level = http.StatusUnauthorized, slog.LevelWarn
	case errors.Is(err, errForeign):
		code, level = http.StatusForbidden, slog.LevelWarn
	case errors.Is(err, ErrMalformed):
		code, level = http.StatusBadRequest, slog.LevelWarn
	}
	slog.Log(ctx, level, "slack request refused", "http_request", req.RequestID, "path", req.Path, "status", code, "err", err)
	return status(code)
}

// words are the bodies of refusals.
var words = map[int]string{
	http.StatusBadRequest:            "malformed",
	http.StatusUnauthorized:          "unauthorized",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "unknown",
	http.StatusMethodNotAllowed:      "post",
	http.StatusRequestEntityTooLarge: "large",
	http.StatusUnsupportedMediaType:  "unsupported",
	http.StatusInternalServerError:   "failed",
}

func status(code int) event.Response {
	h := map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
	if code == http.StatusMethodNotAllowed {
		h["Allow"] = http.MethodPost
	}
	return event.Response{Status: code, Header: h, Body: words[code]}
}
