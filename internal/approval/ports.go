package approval

import (
	"context"
	"errors"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// The answers of the ports that the shells branch on. Adapters translate what
// their outside system says into these.
var (
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrExists: something is already stored under this id.
	ErrExists = errors.New("already exists")
	// ErrConflict: the stored version is no longer the one that was read.
	ErrConflict = errors.New("changed meanwhile")
	// ErrNotWaiting: CodePipeline no longer waits for an answer here.
	ErrNotWaiting = errors.New("no longer waiting")
	// ErrTooEarly: the event outran the API, or another execution holds the
	// stage; ask again in a moment.
	ErrTooEarly = errors.New("not waiting yet")
	// ErrLocked: too many wrong codes.
	ErrLocked = errors.New("link locked")
	// ErrUsed: the link has voted.
	ErrUsed = errors.New("link used")
)

// A Store remembers requests, links, and the audit trail.
type Store interface {
	// Request reads the current request, or fails with ErrNotFound.
	Request(ctx context.Context, id string) (Request, error)
	// RequestsOf lists the requests of every attempt of an action.
	RequestsOf(ctx context.Context, a Action) ([]Request, error)
	// Open lists the requests that are not settled. One that cannot be read is
	// an error, and the others are listed all the same.
	Open(ctx context.Context) ([]Request, error)
	// CreateRequest stores a new request with its first audit entries, all or
	// nothing, or fails with ErrExists.
	CreateRequest(ctx context.Context, r Request, trail ...audit.Entry) error
	// SaveRequest stores r under the next version with its audit entries, all
	// or nothing, or fails with ErrConflict when the stored version is not
	// r.Version.
	SaveRequest(ctx context.Context, r Request, trail ...audit.Entry) error
	// Append adds entries to the audit trail, each once however often it is
	// called with them.
	Append(ctx context.Context, trail ...audit.Entry) error
	// PutLink stores a new link, or fails with ErrExists.
	PutLink(ctx context.Context, l Link) error
	// Cursor reads where something was left off, empty at first; SetCursor
	// writes it.
	Cursor(ctx context.Context, name string) (string, error)
	SetCursor(ctx context.Context, name, value string) error
}

// Alarms wake us for a request at a moment.
type Alarms interface {
	// Set may be called again for the same moment.
	Set(ctx context.Context, request string, at time.Time) error
	// Clear takes an alarm back; it is no error if there is none.
	Clear(ctx context.Context, request string, at time.Time) error
}

// Source is what an Asker needs of CodePipeline.
type Source interface {
	// Waiting reads what waits at a. It fails with ErrTooEarly or
	// ErrNotWaiting.
	Waiting(ctx context.Context, a Action) (Waiting, error)
	// Changes reads what w would release. What could not be read is said in
	// the result; an error means that it is not known who made the changes.
	Changes(ctx context.Context, w Waiting) (release.Changes, error)
}

// Pipeline is what a Decider needs of CodePipeline.
type Pipeline interface {
	// Resolve passes the vote of r on. It fails with ErrNotWaiting when
	// CodePipeline has had an answer before, or no longer wants one.
	Resolve(ctx context.Context, r Request) error
	// Ending reads how the action of r ended; false while it still waits.
	Ending(ctx context.Context, r Request) (Ending, bool, error)
	// Waits lists approval actions that wait for an answer, beginning where
	// from, the second result of an earlier call, left off. When there are no
	// more, the second result is empty. An error tells what was passed over; the
	// results are good all the same.
	Waits(ctx context.Context, from string) ([]Action, string, error)
}

// Cards shows requests in Slack.
type Cards interface {
	// Post sends a new message for r to place: a channel, or a member.
	// ErrNotFound: there is no such place.
	Post(ctx context.Context, r Request, place string) (Card, error)
	// Update redraws a message from r. ErrNotFound: the message is gone.
	Update(ctx context.Context, r Request, c Card) error
	// Announce tells those concerned of a, below the card c.
	Announce(ctx context.Context, r Request, c Card, a Announcement) error
}

// A SlackUser is what Slack says about somebody who clicked.
type SlackUser struct {
	Name string
	// Deleted, Bot, Guest and Foreign each rule a voter out. Foreign means a
	// member of another workspace in a shared channel.
	Deleted, Bot, Guest, Foreign bool
}

// Clickers knows and answers the people who click in Slack.
type Clickers interface {
	// Voter looks up a member. ErrNotFound: Slack knows no such member.
	Voter(ctx context.Context, slackUser string) (SlackUser, error)
	// Tell shows text, which is plain, to one member below a card.
	Tell(ctx context.Context, c Card, slackUser, text string) error
	// Confirm shows one member their own link to confirm an approval with. It
	// shows the code only if i has one.
	Confirm(ctx context.Context, c Card, slackUser string, r Request, i Invitation) error
}

// Circles knows who belongs to Slack user groups.
type Circles interface {
	// Members lists the member ids of a group. ErrNotFound: there is no such
	// group, or it has been disabled.
	Members(ctx context.Context, group string) ([]string, error)
}

// Mail asks one person by e-mail.
type Mail interface {
	// Ask publishes the mail. Publishing it twice sends the same mail twice.
	Ask(ctx context.Context, r Request, i Invitation) error
}

// A Pager wakes those who look after Signalbox.
type Pager interface {
	Page(ctx context.Context, subject, text string) error
}

// A Signer computes message authentication codes with a key that never leaves
// its keeper.
type Signer interface {
	MAC(ctx context.Context, message []byte) ([]byte, error)
}

// Everybody is the configured people under all of their names.
type Everybody interface {
	Directory
	// BySlack finds the person with a Slack member id.
	BySlack(slackUser string) (people.Person, bool)
	// ByID finds the person with a configured id.
	ByID(id string) (people.Person, bool)
}
