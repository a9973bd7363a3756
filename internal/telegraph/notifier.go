package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// maxTries is how often a write is tried when others come first. Each time one
// of them has come further.
const maxTries = 20

// A Notifier folds events into records and queues what shows them. For an event
// it needs one read, one write and one send, and it asks nobody else.
type Notifier struct {
	Board
	Records Register
	Queue   Queue
	Now     func() time.Time
}

// Changed takes in what an event tells. An event that has been taken in before
// is queued again, as whoever did so may have stopped before that.
func (n *Notifier) Changed(ctx context.Context, e event.Event) error {
	id, known, err := n.executionOf(ctx, e)
	if err != nil || !known {
		return err
	}
	for range maxTries {
		kept, err := keptOf(ctx, n.Records, id)
		if err != nil {
			return fmt.Errorf("read the record of %s: %w", id.ID, err)
		}
		before := kept.Record
		fresh, err := n.fold(ctx, &kept, e)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return fmt.Errorf("save the record of %s: %w", id.ID, err)
		}
		if kept.Record.Version == 0 {
			return nil // the event tells nothing about it
		}
		dues := n.dues(kept, 0)
		if !fresh || before.State() != kept.Record.State() {
			dues = append(dues, kept.due(badgePlace(id.Pipeline), 0))
		}
		if err := n.Queue.Send(ctx, dues...); err != nil {
			return fmt.Errorf("queue what shows %s: %w", id.ID, err)
		}
		return nil
	}
	return fmt.Errorf("save the record of %s: %w, %d times", id.ID, ErrConflict, maxTries)
}

// fold saves what e adds to the record, and reports whether it adds anything.
func (n *Notifier) fold(ctx context.Context, kept *Kept, e event.Event) (bool, error) {
	r, fresh := kept.Record.Fold(e)
	if !fresh {
		return false, nil
	}
	if err := n.Records.SaveRecord(ctx, r, n.look(r, n.Now()), inputs(e)...); err != nil {
		return true, err
	}
	r.Version++
	kept.Record = r
	return true, nil
}

// executionOf finds the execution that e is about. A build that no execution is
// known to have started is left out: should it fail, the Deliverer asks for it.
func (n *Notifier) executionOf(ctx context.Context, e event.Event) (release.ExecutionID, bool, error) {
	if id, ok := release.ExecutionOf(e); ok {
		return id, true, nil
	}
	var b event.Build
	switch e := e.(type) {
	case event.BuildChanged:
		b = e.Build
	case event.BuildPhaseChanged:
		b = e.Build
	default:
		slog.DebugContext(ctx, "event dropped", "event", e.About().ID, "type", fmt.Sprintf("%T", e))
		return release.ExecutionID{}, false, nil
	}
	if b.Pipeline == "" || b.Source == (event.Artifact{}) {
		return release.ExecutionID{}, false, nil
	}
	id, err := n.Records.ExecutionOf(ctx, b.Source)
	if errors.Is(err, ErrNotFound) {
		slog.DebugContext(ctx, "build of an unknown execution", "event", e.About().ID, "pipeline", b.Pipeline)
		return release.ExecutionID{}, false, nil
	}
	if err != nil {
		return release.ExecutionID{}, false, fmt.Errorf("find the execution of build %s: %w", b.BuildID, err)
	}
	return id, id.Pipeline == b.Pipeline, nil
}

// inputs are those by which the events of a build are known to be about the
// execution: CodePipeline hands them to CodeBuild as the source.
func inputs(e event.Event) []event.Artifact {
	a, ok := e.(event.ActionChanged)
	if !ok || a.Type.Provider != "CodeBuild" || a.State != event.Started {
		return nil
	}
	return a.Inputs
}

// keptOf is what is kept of id, empty if it is new.
func keptOf(ctx context.Context, records Register, id release.ExecutionID) (Kept, error) {
	kept, err := records.Kept(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Kept{Record: release.NewRecord(id)}, nil
	}
	return kept, err
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
