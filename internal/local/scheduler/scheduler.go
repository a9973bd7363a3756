// Package scheduler is an EventBridge Scheduler for one machine: the REST API
// that every AWS SDK and the AWS CLI speak, and schedules that really invoke
// functions, on the clock of the local world. When somebody steps that clock,
// what falls due on the way is invoked at once and in order.
//
// Handler is the API, Control is what a console or a script uses beyond it,
// Functions runs what is due. Only Lambda functions can be targets. What AWS
// does not say, and is chosen here, is in assumptions.go.
package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// ErrNoFunction is a Functions' error that trying again will not help.
var ErrNoFunction = errors.New("there is no such function")

// Functions runs Lambda functions.
type Functions interface {
	// Invoke hands payload to the function of an ARN and does not wait until it
	// has run. Without such a function it fails with ErrNoFunction.
	Invoke(ctx context.Context, function string, payload []byte) error
}

// Queues takes what could not be handed over.
type Queues interface {
	// Send puts a message on the queue of an ARN.
	Send(ctx context.Context, queue, body string, attributes map[string]string) error
}

// Options configure a Service. All but Log is required.
type Options struct {
	// Account has twelve digits.
	Account string
	Region  string
	// Clock is what all schedules obey.
	Clock     clock.Clock
	Functions Functions
	Queues    Queues
	// Log gets what could not be handed over; nil discards it.
	Log *slog.Logger
}

// A Service is one Scheduler. It is safe for concurrent use.
type Service struct {
	opts  Options
	model *api.Model
	desk  *desk

	mu        sync.Mutex
	groups    map[string]group
	schedules map[place]*schedule
	tokens    map[string]made
}

// A place is where a schedule is found.
type place struct{ group, name string }

// A schedule is one that exists. The Service's lock guards it.
type schedule struct {
	declaration
	moments           moments
	arn               string
	created, modified time.Time
	// at is when it invokes its target next; zero when it does not.
	at    time.Time
	timer clock.Timer // nil when at is zero
	lost  bool        // somebody wants it to stay silent
}

func (s *schedule) place() place { return place{s.GroupName, s.Name} }

// New starts a Service with the group "default" and no schedules. It works
// until ctx ends or Close is called. An error means that the embedded service
// model is broken.
func New(ctx context.Context, o Options) (*Service, error) {
	model, err := api.ReadModel(modelJSON, validation)
	if err != nil {
		return nil, fmt.Errorf("start the local Scheduler: %w", err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		opts: o, model: model,
		groups: map[string]group{}, schedules: map[place]*schedule{}, tokens: map[string]made{},
	}
	s.addGroup(defaultGroup)
	s.desk = openDesk(ctx, o, s.completed)
	return s, nil
}

// Close stops everything and returns when that is done. What has not been
// handed over by then is lost. It may be called twice.
func (s *Service) Close() {
	s.mu.Lock()
	for _, x := range s.schedules {
		x.disarm()
	}
	s.mu.Unlock()
	s.desk.close()
}

func (s *Service) arn(kind string) string {
	return "arn:aws:scheduler:" + s.opts.Region + ":" + s.opts.Account + ":" + kind
}
