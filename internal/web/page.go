// Package web is the page behind the link in an approval mail.
//
// Opening it changes nothing, however often: mail scanners open links, run
// scripts and press buttons. A person types the code from the mail and presses
// Approve or Reject; the answer is put on the votes queue, where it is judged
// like any other vote. The page decides nothing itself, and every answer it
// gives, refusals included, carries the same strict headers.
//
// A token is believed in this order: its form and expiry, then its record,
// then its signature, so that junk never costs a call to the key. Tokens and
// codes are never logged.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// Links is what the page needs of the record of links. Any error but the ones
// named means that the record could not be asked.
type Links interface {
	// Link reads a link, or fails with approval.ErrNotFound.
	Link(ctx context.Context, requestID, personKey string) (approval.Link, error)
	// SpendAttempt counts one attempt, atomically, and returns the link as it
	// then stands. It fails with approval.ErrLocked when none is left, with
	// approval.ErrUsed when the link has voted, or with approval.ErrNotFound.
	SpendAttempt(ctx context.Context, requestID, personKey string, now time.Time) (approval.Link, error)
	// UseLink notes that the link has voted. It fails with approval.ErrUsed
	// when it had voted before.
	UseLink(ctx context.Context, requestID, personKey string, v approval.Verdict, at time.Time) error
}

// Requests is what the page needs of the record of requests.
type Requests interface {
	// Request reads a request, or fails with approval.ErrNotFound.
	Request(ctx context.Context, id string) (approval.Request, error)
}

// A Verifier knows whether mac was made from message with the links' key. An
// error means that it could not be found out.
type Verifier interface {
	Verify(ctx context.Context, message, mac []byte) (bool, error)
}

// Votes takes ballots to where they are counted. A ballot that was cast is not
// lost; one that is cast again under the same id counts once.
type Votes interface {
	Cast(ctx context.Context, b approval.Ballot) error
}

// Ports is the outside of a Page. Every field must be set.
type Ports struct {
	Links    Links
	Requests Requests
	Verifier Verifier
	Votes    Votes
	Now      func() time.Time
}

// A Page shows one approver one request, and takes the answer.
type Page struct {
	ports    Ports
	renderer *renderer
}

// Path is where the page is served.
const Path = "/approve"

// answerWithin bounds all calls of one answer together. It is shorter than the
// function's own time limit, so that a hanging service becomes an honest page
// and not the gateway's.
const answerWithin = 8 * time.Second

// New returns the page over its ports.
func New(p Ports) *Page { return &Page{ports: p, renderer: newRenderer()} }

// Serve answers one HTTP request; pass it to event.ServeHTTP. It always has an
// answer for the person: what went wrong is logged under the reference that
// the answer shows.
func (p *Page) Serve(ctx context.Context, req event.Request) event.Response {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	a := p.answer(ctx, req)
	res, err := p.renderer.respond(req, a)
	a.err = errors.Join(a.err, err)
	logAnswer(ctx, req, a)
	return res
}

func (p *Page) answer(ctx context.Context, req event.Request) answer {
	if req.Path != Path {
		return refuse(noSuchPage)
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead:
		return p.show(ctx, req)
	case http.MethodPost:
		return p.vote(ctx, req)
	}
	return refuse(wrongMethod)
}

// An answer is a page, or a redirection, before it is rendered.
type answer struct {
	status int
	view   view
	// location, when set, is where the person is sent instead of a view.
	location string
	// kind names the answer in the log.
	kind string
	// request is known once the token has been verified.
	request string
	by      string
	err     error
}

func logAnswer(ctx context.Context, req event.Request, a answer) {
	log := slog.With("reference", req.RequestID, "method", req.Method, "status", a.status, "page", a.kind, "request", a.request, "by", a.by)
	if a.err != nil {
		log.ErrorContext(ctx, "page could not do its work", "err", a.err)
		return
	}
	log.InfoContext(ctx, "page answered")
}
