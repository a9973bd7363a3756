package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// shownExecutions is how many executions an Overview has (chosen).
const shownExecutions = 10

// An Overview is one pipeline as the console page draws it. Its texts are
// outside texts.
type Overview struct {
	Name       string              `json:"name"`
	Type       string              `json:"type"`
	Mode       string              `json:"mode"`
	Version    int                 `json:"version"`
	Stages     []StageOverview     `json:"stages"`
	Executions []ExecutionOverview `json:"executions"`
}

// A StageOverview is one stage: its latest execution, whether that still holds
// it, and who waits, oldest first.
type StageOverview struct {
	Name       string               `json:"name"`
	Transition *api.TransitionState `json:"transition,omitempty"`
	Execution  string               `json:"execution,omitempty"`
	Status     string               `json:"status,omitempty"`
	Held       bool                 `json:"held"`
	Waiting    []string             `json:"waiting"`
	Actions    []ActionOverview     `json:"actions"`
	Conditions []ConditionOverview  `json:"conditions"`
}

// An ActionOverview is the latest run of an action; Status is empty before the
// stage's latest execution reaches it. Percent is how far a deployment has come,
// and FailsNext says that the next run is told to fail.
type ActionOverview struct {
	Name     string    `json:"name"`
	Provider string    `json:"provider"`
	Category string    `json:"category"`
	RunOrder int       `json:"run_order"`
	Status   string    `json:"status,omitempty"`
	Summary  string    `json:"summary,omitempty"`
	Since    time.Time `json:"since,omitzero"`
	URL      string    `json:"url,omitempty"`
	Expires  time.Time `json:"expires,omitzero"`
	// Account is the one that the action works in when that is another.
	Account   string `json:"account,omitempty"`
	Percent   int    `json:"percent,omitempty"`
	FailsNext bool   `json:"fails_next,omitempty"`
}

// An ExecutionOverview is one execution. Stages has the status of each stage,
// empty where it has not been; Stage is where it is or waits, and Approving says
// that it is there for a person to answer.
type ExecutionOverview struct {
	ID      string    `json:"id"`
	Status  string    `json:"status"`
	Started time.Time `json:"started"`
	Updated time.Time `json:"updated"`
	Attempt int       `json:"attempt"`
	// Type is STANDARD or ROLLBACK, and RollbackOf whom the latter goes back to.
	Type       string `json:"type"`
	RollbackOf string `json:"rollback_of,omitempty"`
	// Note says why it stands as it does where nothing else can.
	Note      string            `json:"note,omitempty"`
	Trigger   string            `json:"trigger"`
	By        string            `json:"by,omitempty"`
	Stage     string            `json:"stage"`
	Waiting   bool              `json:"waiting"`
	Approving bool              `json:"approving"`
	Stages    []string          `json:"stages"`
	Revision  *RevisionOverview `json:"revision,omitempty"`
}

// A RevisionOverview is the commit or version that an execution carries.
type RevisionOverview struct {
	ID      string `json:"id"`
	Summary string `json:"summary,omitempty"`
	Author  string `json:"author,omitempty"`
	URL     string `json:"url,omitempty"`
}

// Overviews are all pipelines by name.
func (e *Engine) Overviews() []Overview {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Overview, 0, len(e.pipelines))
	for _, name := range e.names() {
		out = append(out, e.pipelines[name].overview())
	}
	return out
}

func (p *pipeline) overview() Overview {
	o := Overview{
		Name: p.decl.Name, Type: p.decl.PipelineType, Mode: p.decl.ExecutionMode, Version: p.decl.Version,
		Executions: []ExecutionOverview{},
	}
	for i, s := range p.stages {
		o.Stages = append(o.Stages, p.stageOverview(i, s))
	}
	for _, x := range slices.Backward(p.executions) {
		if len(o.Executions) == shownExecutions {
			break
		}
		o.Executions = append(o.Executions, x.overview())
	}
	return o
}

func (p *pipeline) stageOverview(i int, s *stage) StageOverview {
	o := StageOverview{Name: s.name, Held: s.holder != nil, Waiting: []string{}}
	if i > 0 {
		o.Transition = s.inbound.state()
	}
	for _, x := range s.waiting {
		o.Waiting = append(o.Waiting, x.id)
	}
	ps := s.latestPass()
	o.Conditions = conditionOverviews(&p.decl.Stages[i], s.latest, ps)
	if ps != nil {
		o.Execution, o.Status = s.latest.id, ps.status
	}
	for _, a := range p.decl.Stages[i].Actions {
		row := ActionOverview{
			Name: a.Name, Provider: a.Type.Provider, Category: a.Type.Category, RunOrder: a.RunOrder,
			Account: accountOfRole(a.RoleARN), FailsNext: p.scripts[place{s.name, a.Name}].Fails,
		}
		if ps != nil {
			if r := ps.latestRun(a.Name); r != nil {
				row.Status, row.Since, row.URL = r.status, r.changed().Time, r.outcome.url
				row.Summary, row.Expires, row.Percent = r.plainSummary(), r.expires(), r.outcome.percent
			}
		}
		o.Actions = append(o.Actions, row)
	}
	return o
}

// approving reports whether x waits for a person's answer.
func (x *execution) approving() bool {
	p := x.inside()
	return x.active() && p != nil && slices.ContainsFunc(p.runs, func(r *run) bool {
		return r != nil && r.status == inProgress && isApproval(r.action)
	})
}

// plainSummary is the summary for a person: the commit message where the API
// has JSON.
func (r *run) plainSummary() string {
	if rev := r.outcome.revision; rev != nil {
		return rev.plainSummary()
	}
	return r.outcome.summary
}

func (v revision) plainSummary() string {
	if v.connection != "" {
		return v.commit.Message
	}
	return v.summary
}

// expires is when an approval that waits ends by itself.
func (r *run) expires() time.Time {
	if !isApproval(r.action) || r.status != inProgress {
		return time.Time{}
	}
	return r.started.Add(approvalLimit(r.action))
}

func (x *execution) overview() ExecutionOverview {
	o := ExecutionOverview{
		ID: x.id, Status: x.status, Started: x.started, Updated: x.updated, Attempt: x.attempt,
		Trigger: x.trigger.TriggerType, By: x.trigger.TriggerDetail,
		Stage: x.places[x.at].name, Waiting: x.waiting, Approving: x.approving(),
		Type: x.kind(), RollbackOf: x.target, Note: x.note,
	}
	for _, p := range x.passes {
		if p == nil {
			o.Stages = append(o.Stages, "")
			continue
		}
		o.Stages = append(o.Stages, p.status)
	}
	if len(x.revisions) > 0 {
		r := x.revisions[0]
		title, _, _ := strings.Cut(cmp.Or(r.plainSummary(), r.id), "\n")
		o.Revision = &RevisionOverview{ID: r.id, Summary: title, Author: r.author(), URL: r.url}
	}
	return o
}

// author is who made the revision, where the provider knows.
func (v revision) author() string {
	if v.git {
		return v.commit.Author
	}
	return ""
}
