package release

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A Build is one build of CodeBuild. It belongs to the action whose external
// id is its ID, which a record learns when the action has ended or from the
// API.
type Build struct {
	// ID is PROJECT:UUID.
	ID string `json:"id"`
	// Pipeline is the one that started it; a record does not keep it.
	Pipeline string `json:"-"`
	// Status is IN_PROGRESS, SUCCEEDED, FAILED, STOPPED, FAULT, TIMED_OUT, or
	// another word of CodeBuild's; empty if only phases were told.
	Status string `json:"status,omitempty"`
	// Phase is the furthest phase that it has come to.
	Phase string `json:"phase,omitempty"`
	// Failed is the first phase that went wrong, with CodeBuild's word for how
	// and what CodeBuild says about it: outside text.
	Failed  string `json:"failed,omitempty"`
	How     string `json:"how,omitempty"`
	Context string `json:"context,omitempty"`
	LogsURL string `json:"logs_url,omitempty"`
	// Since is when it began, and Until when it ended.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// phases are CodeBuild's, in order.
// https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
var phases = []string{
	"SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD",
	"UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED",
}

// comparePhases orders phases as they come; those unknown come first.
func comparePhases(a, b string) int {
	return cmp.Or(slices.Index(phases, a)-slices.Index(phases, b), strings.Compare(a, b))
}

// statuses orders what a build may be told to be; it has one end.
var statuses = map[string]int{
	"": 0, "IN_PROGRESS": 1, "STOPPED": 3, "TIMED_OUT": 4, "FAULT": 5, "FAILED": 6, "SUCCEEDED": 7,
}

// strange is the place of a status that we do not know.
const strange = 2

func statusRank(s string) int {
	if n, ok := statuses[s]; ok {
		return n
	}
	return strange
}

// BuildOf is the build that e is about, as far as e tells; false if e is of
// another kind.
func BuildOf(e event.Event) (Build, bool) {
	switch e := e.(type) {
	case event.BuildChanged:
		b := buildOf(e.Build)
		b.Status = cut(e.Status, maxWord)
		if statusRank(b.Status) > strange {
			b.Until = e.Time
		}
		return b, true
	case event.BuildPhaseChanged:
		b := buildOf(e.Build)
		return b.join(phaseOf(b, e.Completed)), true
	default:
		return Build{}, false
	}
}

func buildOf(e event.Build) Build {
	b := Build{
		ID: cut(e.BuildID, maxForeign), Pipeline: e.Pipeline,
		LogsURL: address(e.LogsURL), Since: e.StartedAt,
	}
	for _, p := range e.Phases {
		b = b.join(phaseOf(b, p))
	}
	return b
}

// phaseOf is b as far as it has come to phase p.
func phaseOf(b Build, p event.BuildPhase) Build {
	phase := Build{ID: b.ID, Pipeline: b.Pipeline, Since: b.Since, Phase: cut(p.Name, maxWord)}
	if p.Status != "" && p.Status != "SUCCEEDED" {
		phase.Failed, phase.How, phase.Context = phase.Phase, cut(p.Status, maxWord), cut(p.Context, maxOutside)
	}
	return phase
}

func (b Build) rank(o Build) int {
	return cmp.Or(o.Since.Compare(b.Since), strings.Compare(b.ID, o.ID))
}

func (b Build) sibling(Build) bool { return false }

func (b Build) join(o Build) Build {
	if statusRank(o.Status) > statusRank(b.Status) || statusRank(o.Status) == statusRank(b.Status) && o.Status > b.Status {
		b.Status = o.Status
	}
	if comparePhases(o.Phase, b.Phase) > 0 {
		b.Phase = o.Phase
	}
	switch c := comparePhases(o.Failed, b.Failed); {
	case o.Failed == "":
	case b.Failed == "" || c < 0:
		b.Failed, b.How, b.Context = o.Failed, o.How, o.Context
	case c == 0:
		b.How, b.Context = max(b.How, o.How), max(b.Context, o.Context)
	}
	b.LogsURL = max(b.LogsURL, o.LogsURL)
	b.Until = latest(b.Until, o.Until)
	return b
}

func (b Build) name() string { return b.ID }

// withBuild joins b into r.
func (r Record) withBuild(b Build) (Record, bool) {
	b.Pipeline = ""
	builds, out, changed := put(r.Builds, b, 1, maxBuilds)
	r.Builds = builds
	if out != nil {
		var more bool
		r.MoreBuilds, more = r.MoreBuilds.with(out.name())
		changed = changed || more
	}
	return r, changed
}

// Build is the build with the given id, as far as r knows it.
func (r Record) Build(id string) (Build, bool) {
	found := Build{ID: id}
	for _, b := range r.Builds {
		if b.ID == id {
			found.Since = earliest(found.Since, b.Since)
			found = found.join(b)
		}
	}
	return found, found != Build{ID: id}
}
