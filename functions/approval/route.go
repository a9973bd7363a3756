package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

// works is everything that the function does.
type works struct {
	gate  approval.Gate
	clerk approval.Clerk
	// exporter is nil when the audit trail is not exported.
	exporter *audit.Exporter
}

// event takes what EventBridge and Scheduler send.
func (w works) event(ctx context.Context, ev event.Event) error {
	switch e := ev.(type) {
	case event.ActionChanged:
		return w.gate.ActionChanged(ctx, e)
	case event.AlarmRang:
		return w.gate.AlarmRang(ctx, e)
	case event.ReconcileDue:
		return w.reconcile(ctx, e)
	default:
		slog.DebugContext(ctx, "event dropped", "event", ev.About().ID, "type", fmt.Sprintf("%T", ev))
		return nil
	}
}

func (w works) reconcile(ctx context.Context, e event.ReconcileDue) error {
	err := w.gate.ReconcileDue(ctx, e)
	if w.exporter != nil {
		err = errors.Join(err, w.exporter.Export(ctx))
	}
	return err
}

// message takes what lies on the votes queue. A message that cannot be read
// comes back until it lands in the dead-letter queue, where its alarm is seen.
func (w works) message(ctx context.Context, m event.QueueMessage) error {
	body, err := ballot.Decode(m.Body)
	if err != nil {
		return err
	}
	if body.Inquiry != nil {
		return w.clerk.Answer(ctx, *body.Inquiry)
	}
	return w.gate.Vote(ctx, *body.Ballot)
}
