package web

import (
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/signalbox/signalbox/internal/event"
)

//go:embed page.gohtml
var pageSource string

//go:embed style.css
var styleSource string

// A renderer turns answers into responses. html/template escapes every value
// for the place it lands in.
type renderer struct {
	// template is read when the first page is drawn, which keeps it out of
	// every cold start's way to the first request.
	template func() (*template.Template, error)
	headers  map[string]string
}

func newRenderer() *renderer {
	return &renderer{
		template: sync.OnceValues(func() (*template.Template, error) { return template.New("page").Parse(pageSource) }),
		headers:  strictHeaders(styleSource),
	}
}

// strictHeaders go with every response. Nothing may be loaded, framed, cached
// or referred from; the one style sheet is allowed by its hash.
func strictHeaders(style string) map[string]string {
	sum := sha256.Sum256([]byte(style))
	return map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"Content-Type":                 "text/html; charset=utf-8",
		"Referrer-Policy":              "no-referrer",
		"Cache-Control":                "no-store",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Strict-Transport-Security":    "max-age=63072000",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Permissions-Policy":           "interest-cohort=()",
	}
}

// retryAfter is in seconds.
const retryAfter = "30"

// respond draws a. The response is good even when there is an error, which is
// for the log: then it is the title alone.
func (r *renderer) respond(req event.Request, a answer) (event.Response, error) {
	res := event.Response{Status: a.status, Header: make(map[string]string, len(r.headers)+1)}
	for name, value := range r.headers {
		res.Header[name] = value
	}
	switch a.status {
	case http.StatusSeeOther:
		res.Header["Location"] = a.location
		return res, nil
	case http.StatusMethodNotAllowed:
		res.Header["Allow"] = "GET, HEAD, POST"
	case http.StatusServiceUnavailable:
		res.Header["Retry-After"] = retryAfter
	}
	if req.Method == http.MethodHead {
		return res, nil
	}
	a.view.Reference = req.RequestID
	body, err := r.draw(a.view)
	if err != nil {
		res.Header["Content-Type"] = "text/plain; charset=utf-8"
		res.Body = a.view.Title() + "\n"
		return res, fmt.Errorf("draw page %s: %w", a.kind, err)
	}
	res.Body = body
	return res, nil
}

func (r *renderer) draw(v view) (string, error) {
	t, err := r.template()
	if err != nil {
		return "", err
	}
	var body strings.Builder
	err = t.Execute(&body, struct {
		view
		Style template.CSS
	}{v, template.CSS(styleSource)}) //nolint:gosec // our own style sheet
	return body.String(), err
}
