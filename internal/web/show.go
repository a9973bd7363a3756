package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/signalbox/signalbox/internal/event"
)

// show answers GET and HEAD. It reads and verifies, and never writes, so it
// may be called by anybody and anything.
func (p *Page) show(ctx context.Context, req event.Request) answer {
	tokens := req.Query["t"]
	if len(tokens) != 1 {
		return refuse(malformed)
	}
	result := req.Query.Get("voted") == "1"
	s, why, err := p.identify(ctx, tokens[0], result)
	switch {
	case err != nil:
		return fail(err)
	case why != "":
		return refuse(why)
	case s.standing() == asking:
		return s.answer(http.StatusOK, string(asking), s.askView(form{}, problems{}))
	case s.standing() == used && result:
		return s.answer(http.StatusOK, "result", s.resultView())
	}
	return s.ended(http.StatusOK)
}

// resultURL is where a person sees what became of the answer.
func resultURL(token string) string {
	return Path + "?" + url.Values{"t": {token}, "voted": {"1"}}.Encode()
}
