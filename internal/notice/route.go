package notice

import (
	"maps"

	"github.com/signalbox/signalbox/internal/calendar"
)

// A Mode is how a channel hears of releases.
type Mode string

// The modes.
const (
	// Card is one message per release that is always true, with a thread below
	// for what happens. It is what a route has that names no mode.
	Card Mode = "card"
	// Post is a message for each outcome and for whatever is loud, and no card.
	Post Mode = "post"
	// UpdateOnly keeps a card true that is there already. Nothing is posted.
	UpdateOnly Mode = "update-only"
	// Off is silence, for direct messages and sinks too.
	Off Mode = "off"
)

// A Direct says which direct messages go to the authors of a release.
type Direct string

// The choices. NoDirect is what a route has that says nothing.
const (
	NoDirect      Direct = "none"
	DirectFailure Direct = "failure"
	DirectAll     Direct = "all"
)

// A Route is a node of the routing tree. The root matches every release. Of
// the routes below a node the first that matches is taken, and those after it
// only if it says Continue; a node of which none below matches is itself where
// the notice goes. What a route leaves unset it has from the node above.
type Route struct {
	// Name is for people: signalbox route test prints it.
	Name     string `json:"name,omitempty"`
	Match    Match  `json:"match,omitzero"`
	Continue bool   `json:"continue,omitempty"`
	Mode     Mode   `json:"mode,omitempty"`
	// Channel is the id of a Slack channel; without one, only sinks and direct
	// messages are served.
	Channel string `json:"channel,omitempty"`
	Direct  Direct `json:"direct,omitempty"`
	// Sinks are names of configured sinks. An empty list, other than an unset
	// one, takes away those of the node above; so it is with the other lists.
	Sinks   []string `json:"sinks,omitzero"`
	Mention Mention  `json:"mention,omitzero"`
	// Quiet are the hours without noise; an empty Quiet takes away that of the
	// node above.
	Quiet *Quiet `json:"quiet,omitempty"`
	// Urgent are the kinds that are loud even in quiet hours.
	Urgent []Kind `json:"urgent,omitzero"`
	// Say narrows what is said to these kinds. Unset, it is all of them.
	Say []Kind `json:"say,omitzero"`
	// OncePer makes loud notices of one kind that agree in these Fields loud
	// only once; those after it go to the thread.
	OncePer []Field `json:"once_per,omitzero"`
	// Templates are the route's own words for some kinds.
	Templates map[Kind]string `json:"templates,omitempty"`
	Routes    []Route         `json:"routes,omitempty"`
}

// A Mention lists whom a notice calls by name: Authors, ids of people in the
// configuration, or ids of Slack user groups. Nobody is mentioned on success.
type Mention struct {
	// Failure is for what failed, was rolled back or is stuck. Unset, it is
	// the authors.
	Failure []string `json:"failure,omitzero"`
	// Approval is for what waits for approval. Unset, it is nobody: the
	// approval's own card calls the approvers.
	Approval []string `json:"approval,omitzero"`
}

// Authors in a Mention are whoever wrote the changes.
const Authors = "authors"

// A Field is part of what OncePer compares.
type Field string

// The fields. A day begins at midnight in the zone of the quiet hours, or UTC.
const (
	ByPipeline Field = "pipeline"
	ByStage    Field = "stage"
	ByBranch   Field = "branch"
	ByDay      Field = "day"
)

// Quiet are hours in which only what is urgent is loud. The rest is said
// without noise and summed up afterwards. The zero Quiet is never quiet.
type Quiet struct {
	// Hours is when it is quiet. Outside is the other way of saying it: when
	// people work, so that it is quiet whenever that is closed, as on holidays.
	Hours   calendar.Timetable `json:"hours,omitzero"`
	Outside calendar.Timetable `json:"outside,omitzero"`
	// Digest is when the sum is told, in the same zone. Empty, it is when the
	// quiet hours end.
	Digest calendar.Clock `json:"digest,omitempty"`
}

// under is t with what it leaves unset taken from the node above.
func (t Route) under(above Route) Route {
	t.Mode = or(t.Mode, above.Mode)
	t.Channel = or(t.Channel, above.Channel)
	t.Direct = or(t.Direct, above.Direct)
	t.Sinks = unless(t.Sinks, above.Sinks)
	t.Mention.Failure = unless(t.Mention.Failure, above.Mention.Failure)
	t.Mention.Approval = unless(t.Mention.Approval, above.Mention.Approval)
	t.Urgent = unless(t.Urgent, above.Urgent)
	t.Say = unless(t.Say, above.Say)
	t.OncePer = unless(t.OncePer, above.OncePer)
	if t.Quiet == nil {
		t.Quiet = above.Quiet
	}
	if len(above.Templates) > 0 {
		own := t.Templates
		t.Templates = maps.Clone(above.Templates)
		maps.Copy(t.Templates, own)
	}
	return t
}

func or[T ~string](own, above T) T {
	if own == "" {
		return above
	}
	return own
}

func unless[T any](own, above []T) []T {
	if own == nil {
		return above
	}
	return own
}
