package telegraph

import (
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// A Card is what one place has been shown and told of one execution. Of is
// zero for what a place is told besides: its digests.
type Card struct {
	Of    release.ExecutionID `json:"of,omitzero"`
	Place string              `json:"place"` // as notice.Delivery.Place has it
	Message
	// Hash is that of what the message shows; empty if that is not known.
	Hash string `json:"hash,omitempty"`
	// EditedAt is when the message was posted or changed last.
	EditedAt time.Time   `json:"edited_at,omitzero"`
	Said     notice.Said `json:"said,omitempty"`
	// Attempt is what somebody has set out to send; nil once it is known what
	// came of it.
	Attempt *Attempt `json:"attempt,omitempty"`
	// Stopped says why nothing more is sent; empty as long as something is.
	Stopped string `json:"stopped,omitempty"`
	// Version counts the writes; 0 before the first.
	Version int `json:"version"`
}

// An Attempt is a claim to send, made at Since: until Until nobody else does,
// and after it whoever comes next looks whether the messages of Keys have
// arrived.
type Attempt struct {
	Keys  []string  `json:"keys"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// A Message is where a message stands in Slack. TS is empty if there is none.
type Message struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// Kept is all that is stored of an execution.
type Kept struct {
	Record release.Record
	// Cards are by place.
	Cards map[string]Card
}

// A Due says that a place has to be brought up to the record of an execution
// or, if that is zero, is to be given its digest.
type Due struct {
	Of    release.ExecutionID `json:"of,omitzero"`
	Place string              `json:"place"`
	// Version is that of the record, and Nudge sets apart what is due again
	// although the record has not changed. A Due that has been queued within
	// the last minutes need not be queued again.
	Version int   `json:"version,omitempty"`
	Nudge   int64 `json:"nudge,omitempty"`
}

// A View is all that a card may show.
type View struct {
	Record   release.Record
	Release  notice.Release
	Delivery notice.Delivery
	// Commands are what the buttons offer, in order.
	Commands []Command
	Now      time.Time
}
