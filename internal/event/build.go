package event

import (
	"strings"
	"time"
)

// Build is what both events of a CodeBuild build have in common. The plain
// environment variables that the JSON carries are not read: people keep
// secrets in them.
type Build struct {
	Project string
	// BuildID is PROJECT:UUID, the ExternalID in the Result of the pipeline's
	// action.
	BuildID string
	// Pipeline is the pipeline that started the build, or empty.
	Pipeline string
	// Source is the artifact that the pipeline handed over, without its name;
	// zero if there is none. It is an input of the pipeline's action.
	Source Artifact
	// StartedAt is when the build began; zero when the event does not say.
	StartedAt time.Time
	// LogsURL leads to the build's log, or is empty.
	LogsURL string
	// Phases are those so far, in order.
	Phases []BuildPhase
}

// A BuildPhase is one step of a build, such as "PRE_BUILD".
type BuildPhase struct {
	Name string
	// Status is empty while the phase runs.
	Status string
	// Context says what went wrong, or is empty: outside text.
	Context            string
	StartedAt, EndedAt time.Time
	Duration           time.Duration
}

// BuildChanged says that a build started or ended.
type BuildChanged struct {
	Meta
	Build
	// Status is IN_PROGRESS, SUCCEEDED, FAILED, STOPPED, FAULT or TIMED_OUT.
	Status string
}

// BuildPhaseChanged says that a build finished one phase.
type BuildPhaseChanged struct {
	Meta
	Build
	Completed BuildPhase
}

func (BuildChanged) event()      {}
func (BuildPhaseChanged) event() {}

// buildLayout is how CodeBuild writes a time: without a zone, in UTC.
const buildLayout = "Jan 2, 2006 3:04:05 PM"

type buildDetail struct {
	Project string `json:"project-name"`
	BuildID string `json:"build-id"` // a full ARN
	Info    struct {
		Initiator string `json:"initiator"`
		StartTime string `json:"build-start-time"`
		Version   string `json:"source-version"`
		Logs      struct {
			DeepLink string `json:"deep-link"`
		} `json:"logs"`
		Phases []struct {
			Type     string   `json:"phase-type"`
			Status   string   `json:"phase-status"`
			Context  []string `json:"phase-context"`
			Start    string   `json:"start-time"`
			End      string   `json:"end-time"`
			Duration number   `json:"duration-in-seconds"`
		} `json:"phases"`
	} `json:"additional-information"`
}

func (d buildDetail) read(f *fields) Build {
	b := Build{
		Project:   f.text("detail.project-name", d.Project),
		StartedAt: optionalTime(d.Info.StartTime, buildLayout),
		LogsURL:   d.Info.Logs.DeepLink,
	}
	_, b.BuildID, _ = strings.Cut(d.BuildID, ":build/")
	if b.BuildID == "" {
		f.fail("detail.build-id", errMissing)
	}
	if name, ok := strings.CutPrefix(d.Info.Initiator, "codepipeline/"); ok {
		b.Pipeline = name
		b.Source = artifactAt(d.Info.Version)
	}
	for _, p := range d.Info.Phases {
		b.Phases = append(b.Phases, BuildPhase{
			Name:      p.Type,
			Status:    p.Status,
			Context:   phaseContext(p.Context...),
			StartedAt: optionalTime(p.Start, buildLayout),
			EndedAt:   optionalTime(p.End, buildLayout),
			Duration:  optionalSeconds(p.Duration),
		})
	}
	return b
}

// artifactAt reads where an artifact lies: arn:aws:s3:::BUCKET/KEY.
func artifactAt(version string) Artifact {
	parts := strings.SplitN(version, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "s3" {
		return Artifact{}
	}
	bucket, key, ok := strings.Cut(parts[5], "/")
	if !ok || bucket == "" || key == "" {
		return Artifact{}
	}
	return Artifact{Bucket: bucket, Key: key}
}

// phaseContext joins the texts of a phase. CodeBuild writes "[]", "[: ]" or
// ": " where it has nothing to say.
func phaseContext(texts ...string) string {
	var said []string
	for _, t := range texts {
		if strings.Trim(t, "[]: ") != "" {
			said = append(said, t)
		}
	}
	return strings.Join(said, "\n")
}

type buildStateDetail struct {
	buildDetail
	Status string `json:"build-status"`
}

func buildChanged(m Meta, d buildStateDetail, f *fields) Event {
	return BuildChanged{Meta: m, Build: d.read(f), Status: f.text("detail.build-status", d.Status)}
}

type buildPhaseDetail struct {
	buildDetail
	Phase    string `json:"completed-phase"`
	Status   string `json:"completed-phase-status"`
	Context  string `json:"completed-phase-context"`
	Start    string `json:"completed-phase-start"`
	End      string `json:"completed-phase-end"`
	Duration number `json:"completed-phase-duration-seconds"`
}

func buildPhaseChanged(m Meta, d buildPhaseDetail, f *fields) Event {
	return BuildPhaseChanged{Meta: m, Build: d.read(f), Completed: BuildPhase{
		Name:      f.text("detail.completed-phase", d.Phase),
		Status:    f.text("detail.completed-phase-status", d.Status),
		Context:   phaseContext(d.Context),
		StartedAt: optionalTime(d.Start, buildLayout),
		EndedAt:   optionalTime(d.End, buildLayout),
		Duration:  optionalSeconds(d.Duration),
	}}
}
