package approval

import (
	"context"

	"github.com/signalbox/signalbox/internal/event"
)

// A Gate passes the events of manual approval actions to those who act on
// them: an action that starts is asked about, any other change ends it.
type Gate struct {
	Asker   *Asker
	Decider *Decider
}

// ActionChanged takes one event. Events of other kinds of action are dropped.
// An error means that the event should be delivered again.
func (g Gate) ActionChanged(ctx context.Context, e event.ActionChanged) error {
	if e.Type != event.ManualApproval {
		return nil
	}
	a := Action{
		Account: e.Account, Region: e.Region,
		Pipeline: e.Pipeline, ExecutionID: e.ExecutionID, Stage: e.Stage, Name: e.Action,
	}
	if e.State == event.Started {
		return g.Asker.Started(ctx, a)
	}
	return g.Decider.Ended(ctx, a)
}
