package telegraph

import (
	"context"
	"errors"
	"time"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// The answers that this package branches on.
var (
	// ErrNotFound: there is no such thing. EditCard of Slack fails with it when
	// somebody has deleted the card.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the stored version is not the one that was read.
	ErrConflict = errors.New("changed meanwhile")
)

// A LaterError means that a destination wants to be left alone for a while.
// What was sent may have arrived all the same.
type LaterError struct {
	After time.Duration // positive
	Err   error
}

func (e *LaterError) Error() string { return e.Err.Error() }

// Unwrap returns what the destination said.
func (e *LaterError) Unwrap() error { return e.Err }

// A RefusedError means that what was sent has certainly not arrived, and that
// the same would be refused again.
type RefusedError struct {
	// Sentence tells an operator what is wrong and what to do about it. It is
	// empty if only this one message is at fault.
	Sentence string
	// Everywhere is set if the destination takes nothing for any place, such
	// as after its token was revoked: then it is worth trying again, once
	// somebody has acted.
	Everywhere bool
	Err        error
}

func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap returns what the destination said.
func (e *RefusedError) Unwrap() error { return e.Err }

// A Register remembers executions. Reads see every earlier write.
type Register interface {
	// Kept reads the record of an execution and all of its cards, in one query,
	// or fails with ErrNotFound if there is no record.
	Kept(ctx context.Context, id release.ExecutionID) (Kept, error)
	// SaveRecord stores r under the next version, or fails with ErrConflict
	// unless the stored version is r.Version; 0 means that there is none. look
	// is when somebody should look at it if nothing happens before; zero for
	// never. Inputs are what its builds are made of: ExecutionOf finds the
	// execution by them from then on. All of it is one write call.
	SaveRecord(ctx context.Context, r release.Record, look time.Time, inputs ...event.Artifact) error
	// ExecutionOf finds the execution that last used an artifact as an input,
	// or fails with ErrNotFound.
	ExecutionOf(ctx context.Context, input event.Artifact) (release.ExecutionID, error)
}

// Records remember executions and what has been told of them.
type Records interface {
	Register
	// SaveCard stores c under the next version and returns it with that, or
	// fails with ErrConflict unless the stored version is c.Version; 0 means
	// that there is none.
	SaveCard(ctx context.Context, c Card) (Card, error)
	// Unwatched lists the executions whose look is at now or earlier.
	Unwatched(ctx context.Context, now time.Time) ([]release.ExecutionID, error)
	// Claim makes key belong to by, and reports whether it does: the first to
	// claim it has it, for a month.
	Claim(ctx context.Context, key, by string) (bool, error)

	// Hold keeps what a place is to be told at the moment due. Holding the same
	// again changes nothing.
	Hold(ctx context.Context, due time.Time, held ...notice.Held) error
	// Waiting lists the places that have something due at now or earlier.
	Waiting(ctx context.Context, now time.Time) ([]string, error)
	// Held reads the card of the place itself, in which Version is 0 if there
	// is none, and what it is to be told at now or earlier.
	Held(ctx context.Context, place string, now time.Time) (Card, []notice.Held, error)
	// Drop forgets what was kept by Hold.
	Drop(ctx context.Context, held ...notice.Held) error
}

// A Queue hands work to the Deliverer. That of one place is done in order.
type Queue interface {
	Send(ctx context.Context, due ...Due) error
}

// Slack shows cards. Its errors may be a *LaterError or a *RefusedError; with
// any other, what was sent may have arrived.
type Slack interface {
	// Hash is equal for views that look the same, whatever the time.
	Hash(v View) string
	// PostCard posts a card to a channel or, as a direct message, to a member.
	PostCard(ctx context.Context, to string, v View) (Message, error)
	// EditCard redraws the card at m, or fails with ErrNotFound.
	EditCard(ctx context.Context, m Message, v View) error
	// Say answers in the thread of m or, if m has no TS, posts to its Channel,
	// which may be a member as well.
	Say(ctx context.Context, m Message, s Saying) (Message, error)
	// PostDigest posts a digest under the given key.
	PostDigest(ctx context.Context, to, key string, d notice.Digest, zone *time.Location) (Message, error)
	// Find looks for messages about an execution, or for digests if of is zero,
	// which have arrived: in the thread of m or, if m has no TS, in its Channel
	// not before since. It returns the messages by their keys.
	Find(ctx context.Context, m Message, of release.ExecutionID, since time.Time) (map[string]Message, error)
}

// A Saying is one thing to say, with all there is to say it.
type Saying struct {
	View
	notice.Reply
	// Failure is why the build that it is about failed; nil if none did or
	// nothing could be read.
	Failure *build.Failure
	// Card is the address of the card in Slack; empty if there is none.
	Card string
}

// Sinks are told besides Slack. The errors are as those of Slack.
type Sinks interface {
	// Wants reports whether the sink is told of that kind at all.
	Wants(sink string, k notice.Kind) bool
	// Send tells a sink. It may be called again with the same Saying: then it
	// sends the same key, so that the receiver can know that.
	Send(ctx context.Context, sink string, s Saying) error
}

// A Question is which facts are asked for.
type Question struct {
	// Structure is the plan and the mode; Origin the trigger, the revisions,
	// the authors, and what was rolled back to or superseded by; Past the usual
	// duration and the previous execution; Holds what keeps it from going on.
	Structure, Origin, Past, Holds bool
}

// Source reads what events do not tell.
type Source interface {
	// Facts answers q about r. What could be read is returned beside an error.
	Facts(ctx context.Context, r release.Record, q Question) (release.Facts, error)
	// Truth reads how an execution stands, or fails with ErrNotFound.
	Truth(ctx context.Context, id release.ExecutionID) (release.Truth, error)
}

// Builds explains builds that failed. *build.Reader is one.
type Builds interface {
	Failure(ctx context.Context, place build.Place, id string) (build.Failure, error)
}

// A Pager tells those who look after Signalbox.
type Pager interface {
	Page(ctx context.Context, subject, text string) error
}

// Badges keep how branches stand, for whoever shows it.
type Badges interface {
	// SaveBadge keeps b unless a later one of its pipeline and branch is kept.
	SaveBadge(ctx context.Context, b Badge) error
}

// A Badge is how the latest release of a pipeline, or of one of its branches if
// Branch is set, has ended or stands.
type Badge struct {
	Account  string `json:"account"`
	Region   string `json:"region"`
	Pipeline string `json:"pipeline"`
	Branch   string `json:"branch,omitempty"`
	// State is the execution's.
	State event.State `json:"state"`
	// Execution began at Began: a badge of an earlier one is older.
	Execution string    `json:"execution"`
	Began     time.Time `json:"began"`
	At        time.Time `json:"at"`
}
