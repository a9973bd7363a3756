package codepipeline

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// ErrNotInvoked means that Lambda refused to run a function, for example
// because there is none of that name. Trying again would not help.
var ErrNotInvoked = errors.New("function was not invoked")

// An Invoker runs Lambda functions for Invoke actions.
type Invoker interface {
	// Invoke runs function with payload and returns when it has ended. An
	// error that wraps ErrNotInvoked fails the action; any other means that
	// the function failed, and it is invoked again as Lambda does. The payload
	// holds credentials: it must not be logged.
	Invoke(ctx context.Context, function string, payload []byte) error
}

// invokeTimeout bounds one invocation: Lambda's own limit is fifteen minutes.
const invokeTimeout = 16 * time.Minute

// effects carry out what the engine asks for, in the background.
type effects struct {
	ctx        context.Context //nolint:containedctx // the life of the Service, which the engine knows nothing of
	outbox     *outbox
	invoker    Invoker
	background *sync.WaitGroup
	ended      func(jobID string, result engine.InvocationResult, why string)
	log        *slog.Logger
}

// Publish queues an event.
func (e *effects) Publish(event engine.Event) { e.outbox.put(event) }

// Invoke runs a function on its own goroutine.
func (e *effects) Invoke(i engine.Invocation) {
	if e.ctx.Err() != nil {
		return
	}
	e.background.Go(func() {
		if e.invoker == nil {
			e.ended(i.JobID, engine.NotInvoked, "this local world runs no Lambda functions")
			return
		}
		ctx, cancel := context.WithTimeout(e.ctx, invokeTimeout)
		defer cancel()
		err := e.invoker.Invoke(ctx, i.Function, i.Payload)
		switch {
		case err == nil:
			e.ended(i.JobID, engine.HandlerReturned, "")
		case e.ctx.Err() != nil: // we are closing
		case errors.Is(err, ErrNotInvoked):
			e.ended(i.JobID, engine.NotInvoked, err.Error())
		default:
			e.log.Warn("function of an Invoke action failed", "function", i.Function, "job", i.JobID, "err", err)
			e.ended(i.JobID, engine.HandlerFailed, err.Error())
		}
	})
}
