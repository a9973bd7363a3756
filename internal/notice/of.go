package notice

import (
	"cmp"

	"github.com/signalbox/signalbox/internal/release"
)

// Of is what notices need to know of the execution that r records, which
// releases to the environment that the configuration calls so.
func Of(r release.Record, environment string) Release {
	f := r.Facts
	v := Release{
		Pipeline: r.Pipeline, Execution: r.ID, Account: r.Account, Region: r.Region, Environment: environment,
		State: State(r.State()), Attempt: r.Attempt(), Began: r.Since(), Ended: r.Until(), Usual: f.Usual,
		Revisions: revisions(r), Authors: authors(r),
		RolledBack: r.RolledBack(), RollsBackTo: f.RollsBackTo, SupersededBy: f.SupersededBy, StopReason: r.StopReason,
	}
	if f.Previous != nil {
		v.Before = State(f.Previous.State)
	}
	for _, w := range r.WaitsFor() {
		v.Held = v.Held || w.Reason == release.ForTransition || w.Reason == release.ForStage
	}
	for _, s := range r.Train() {
		v.Stages = append(v.Stages, stageOf(r, s))
	}
	return v
}

// stageOf numbers attempts as events do. How many of them are known may still
// change when a late event comes, and keys must not.
func stageOf(r release.Record, s release.StageView) Stage {
	v := Stage{
		Name: s.Name, State: stateOf(s.Status, State(s.State)), Retried: s.Tries > 1,
		Began: s.TrySince, Ended: s.Until,
	}
	if v.Began.IsZero() {
		v.Began = s.Since
	}
	for _, p := range r.Passes {
		if p.Stage == s.Name {
			v.Attempt = max(v.Attempt, p.Attempt)
		}
	}
	if s.Status == release.Waiting {
		v.State = "" // it has yet to begin
	}
	for _, group := range s.Groups {
		for _, a := range group {
			v.Actions = append(v.Actions, actionOf(r, s.Name, a))
		}
	}
	return v
}

func actionOf(r release.Record, stage string, a release.ActionView) Action {
	v := Action{
		Name: a.Name, Category: a.Category, Provider: a.Provider, State: stateOf(a.Status, State(a.State)),
		Began: a.Since, Ended: a.Until, ErrorCode: a.Code, Summary: a.Summary,
	}
	for _, run := range r.Runs {
		if run.Stage == stage && run.Action == a.Name && run.ID == a.ID {
			v.Attempt = max(v.Attempt, run.Attempt)
		}
	}
	for _, b := range r.Facts.Failures {
		if b.BuildID != "" && b.BuildID == a.ExternalID {
			v.Summary = cmp.Or(b.Context, v.Summary) // CodePipeline only says that the build failed
		}
	}
	return v
}

// stateOf is the state that people see, which what came later may tell where
// no event did; said is the last that one told.
func stateOf(shown release.Status, said State) State {
	switch shown {
	case release.Ahead, release.NotReached:
		return ""
	case release.Waiting, release.Running:
		return StateStarted
	case release.Stopping:
		return StateStopping
	case release.Succeeded:
		return StateSucceeded
	case release.Failed:
		return StateFailed
	case release.PassedBy, release.Unclear:
		return StateSkipped // it is over, and there is nothing to tell
	}
	return said
}

// revisions are those that the API told, or the commit that an event did.
func revisions(r release.Record) []Revision {
	var all []Revision
	for _, c := range r.Facts.Revisions {
		v := Revision{ID: c.ID, Subject: c.Summary, URL: c.URL, Author: c.Author}
		if c.ID == r.Git.ID {
			v.Branch = r.Git.Branch
		}
		all = append(all, v)
	}
	if len(all) == 0 && r.Git.ID != "" {
		all = []Revision{{ID: r.Git.ID, Subject: r.Git.Summary, Branch: r.Git.Branch, Author: r.Git.Author}}
	}
	return all
}

// authors are whom the API named, or else those of the revisions.
func authors(r release.Record) []release.Author {
	if len(r.Facts.Authors) > 0 {
		return r.Facts.Authors
	}
	var all []release.Author
	for _, c := range r.Facts.Revisions {
		all = append(all, release.Author{Name: c.Author, Email: c.Email})
	}
	return append(all, release.Author{Name: r.Git.Author, Email: r.Git.Email})
}
