package notice

import (
	"fmt"

	"github.com/signalbox/signalbox/internal/people"
)

// A Delivery is one place where a release is told of, and how. Exactly one of
// Channel, Person and Sink is set.
type Delivery struct {
	Channel string        `json:"channel,omitempty"`
	Person  people.Person `json:"person,omitzero"` // by direct message
	Sink    string        `json:"sink,omitempty"`
	// Route is the path of the route that led here.
	Route     string          `json:"route,omitempty"`
	Mode      Mode            `json:"mode"`
	Direct    Direct          `json:"direct,omitempty"` // with Person only
	Mention   Mention         `json:"mention,omitzero"`
	Quiet     *Quiet          `json:"quiet,omitempty"`
	Urgent    []Kind          `json:"urgent,omitzero"`
	Say       []Kind          `json:"say,omitzero"`
	OncePer   []Field         `json:"once_per,omitzero"`
	Templates map[Kind]string `json:"templates,omitempty"`
}

// Place names where d goes, as a key: what has been said is known per release
// and place.
func (d Delivery) Place() string {
	switch {
	case d.Sink != "":
		return "sink:" + d.Sink
	case d.Person.ID != "":
		return "person:" + d.Person.ID
	}
	return "channel:" + d.Channel
}

// Keep is the delivery for a channel to which no route leads any more, but
// which has a card of the release: that card stays true.
func Keep(channel string) Delivery { return Delivery{Channel: channel, Mode: UpdateOnly} }

// A Step is what became of one route while a release was routed.
type Step struct {
	// Path is where the route is: "root", then "root/0", "root/0/2", or with
	// names instead of numbers where the routes have some.
	Path string `json:"path"`
	// Matched says whether its match fits, and Why not. A route that was not
	// tried is not among the steps, nor are those below one that did not match.
	Matched bool   `json:"matched"`
	Why     string `json:"why"`
	// Chosen is set where notices go: no route below matched.
	Chosen bool `json:"chosen"`
	// Deliveries are the places that a chosen route adds.
	Deliveries []Delivery `json:"deliveries,omitempty"`
}

// Deliveries lists where s is told of. A place that several routes lead to is
// served once, as the first of them says.
func (t Route) Deliveries(s Subject) []Delivery {
	var all []Delivery
	for _, step := range t.Explain(s) {
		all = append(all, step.Deliveries...)
	}
	return all
}

// Explain says which routes were tried for s, in order, and what came of it.
func (t Route) Explain(s Subject) []Step {
	w := walk{subject: s, served: map[string]bool{}}
	w.take(t, or(t.Name, "root"))
	return w.steps
}

type walk struct {
	subject Subject
	steps   []Step
	served  map[string]bool
}

// take enters a route that matches, with all that it inherits.
func (w *walk) take(t Route, path string) {
	own := len(w.steps)
	w.steps = append(w.steps, Step{Path: path, Matched: true, Why: "matches"})
	taken := false
	for i, below := range t.Routes {
		place := path + "/" + or(clean(below.Name, maxName), fmt.Sprint(i))
		if why := below.Match.differs(w.subject); why != "" {
			w.steps = append(w.steps, Step{Path: place, Why: why})
			continue
		}
		taken = true
		w.take(below.under(t), place)
		if !below.Continue {
			break
		}
	}
	if taken {
		w.steps[own].Why = "matches, and so does a route below"
		return
	}
	w.steps[own].Chosen = true
	w.steps[own].Deliveries = w.serve(t, path)
}

// serve lists the places of t that are not served yet.
func (w *walk) serve(t Route, path string) []Delivery {
	if t.Mode == Off {
		return nil
	}
	base := Delivery{
		Route: path, Mode: or(t.Mode, Card), Mention: t.Mention, Quiet: t.Quiet, Urgent: t.Urgent,
		Say: t.Say, OncePer: t.OncePer, Templates: t.Templates,
	}
	var all []Delivery
	add := func(d Delivery) {
		if !w.served[d.Place()] {
			w.served[d.Place()] = true
			all = append(all, d)
		}
	}
	if t.Channel != "" {
		d := base
		d.Channel = t.Channel
		add(d)
	}
	base.Mode = Post
	for _, name := range t.Sinks {
		d := base
		d.Sink = name
		add(d)
	}
	if t.Direct != DirectFailure && t.Direct != DirectAll {
		return all
	}
	for _, p := range w.subject.Authors {
		if p.Slack != "" {
			d := base
			d.Person, d.Direct, d.Mention = p, t.Direct, Mention{}
			add(d)
		}
	}
	return all
}
