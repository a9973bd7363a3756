package local

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// A bus puts CodePipeline's events on the local EventBridge, in the envelope
// that EventBridge puts around them.
type bus struct {
	stack           *stack.Stack
	account, region string
}

var _ codepipeline.Publisher = bus{}

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

// uuid is a random UUID (RFC 9562, version 4): what EventBridge calls events.
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Publish delivers e to every rule that matches it.
func (b bus) Publish(ctx context.Context, e codepipeline.Event) error {
	raw, err := json.Marshal(envelope{
		Version: "0", ID: uuid(), DetailType: e.DetailType, Source: engine.Source,
		Account: b.account, Time: e.Time.UTC().Format(time.RFC3339), Region: b.region,
		Resources: []string{e.Resource}, Detail: e.Detail,
	})
	if err != nil {
		return fmt.Errorf("encode a CodePipeline event: %w", err)
	}
	return b.stack.Deliver(ctx, raw)
}
