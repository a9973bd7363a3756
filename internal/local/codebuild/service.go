// Package codebuild is a CodeBuild for one machine: the JSON 1.1 API that every
// AWS SDK and the AWS CLI speak, builds that go through CodeBuild's phases, and
// the events that CodeBuild puts on EventBridge.
//
// Nothing is really built: a Script says how a build ends, how long it takes
// and what it leaves behind (log, test reports, exported variables). Handler
// is the API, Control is what a console or a script uses beyond it, and a
// Service runs the builds of CodePipeline's actions as its engine.Builds.
// Where AWS does not document a behaviour, assumptions.go has the choice.
package codebuild

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

// Options configure a Service. Account and Region are required; every other
// field has a usable zero value.
type Options struct {
	// Account has twelve digits.
	Account string
	Region  string
	// Clock is what all timers obey; nil is the real time.
	Clock clock.Clock
	// Publisher takes the events; nil drops them.
	Publisher delivery.Publisher
	// Pace is how long a build takes that nothing else is said about; zero is
	// engine.DefaultPace.
	Pace engine.Pace
	// Seed makes ids and durations repeatable; zero makes them random.
	Seed [32]byte
	// Log gets what goes wrong; nil discards it.
	Log *slog.Logger
}

// A Service is the CodeBuild of one account and Region. It is safe for
// concurrent use. Everything happens under one mutex, in calls and timers;
// nothing waits.
type Service struct {
	opts Options
	log  *slog.Logger
	// builds and logs are the models of the two APIs.
	builds *api.Model
	logs   *api.Model
	// operations are those of the API that are offered, by name.
	operations map[string]operation
	outbox     *delivery.Outbox[delivery.Event]
	cancel     context.CancelFunc
	background sync.WaitGroup

	mu       sync.Mutex
	rand     *rand.Rand
	projects map[string]*project
	byID     map[string]*build
	// history are the builds, oldest first. Those that are over are forgotten
	// beyond keepBuilds.
	history []*build
	running int
	reports map[string]*report
	tokens  map[string]startToken
	closed  bool
}

var _ engine.Builds = (*Service)(nil)

// New is a Service without projects. It works until ctx ends or Close is
// called. An error means that an embedded service model is broken.
func New(ctx context.Context, o Options) (*Service, error) {
	builds, err := LoadModel()
	if err != nil {
		return nil, fmt.Errorf("start the local CodeBuild: %w", err)
	}
	logs, err := api.ReadModel(logsJSON, invalidParameter)
	if err != nil {
		return nil, fmt.Errorf("start the local CodeBuild: %w", err)
	}
	o = o.complete()
	s := &Service{
		opts: o, log: o.Log, builds: builds, logs: logs,
		rand:     rand.New(rand.NewChaCha8(o.Seed)), //nolint:gosec // ids of a local world guard nothing
		projects: map[string]*project{}, byID: map[string]*build{},
		reports: map[string]*report{}, tokens: map[string]startToken{},
	}
	s.operations = s.offered()
	s.outbox = delivery.NewOutbox(o.Publisher.Publish, func(e delivery.Event, why error) {
		s.log.WarnContext(ctx, "codebuild event lost: the bus does not take it", "detail-type", e.DetailType, "resources", e.Resources, "err", why)
	})
	ctx, s.cancel = context.WithCancel(ctx)
	s.background.Go(func() { s.outbox.Run(ctx) })
	return s, nil
}

// complete is o with its zero values filled in.
func (o Options) complete() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Publisher == nil {
		o.Publisher = nobody{}
	}
	if o.Pace == (engine.Pace{}) {
		o.Pace = engine.DefaultPace
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Seed == ([32]byte{}) {
		_, _ = crand.Read(o.Seed[:]) // never fails: see its documentation
	}
	return o
}

// nobody is a Publisher that drops events.
type nobody struct{}

// Publish drops the event.
func (nobody) Publish(context.Context, delivery.Event) error { return nil }

// Close stops every timer and the delivery of events, and returns when that is
// done: what runs, runs for good, and events not yet delivered are lost.
// Reading stays possible. It may be called twice.
func (s *Service) Close() {
	s.stopTimers()
	s.cancel()
	s.background.Wait()
}

func (s *Service) stopTimers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, b := range s.history {
		b.stopTimer()
	}
}

func (s *Service) now() time.Time { return s.opts.Clock.Now() }

// after runs f under the lock when d has passed, unless the Service is closed
// by then.
func (s *Service) after(d time.Duration, f func()) clock.Timer {
	return s.opts.Clock.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			f()
		}
	})
}

// newID is a random UUID (version 4) in lower-case hexadecimal.
func (s *Service) newID() string {
	hi, lo := s.rand.Uint64(), s.rand.Uint64()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&(1<<48-1))
}

// arn names a resource, such as "project/web" or "build/web:UUID".
func (s *Service) arn(resource string) string {
	return "arn:aws:codebuild:" + s.opts.Region + ":" + s.opts.Account + ":" + resource
}
