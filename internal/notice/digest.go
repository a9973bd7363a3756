package notice

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// maxDigest is how many releases a digest tells of; it counts the others.
const maxDigest = 30

// Held is what was not said aloud in quiet hours, kept for the digest.
type Held struct {
	// Key is the key of the reply that it stands for. Together with Place and
	// Execution it is unique: what is kept twice counts once.
	Key       string `json:"key"`
	Place     string `json:"place"`
	Pipeline  string `json:"pipeline"`
	Execution string `json:"execution"`
	Kind      Kind   `json:"kind"`
	Stage     string `json:"stage,omitempty"`
	// Subject is what the release brings, in a line.
	Subject string    `json:"subject,omitempty"`
	At      time.Time `json:"at"`
}

// held keeps f for the digest. What has no time of its own gets that of now.
func held(r Release, d Delivery, f fact, now time.Time) Held {
	at := f.at
	if at.IsZero() {
		at = now
	}
	return Held{
		Key: f.key, Place: d.Place(), Pipeline: r.Pipeline, Execution: r.Execution, Kind: f.kind,
		Stage: f.stage, Subject: clean(r.first().Subject, maxSubject), At: at,
	}
}

// A Digest is what one place missed in quiet hours.
type Digest struct {
	Place string
	// Lines tell of one release each, those of one pipeline together.
	Lines []Line
	// More counts releases that are left out: the earliest.
	More int
}

// A Line is what happened to one release, earliest first.
type Line struct {
	Pipeline, Execution, Subject string
	Events                       []Held
}

// Summaries makes a digest for each place of what was held back, in whatever
// order and however often it was kept. Places and pipelines are sorted.
func Summaries(all []Held) []Digest {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Held) int {
		return cmp.Or(
			strings.Compare(a.Place, b.Place), a.At.Compare(b.At), strings.Compare(a.Pipeline, b.Pipeline),
			strings.Compare(a.Execution, b.Execution), strings.Compare(a.Key, b.Key), strings.Compare(string(a.Kind), string(b.Kind)),
		)
	})
	var digests []Digest
	lines := map[[3]string]int{} // place, pipeline, execution
	seen := map[[4]string]bool{}
	for _, h := range all {
		once := [4]string{h.Place, h.Pipeline, h.Execution, h.Key}
		if seen[once] {
			continue
		}
		seen[once] = true
		if len(digests) == 0 || digests[len(digests)-1].Place != h.Place {
			digests = append(digests, Digest{Place: h.Place})
		}
		d := &digests[len(digests)-1]
		of := [3]string{h.Place, h.Pipeline, h.Execution}
		i, ok := lines[of]
		if !ok {
			i = len(d.Lines)
			lines[of] = i
			d.Lines = append(d.Lines, Line{Pipeline: h.Pipeline, Execution: h.Execution})
		}
		d.Lines[i].Subject = cmp.Or(h.Subject, d.Lines[i].Subject)
		d.Lines[i].Events = append(d.Lines[i].Events, h)
	}
	for i := range digests {
		digests[i].bound()
	}
	return digests
}

// bound leaves the earliest lines out if there are too many, and puts those of
// a pipeline together.
func (d *Digest) bound() {
	if n := len(d.Lines) - maxDigest; n > 0 {
		d.More, d.Lines = n, d.Lines[n:]
	}
	slices.SortStableFunc(d.Lines, func(a, b Line) int { return strings.Compare(a.Pipeline, b.Pipeline) })
}

// Text is what a line says, with times as the zone shows them: "payments: Add
// refunds: 02:10 Production failed, 02:31 fixed". Outside texts pass escape.
func (l Line) Text(zone *time.Location, escape func(string) string) string {
	parts := make([]string, len(l.Events))
	for i, h := range l.Events {
		parts[i] = h.At.In(zone).Format("15:04") + " " + h.words(escape)
	}
	text := escape(clean(l.Pipeline, maxName)) + ": "
	if l.Subject != "" {
		text += escape(clean(l.Subject, maxSubject)) + ": "
	}
	return text + strings.Join(parts, ", ")
}

// heldWords are what is said of a kind after the stage, if there is one, and
// whether the stage is named at all.
var heldWords = map[Kind]struct {
	text  string
	stage bool
}{
	Approval:   {"waits for approval", true},
	Failed:     {"failed", true},
	Rejected:   {"was not approved", true},
	Fixed:      {"fixed", false},
	RolledBack: {"rolled back", false},
	Stuck:      {"took longer than usual", true},
	Superseded: {"superseded", false},
	Stopped:    {"stopped", false},
	Succeeded:  {"released", false},
}

func (h Held) words(escape func(string) string) string {
	w, ok := heldWords[h.Kind]
	switch {
	case !ok:
		return escape(strings.ReplaceAll(clean(string(h.Kind), maxName), "_", " "))
	case w.stage && h.Stage != "":
		return escape(clean(h.Stage, maxName)) + " " + w.text
	}
	return w.text
}
