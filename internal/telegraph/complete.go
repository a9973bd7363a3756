package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/release"
)

const (
	// factsAge is how long what holds an execution up is taken for true.
	factsAge = 20 * time.Second
	// sourceLag is how long the API may take to tell all about revisions that
	// are already on their way.
	sourceLag = 5 * time.Second
)

// traced reports whether all that can be known of revisions is known.
func traced(all []release.Commit) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(c release.Commit) bool { return c.URL == "" })
}

// complete adds to the record what events do not tell. What cannot be read is
// left out: a card without it is better than none. The other places are queued
// again if their cards change, and with them those of authors who are known now.
func (d *Deliverer) complete(ctx context.Context, kept Kept, due Due, now time.Time) (Kept, error) {
	truth, asked := d.truth(ctx, kept.Record, now)
	corrected := kept.Record
	if asked {
		corrected = corrected.Reconciled(truth)
	}
	q := missing(corrected, due.Nudge != 0, now)
	broken := unexplained(corrected)
	if q == (Question{}) && len(broken) == 0 && (!asked || corrected.Hash() == kept.Record.Hash()) {
		return kept, nil
	}
	facts := d.facts(ctx, corrected, q, broken, now)
	for range maxTries {
		r := kept.Record.Reconciled(truth).Merge(facts)
		after := kept
		after.Record = r
		after.Record.Version++
		// Queued before it is saved, so that nobody stays unaware of it. Who
		// comes before that asks the same.
		if err := d.spread(ctx, kept, after, due); err != nil {
			return kept, err
		}
		err := d.Records.SaveRecord(ctx, r, d.look(r, now))
		if err == nil {
			return after, nil
		}
		if !errors.Is(err, ErrConflict) {
			return kept, err
		}
		if kept, err = d.Records.Kept(ctx, kept.Record.ExecutionID); err != nil {
			return kept, err
		}
	}
	return kept, fmt.Errorf("%w, %d times", ErrConflict, maxTries)
}

// truth is how r stands if a stage has just failed and no action is known to
// have: the event of that is late or lost, and what went wrong is told once.
func (d *Deliverer) truth(ctx context.Context, r release.Record, now time.Time) (release.Truth, bool) {
	f, failed := r.Failure()
	if !failed || f.Action.Name != "" || now.Sub(latest(r)) > time.Minute {
		return release.Truth{}, false
	}
	truth, err := d.Source.Truth(ctx, r.ExecutionID)
	if err != nil {
		slog.WarnContext(ctx, "which action failed could not be read", "pipeline", r.Pipeline, "execution", r.ID, "err", err)
	}
	return truth, true
}

// spread queues the places other than that of due to which the facts matter.
func (d *Deliverer) spread(ctx context.Context, before, after Kept, due Due) error {
	known := d.dues(before, 0)
	same := before.Record.Hash() == after.Record.Hash()
	others := slices.DeleteFunc(d.dues(after, due.Nudge), func(one Due) bool {
		queued := func(k Due) bool { return k.Place == one.Place }
		return one.Place == due.Place || same && slices.ContainsFunc(known, queued)
	})
	if len(others) == 0 {
		return nil
	}
	return d.Queue.Send(ctx, others...)
}

// facts reads what q asks for, and why the builds of broken failed.
func (d *Deliverer) facts(ctx context.Context, r release.Record, q Question, broken []release.ActionView, now time.Time) release.Facts {
	var facts release.Facts
	if q != (Question{}) {
		var err error
		if facts, err = d.Source.Facts(ctx, r, q); err != nil {
			slog.WarnContext(ctx, "not everything about an execution could be read",
				"pipeline", r.Pipeline, "execution", r.ID, "err", err)
		}
		facts.At = now // also when nothing could be read, or each event would ask again
	} else {
		facts.At = r.Facts.At
	}
	if !q.Holds {
		facts.Holds = r.Facts.Holds
	}
	if len(broken) > 0 {
		facts.Failures = slices.Clone(r.Facts.Failures)
	}
	for _, a := range broken {
		f, err := d.Builds.Failure(ctx, buildPlace(r, a), a.ExternalID)
		if err != nil {
			slog.WarnContext(ctx, "why a build failed is not known", "pipeline", r.Pipeline, "build", a.ExternalID, "err", err)
		}
		known := release.BuildFailure{BuildID: a.ExternalID, Phase: f.Phase, Context: f.Message, LogsURL: f.LogURL}
		for _, t := range f.Tests {
			known.Tests = append(known.Tests, t.Name)
		}
		facts.Failures = append(facts.Failures, known)
	}
	return facts
}

// missing is what r lacks. nudged says that nothing has been heard for a while:
// only then is it asked what holds an execution between two stages, which
// mostly goes on by itself.
func missing(r release.Record, nudged bool, now time.Time) Question {
	at := r.Facts.At
	q := Question{Holds: nudged && entering(r) && now.Sub(at) > factsAge}
	if at.IsZero() {
		q.Structure, q.Origin, q.Past = true, true, true
	}
	if r.Over() && at.Before(r.Until()) {
		q.Origin, q.Past = true, true
	}
	if len(r.Facts.Plan) == 0 && q != (Question{}) {
		q.Structure = true
	}
	if s := sourced(r); !s.IsZero() && at.Before(s.Add(sourceLag)) && !traced(r.Facts.Revisions) {
		q.Origin = true
	}
	return q
}

// entering reports whether r waits in front of a stage.
func entering(r release.Record) bool {
	for _, w := range r.WaitsFor() {
		switch w.Reason {
		case release.ForEntry, release.ForTransition, release.ForStage:
			return true
		case release.ForApproval, release.ForGate, release.ForCondition:
		default:
		}
	}
	return false
}

// sourced is when the second stage began, by which the revisions are known.
func sourced(r release.Record) time.Time {
	if train := r.Train(); len(train) > 1 {
		return train[1].Since
	}
	return time.Time{}
}

// unexplained are the builds that failed and have not been asked about.
func unexplained(r release.Record) []release.ActionView {
	var all []release.ActionView
	for _, s := range r.Train() {
		for _, a := range actions(s) {
			asked := slices.ContainsFunc(r.Facts.Failures, func(f release.BuildFailure) bool { return f.BuildID == a.ExternalID })
			if failedBuild(a) && !asked {
				all = append(all, a)
			}
		}
	}
	return all
}
