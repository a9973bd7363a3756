package approval

import (
	"context"
	"errors"

	"github.com/signalbox/signalbox/internal/people"
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

// Requests remembers requests.
type Requests interface {
	// Request reads the current request, or fails with ErrNotFound.
	Request(ctx context.Context, id string) (Request, error)
	// SaveRequest stores r under the next version, or fails with ErrConflict
	// when the stored version is not r.Version.
	SaveRequest(ctx context.Context, r Request) error
}

// Register is what an Asker needs of the store.
type Register interface {
	Requests
	// CreateRequest stores a new request, or fails with ErrExists.
	CreateRequest(ctx context.Context, r Request) error
	// PutLink stores a new link, or fails with ErrExists.
	PutLink(ctx context.Context, l Link) error
}

// Record is what a Decider needs of the store.
type Record interface {
	Requests
	// SaveVote is SaveRequest for a request that has just been decided by
	// r.Vote. It also writes the vote to the audit trail, in the same
	// transaction, and fails with ErrConflict unless the stored request is
	// still pending and not expired at r.Vote.At.
	SaveVote(ctx context.Context, r Request) error
	// RequestsOf lists the requests of every attempt of an action.
	RequestsOf(ctx context.Context, a Action) ([]Request, error)
}

// Source is what an Asker needs of CodePipeline.
type Source interface {
	// Waiting reads what waits at a. It fails with ErrTooEarly or
	// ErrNotWaiting.
	Waiting(ctx context.Context, a Action) (Waiting, error)
}

// Pipeline is what a Decider needs of CodePipeline.
type Pipeline interface {
	// Resolve passes the vote of r on. It fails with ErrNotWaiting when
	// CodePipeline has had an answer before, or no longer wants one.
	Resolve(ctx context.Context, r Request) error
	// Ending reads how the action of r ended; false while it still waits.
	Ending(ctx context.Context, r Request) (Ending, bool, error)
}

// Cards shows requests in Slack.
type Cards interface {
	// Post sends a new message for r.
	Post(ctx context.Context, r Request) (Card, error)
	// Update redraws a message from r. ErrNotFound: the message is gone.
	Update(ctx context.Context, r Request, c Card) error
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
}

// Mail asks one person by e-mail.
type Mail interface {
	// Ask publishes the mail. Publishing it twice sends the same mail twice.
	Ask(ctx context.Context, r Request, i Invitation) error
}

// A Signer computes message authentication codes with a key that never leaves
// its keeper.
type Signer interface {
	MAC(ctx context.Context, message []byte) ([]byte, error)
}

// Rules finds the rule for an action; false means that none matches.
type Rules interface {
	For(a Action) (Rule, bool)
}

var _ Rules = Policies(nil)

// approvers is who may answer under rule, never nil so that it is stored as an
// empty list.
func approvers(rule Rule) []people.Person {
	return append([]people.Person{}, rule.Approvers...)
}
