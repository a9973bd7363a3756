// Package codepipeline is a CodePipeline for one machine: the JSON 1.1 API that
// every AWS SDK and the AWS CLI speak, pipelines that really run, and the
// events that CodePipeline puts on EventBridge.
//
// What runs when is decided in package engine; this package connects it to the
// outside: Handler is the API, Control is what a console or a script uses
// beyond it, a Publisher takes the events, an Invoker runs Lambda functions.
// Builds, deployments and sources are simulated: they take a moment and end as
// told.
package codepipeline

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
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
	Publisher Publisher
	// Invoker runs Lambda functions; nil fails every Lambda action.
	Invoker Invoker
	// Builds runs the builds of CodeBuild actions, usually a
	// codebuild.Service; nil simulates them.
	Builds engine.Builds
	// Topics takes what approvals tell the topics in their configuration; nil
	// fails every approval that has one.
	Topics Topics
	// Images is what ECR sources find, usually the local registry; nil makes
	// digests up.
	Images engine.Images
	// Roles reports whether there is an IAM role of an ARN; nil knows all.
	Roles func(arn string) bool
	// Strict makes the choices that break careless clients. For one, an
	// approval's token is then not its action execution id.
	Strict bool
	// StartOnCreate runs a new pipeline at once, as CodePipeline does. Without
	// it a local world starts quiet.
	StartOnCreate bool
	// Pace is how long simulated actions take; zero is engine.DefaultPace.
	Pace engine.Pace
	// Seed makes ids and durations repeatable; zero makes them random.
	Seed [32]byte
	// Log gets what goes wrong with events and invocations; nil discards it.
	Log *slog.Logger
}

// A Service is one CodePipeline. It is safe for concurrent use.
type Service struct {
	opts   Options
	log    *slog.Logger
	engine *engine.Engine
	model  *api.Model
	// operations are those of the API that are offered, by name.
	operations map[string]operation
	cancel     context.CancelFunc
	background *sync.WaitGroup
}

// New starts a Service without pipelines. It works until ctx ends or Close is
// called. An error means that the embedded service model is broken.
func New(ctx context.Context, o Options) (*Service, error) {
	model, err := api.LoadModel()
	if err != nil {
		return nil, fmt.Errorf("start the local CodePipeline: %w", err)
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Service{opts: o, log: log, model: model, cancel: cancel, background: &sync.WaitGroup{}}
	e := &effects{
		ctx: ctx, outbox: newOutbox(o.Publisher, log), invoker: o.Invoker, background: s.background, log: log,
	}
	options := engine.Options{
		Account: o.Account, Region: o.Region, Clock: o.Clock, Effects: e, Builds: o.Builds, Strict: o.Strict,
		StartOnCreate: o.StartOnCreate, Pace: o.Pace, Seed: o.Seed,
		Images: o.Images, Roles: o.Roles,
	}
	if o.Topics != nil {
		options.Notifier = &notifier{ctx: ctx, topics: o.Topics, background: s.background, log: log}
	}
	s.engine = engine.New(options)
	e.ended = s.engine.InvocationEnded
	s.operations = operations(s.engine)
	s.background.Go(func() { e.outbox.Run(ctx) })
	return s, nil
}

// CreatePipeline declares a pipeline exactly as the API operation of that name
// does. Its error is the one that a client would get.
func (s *Service) CreatePipeline(d api.Declaration) error {
	return s.call("CreatePipeline", s.caller(), api.CreatePipelineInput{Pipeline: d})
}

// Close stops all timers, running invocations and the delivery of events, and
// returns when that is done. Events not yet delivered are lost. It may be
// called twice.
func (s *Service) Close() {
	s.engine.Close()
	s.cancel()
	s.background.Wait()
}

// caller is whoever calls the API: signatures are not checked, so all are the
// account itself.
func (s *Service) caller() engine.Caller {
	return engine.Caller{ARN: "arn:aws:iam::" + s.opts.Account + ":user/automation"}
}

// console is the person at the console page.
func (s *Service) console() engine.Caller {
	return engine.Caller{ARN: "arn:aws:sts::" + s.opts.Account + ":assumed-role/Console/local"}
}
