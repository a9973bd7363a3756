package local

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/delivery"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// A bus puts events on the local EventBridge, in the envelope that EventBridge
// puts around them.
type bus struct {
	stack           *stack.Stack
	account, region string
}

var _ delivery.Publisher = bus{}

// envelope is an EventBridge event, its keys in the order AWS writes them.
type envelope struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// Publish delivers e to every rule that matches it.
func (b bus) Publish(ctx context.Context, e delivery.Event) error {
	resources := e.Resources
	if resources == nil {
		resources = []string{} // not null
	}
	raw, err := json.Marshal(envelope{
		Version: "0", ID: e.ID, DetailType: e.DetailType, Source: e.Source,
		Account: b.account, Time: e.Time.UTC().Format(time.RFC3339), Region: b.region,
		Resources: resources, Detail: e.Detail,
	})
	if err != nil {
		return fmt.Errorf("encode an event of %s: %w", e.Source, err)
	}
	return b.stack.Deliver(ctx, raw)
}

// pipelineEvents takes CodePipeline's events to the bus by way of the switch
// that may deliver them badly.
type pipelineEvents struct{ *delivery.Switch }

var _ codepipeline.Publisher = pipelineEvents{}

// Publish passes on e.
func (p pipelineEvents) Publish(ctx context.Context, e codepipeline.Event) error {
	return p.Switch.Publish(ctx, delivery.Event{
		ID: e.ID, Source: engine.Source, DetailType: e.DetailType, Time: e.Time, Resources: []string{e.Resource}, Detail: e.Detail,
	})
}
