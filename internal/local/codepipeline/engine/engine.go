// Package engine runs pipelines as CodePipeline does: stages that hold one
// execution, run orders, approvals, jobs, stops and retries.
//
// It is a state machine under one mutex. Nothing in it waits: an operation or
// a timer of the injected clock changes the state at once, and what follows
// from the change follows in the same step. It speaks no HTTP and calls nobody;
// its Effects do. Where AWS does not document a behaviour, assumptions.go has
// the choice.
package engine

import (
	crand "crypto/rand"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// Options configure an Engine. Account, Region, Clock and Effects are needed.
type Options struct {
	Account string
	Region  string
	Clock   clock.Clock
	Effects Effects
	// Builds runs the builds of CodeBuild actions; nil simulates them.
	Builds Builds
	// Notifier publishes what approvals tell their topics; without one such
	// approvals fail.
	Notifier Notifier
	// Images is what ECR sources find; nil makes digests up.
	Images Images
	// Roles reports whether there is an IAM role of an ARN, in whatever
	// account; nil knows all of them. It must not block.
	Roles func(arn string) bool
	// Strict makes choices that break careless clients: see assumptions.go.
	Strict bool
	// StartOnCreate runs a new pipeline at once, as CodePipeline does.
	StartOnCreate bool
	// Pace is how long simulated actions take; zero is DefaultPace.
	Pace Pace
	// Seed makes ids and durations repeatable; zero makes them random.
	Seed [32]byte
}

// A Pace is the shortest and longest time that a simulated action takes.
type Pace struct{ Min, Max time.Duration }

// DefaultPace lets a person see every action run without waiting long
// (chosen).
var DefaultPace = Pace{Min: 600 * time.Millisecond, Max: 1500 * time.Millisecond}

// Effects are what an Engine does to the outside. The Engine calls them with
// its lock held and in order, so they must neither block nor call it back.
type Effects interface {
	// Publish hands over an event for EventBridge.
	Publish(Event)
	// Invoke asks for a Lambda function to be invoked. How that went is told
	// with InvocationEnded.
	Invoke(Invocation)
}

// A Caller is who calls an operation.
type Caller struct{ ARN string }

// An Engine holds all pipelines of one account and Region. It is safe for
// concurrent use.
type Engine struct {
	opts Options

	mu        sync.Mutex
	rand      *rand.Rand
	pipelines map[string]*pipeline
	jobs      map[string]*job
	// types are the custom action types.
	types map[api.ActionType]*customType
	// calls are the rules whose function runs, by the id of the invocation.
	calls map[string]*ruleRun
	// alarms are the states of the CloudWatch alarms by name.
	alarms map[string]string
	// runs counts the runs of actions and rules, which orders those of the same
	// moment.
	runs   int
	closed bool
}

// New is an Engine without pipelines. Close it to stop its timers.
func New(o Options) *Engine {
	if o.Pace == (Pace{}) {
		o.Pace = DefaultPace
	}
	if o.Seed == ([32]byte{}) {
		_, _ = crand.Read(o.Seed[:]) // never fails: see its documentation
	}
	return &Engine{
		opts:      o,
		rand:      rand.New(rand.NewChaCha8(o.Seed)), //nolint:gosec // ids of a local world guard nothing
		pipelines: map[string]*pipeline{},
		jobs:      map[string]*job{},
		types:     map[api.ActionType]*customType{},
		calls:     map[string]*ruleRun{},
		alarms:    map[string]string{},
	}
}

// Close stops every timer: what waits, waits for good. Reading stays possible.
func (e *Engine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for _, p := range e.pipelines {
		e.stopTimers(p)
	}
}

func (e *Engine) now() time.Time { return e.opts.Clock.Now() }

// after runs f under the lock when d has passed. f must check that what it
// meant to change still stands.
func (e *Engine) after(d time.Duration, f func()) clock.Timer {
	return e.opts.Clock.AfterFunc(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if !e.closed {
			f()
		}
	})
}

// pipeline finds a pipeline. The caller holds the lock.
func (e *Engine) pipeline(name string) (*pipeline, error) {
	if p := e.pipelines[name]; p != nil {
		return p, nil
	}
	return nil, api.Errorf(api.PipelineNotFound,
		"Account '%s' does not have a pipeline with name '%s'", e.opts.Account, name)
}

// stage finds a stage of p.
func (e *Engine) stage(p *pipeline, name string) (*stage, error) {
	for _, s := range p.stages {
		if s.name == name {
			return s, nil
		}
	}
	return nil, api.Errorf(api.StageNotFound,
		"Pipeline '%s' does not have a stage with name '%s'", p.decl.Name, name)
}

// execution finds an execution of p.
func (e *Engine) execution(p *pipeline, id string) (*execution, error) {
	if x := p.find(id); x != nil {
		return x, nil
	}
	return nil, api.Errorf(api.ExecutionNotFound,
		"Pipeline '%s' does not have an execution with id '%s'", p.decl.Name, id)
}

func (e *Engine) arn(pipeline string) string {
	return "arn:aws:codepipeline:" + e.opts.Region + ":" + e.opts.Account + ":" + pipeline
}
