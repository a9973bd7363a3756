package evidence

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
)

//go:embed page.gohtml
var pageSource string

//go:embed style.css
var styleSource string

// HTML is the pack as one page that needs nothing else: no network, no script.
// The data is in it, and the same pack always gives the same bytes.
func (p Pack) HTML() ([]byte, error) {
	data, err := p.JSON()
	if err != nil {
		return nil, err
	}
	if p.Sum, err = p.sum(); err != nil {
		return nil, err
	}
	v := viewOf(p, data)
	t, err := template.New("page").Funcs(template.FuncMap{
		"clock": clock, "iso": iso, "list": list, "label": Label, "sentence": Sentence, "who": Who, "tone": tone, "named": named,
		"details": func(e audit.Entry) []detail { return details(e, len(v.Gates) > 1) },
		"outcome": func(o Outcome) string { return outcomeWords[o] }, "toneOf": toneOf, "verb": func(v string) string { return verbs[v] },
	}).Parse(pageSource)
	if err != nil {
		return nil, fmt.Errorf("read the page's template: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("draw the evidence about %s: %w", p.Execution, err)
	}
	return out.Bytes(), nil
}

// A view is what the page shows.
type view struct {
	Pack
	Account, Region, Pipeline string
	Gates                     []Gate
	Headline                  headline
	First, Last               time.Time
	Style                     template.CSS
	StyleHash                 string
	Data                      template.JS
}

func viewOf(p Pack, data []byte) view {
	sum := sha256.Sum256([]byte(styleSource))
	v := view{
		Pack:      p,
		Style:     template.CSS(styleSource), //nolint:gosec // our own style sheet
		StyleHash: base64.StdEncoding.EncodeToString(sum[:]),
		Data:      template.JS(bytes.TrimSuffix(data, []byte("\n"))), //nolint:gosec // JSON writes no "<" as it is
	}
	v.Entries = make([]audit.Entry, len(p.Entries))
	for i, e := range p.Entries {
		v.Entries[i] = legible(e)
	}
	v.Gates = Gates(v.Entries)
	v.Headline = headlineOf(v.Gates)
	v.Execution, v.MadeBy, v.Head.Chain = Plain(p.Execution), Plain(p.MadeBy), Plain(p.Head.Chain)
	parts := strings.SplitN(v.Head.Chain, "/", 3)
	if len(parts) == 3 {
		v.Account, v.Region, v.Pipeline = parts[0], parts[1], parts[2]
	}
	for _, e := range p.Entries {
		if v.First.IsZero() || e.At.Before(v.First) {
			v.First = e.At
		}
		if e.At.After(v.Last) {
			v.Last = e.At
		}
	}
	return v
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// A detail is one named value below an entry.
type detail struct{ Name, Value string }

// details lists what e has besides its sentence, in a fixed order. What its
// gate says as well is left out, unless there are several.
func details(e audit.Entry, several bool) []detail {
	all := []detail{
		{"reason", e.Reason}, {"refusal", e.Refusal}, {"person", e.Actor.Person}, {"e-mail", e.Actor.Email}, {"Slack", e.Actor.SlackUser},
		{"identity", e.Identity},
	}
	if several || e.Kind == audit.RequestOpened {
		all = append(all, detail{"policy", e.Policy}, detail{"request", e.Request})
	}
	all = append(all, named(e)...)
	return slices.DeleteFunc(all, func(d detail) bool { return d.Value == "" })
}

// named lists e's Detail.
func named(e audit.Entry) []detail {
	var all []detail
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		all = append(all, detail{strings.ReplaceAll(key, "_", " "), e.Detail[key]})
	}
	return all
}
