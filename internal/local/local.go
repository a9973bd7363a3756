// Package local runs all of Signalbox on one machine: the deployed template on
// a local AWS, with stand-ins for CodePipeline, Slack and people's mailboxes,
// and a console to see and use them.
//
// It only connects: each stand-in is a package of its own below this one, and
// the functions that run are the ones that are deployed. They get to the
// stand-ins through endpoint settings that they have anyway.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/local/calls"
	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/console"
	"github.com/signalbox/signalbox/internal/local/delivery"
	"github.com/signalbox/signalbox/internal/local/demo"
	"github.com/signalbox/signalbox/internal/local/registry"
	"github.com/signalbox/signalbox/internal/local/scheduler"
	"github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// Options says what to run. Root and Config are required.
type Options struct {
	// Root is the project's folder.
	Root string
	// Port is the console's; 0 takes any free one.
	Port int
	// Endpoint is an AWS-compatible endpoint that already runs; empty to start
	// MiniStack.
	Endpoint string
	// Dir gets the logs and local.env; empty for .signalbox in Root.
	Dir string
	// Config is the compiled configuration. Its people are those of the demo.
	Config config.File
	// Speed is how fast CodePipeline's time runs at first: 1, or 0, is real
	// time. POST /local/time changes it.
	Speed float64
	// Strict makes the stand-ins choose, where AWS does not say, what breaks
	// careless callers.
	Strict bool
	// Progress is told what is being done now; it may be nil.
	Progress func(step string)
	// Say is told the lines of the play, whoever has begun it; it may be nil.
	Say func(line string)
}

// demoSeed lets every play tell the same story.
const demoSeed = 1

// A World is everything on one machine, running.
type World struct {
	// URL is where the console answers.
	URL string
	// Stack is the deployed template.
	Stack *stack.Stack
	// Slack is the workspace that people click in.
	Slack *slack.Workspace
	// Demo plays a day of releases.
	Demo *demo.Player

	options   Options
	progress  *console.Progress
	clock     *clock.Scaled
	pipelines *codepipeline.Service
	delivery  *delivery.Switch
	calls     *calls.Recorder
	builds    *codebuild.Service
	registry  *registry.Service
	schedules *scheduler.Service
	log       io.Closer
	logger    *slog.Logger
	servers   []*http.Server
	// The URLs are where the stand-ins answer.
	pipelineURL, buildURL, registryURL, schedulerURL, slackURL, mailURL string
}

// Start brings the world up and returns when it is deployed and seeded. The
// console answers /healthz from the beginning. When Start fails, or ctx ends
// first, everything that it had started is stopped again. A World outlives
// ctx: Close ends it.
func Start(ctx context.Context, o Options) (*World, error) {
	if o.Dir == "" {
		o.Dir = filepath.Join(o.Root, ".signalbox")
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	w := &World{options: o, progress: &console.Progress{}}
	if err := w.start(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// step announces what is done now, on the terminal and at /healthz.
func (w *World) step(text string) {
	w.progress.Step(text)
	if w.options.Progress != nil {
		w.options.Progress(text)
	}
}

// listen takes a port on loopback; 0 takes any.
func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("port %d of 127.0.0.1 is taken: stop what uses it, or set SIGNALBOX_PORT to another one", port)
	}
	return l, nil
}

// serve answers on l until Close, and returns the URL.
func (w *World) serve(l net.Listener, h http.Handler) string {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	w.servers = append(w.servers, s)
	go func() { _ = s.Serve(l) }() // ends with Close, and has nobody else to tell
	return "http://" + l.Addr().String()
}

// Done is closed when the local AWS has stopped without being asked to.
func (w *World) Done() <-chan struct{} { return w.Stack.Done() }

// Close stops everything and waits until it is gone.
func (w *World) Close() error {
	var errs []error
	if w.Demo != nil {
		w.Demo.Close()
	}
	if w.pipelines != nil {
		w.pipelines.Close()
	}
	if w.builds != nil {
		w.builds.Close()
	}
	if w.registry != nil {
		w.registry.Close()
	}
	if w.schedules != nil {
		w.schedules.Close()
	}
	if w.delivery != nil {
		w.delivery.Close()
	}
	if w.clock != nil {
		w.clock.Close()
	}
	if w.Stack != nil {
		errs = append(errs, w.Stack.Close())
	}
	if w.log != nil {
		errs = append(errs, w.log.Close())
	}
	for _, s := range w.servers {
		errs = append(errs, s.Close())
	}
	if w.calls != nil {
		w.calls.Close()
	}
	return errors.Join(errs...)
}
