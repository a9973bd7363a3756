package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// show answers GET and HEAD. It reads and verifies, and never writes, so it
// may be called by anybody and anything.
func (p *Page) show(ctx context.Context, req event.Request) answer {
	tokens := req.Query["t"]
	if len(tokens) != 1 {
		return refuse(malformed)
	}
	sent, taken := takenAt(req.Query.Get("taken"))
	result := taken || req.Query.Get("voted") == "1"
	s, why, err := p.identify(ctx, tokens[0], result)
	switch {
	case err != nil:
		return fail(err)
	case why != "":
		return refuse(why)
	}
	return s.shown(req.Query.Get("back") == "1", result, taken, sent)
}

// shown is the page that s opens: the way back of an approval that counts, the
// result of an answer, or of a withdrawal sent at the given time.
func (s sight) shown(back, result, taken bool, sent time.Time) answer {
	st := s.standing()
	switch open := !s.request.State.Final() && (st == asking || st == used); {
	case open && taken:
		return s.answer(http.StatusOK, "taken_back", s.takenView(sent))
	case open && back && s.mayTakeBack():
		return s.answer(http.StatusOK, "take_back", s.takeBackView(problems{}))
	case st == asking:
		return s.answer(http.StatusOK, string(asking), s.askView(form{}, problems{}))
	case st == used && result:
		return s.answer(http.StatusOK, "result", s.resultView())
	}
	return s.ended(http.StatusOK)
}

// resultURL is where a person sees what became of the answer.
func resultURL(token string) string {
	return Path + "?" + url.Values{"t": {token}, "voted": {"1"}}.Encode()
}
