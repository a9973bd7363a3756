package telegraph

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// A Board knows where releases are told of. It decides nothing that
// internal/notice does not.
type Board struct {
	Routes notice.Route
	Teller notice.Teller
	// Environment names what a stage of a pipeline releases to, or nothing.
	Environment func(id release.ExecutionID, stage string) string
}

// release is what notices need to know of r.
func (b Board) release(r release.Record) notice.Release {
	rel := notice.Of(r, "")
	rel.Environment = b.Environment(r.ExecutionID, rel.Current().Name)
	return rel
}

func (b Board) deliveries(rel notice.Release) []notice.Delivery {
	return b.Routes.Deliveries(b.Teller.Subject(rel))
}

// dues are for every place that kept.Record is told of: those to which routes
// lead, and those that have a card.
func (b Board) dues(kept Kept, nudge int64) []Due {
	var places []string
	for _, d := range b.deliveries(b.release(kept.Record)) {
		if kept.Cards[d.Place()].Stopped == "" {
			places = append(places, d.Place())
		}
	}
	for _, place := range sorted(kept.Cards) {
		if c := kept.Cards[place]; c.Stopped == "" && c.TS != "" && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	all := make([]Due, len(places))
	for i, place := range places {
		all[i] = kept.due(place, nudge)
	}
	return all
}

func (k Kept) due(place string, nudge int64) Due {
	return Due{Of: k.Record.ExecutionID, Place: place, Version: k.Record.Version, Nudge: nudge}
}

// delivery is how rel is told of at place, where there is c.
func (b Board) delivery(rel notice.Release, place string, c Card) (notice.Delivery, bool) {
	for _, d := range b.deliveries(rel) {
		if d.Place() == place {
			return d, true
		}
	}
	if c.TS == "" {
		return notice.Delivery{}, false
	}
	// An edit goes by where the card stands, and so for direct messages too.
	return notice.Keep(c.Channel), true
}

// When to look at an execution of which nothing is heard.
const (
	// entryPatience is for one between two stages: what holds it is not told by
	// any event.
	entryPatience = 30 * time.Second
	// minPatience and maxPatience bound how long others are left alone: a
	// quarter of the time that nothing has happened.
	minPatience = 5 * time.Minute
	maxPatience = time.Hour
)

// look is when somebody should look at r again if nothing is heard until then;
// zero if never, because it is over.
func (b Board) look(r release.Record, now time.Time) time.Time {
	if r.Over() {
		return time.Time{}
	}
	at := now.Add(min(max(now.Sub(latest(r))/4, minPatience), maxPatience))
	for _, w := range r.WaitsFor() {
		if w.Reason == release.ForEntry {
			at = now.Add(min(at.Sub(now), max(entryPatience, now.Sub(latest(r))/4)))
		}
	}
	if stuck, ok := b.release(r).StuckAt(); ok && stuck.After(now) && stuck.Before(at) {
		return stuck
	}
	return at
}

// latest is the latest moment that r tells of.
func latest(r release.Record) time.Time {
	at := r.Since()
	for _, p := range r.Passes {
		at = later(at, later(p.Since, p.Until))
	}
	for _, run := range r.Runs {
		at = later(at, later(run.Since, run.Until))
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
