// Package delivery carries the events of the emulators to the local EventBridge,
// as badly as one likes: late, twice, not at all, or out of order.
//
// AWS promises none of the opposite (EventBridge may deliver an event more than
// once and in any order, and CodePipeline's are sent on a best effort basis),
// yet a local world that always delivers well would never show what that does
// to a consumer. A Switch does it on purpose, at given rates, and the same again
// for the same seed.
package delivery

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// An Event is what an AWS service tells EventBridge. The bus adds the account
// and the Region.
type Event struct {
	// ID is a UUID. The same event, delivered again, has the same ID.
	ID string
	// Source is the service, such as "aws.codepipeline".
	Source     string
	DetailType string
	// Time is when it happened; EventBridge keeps whole seconds.
	Time time.Time
	// Resources are ARNs; there may be none.
	Resources []string
	// Detail is the JSON object under "detail".
	Detail json.RawMessage
}

// A Publisher takes events to EventBridge. It must return when ctx ends. An
// event whose Publish fails is tried again.
type Publisher interface {
	Publish(ctx context.Context, e Event) error
}

// newID is a random UUID (RFC 9562, version 4): what EventBridge calls events.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see its documentation
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
