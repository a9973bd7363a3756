// Package coldstart measures what a person waits for when a function is woken
// after a pause: the time from exec to the first poll of the Lambda Runtime
// API, and to the first response. It runs the binaries that are deployed, one
// process per sample, against a Runtime API on loopback.
//
// Milliseconds here are not milliseconds on Lambda; ratios to the bare handler
// in the folder floor, measured in the same run, travel better. See
// docs/performance.md.
package coldstart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// startTimeout bounds one start. The slowest is a hundred times faster.
const startTimeout = 20 * time.Second

// A Function is a deployment package and what it needs to start and to answer
// once.
type Function struct {
	// Name is that of the folder below functions, or Floor.
	Name string
	// Dir is the unpacked package: it holds bootstrap, and becomes
	// LAMBDA_TASK_ROOT.
	Dir string
	// Env is the environment that the template sets.
	Env []string
	// Event is what it is woken with: one that it answers without the network.
	// Answer is a part of its answer.
	Event, Answer string
}

// A Sample is one cold start.
type Sample struct {
	// Init is from exec to the first poll, Response to the first answer.
	Init, Response time.Duration
	// CPU is the processor time until the answer, user and system. Neighbours
	// disturb it less than they do the others.
	CPU time.Duration
}

// Start runs f once, cold. An answer that is an error, or another than
// f.Answer, fails: the measured path must be the one that is meant.
func Start(ctx context.Context, f Function) (Sample, error) {
	var log bytes.Buffer
	p, err := launch(ctx, f, &log)
	if err != nil {
		return Sample{}, err
	}
	s, err := p.sample(ctx, f)
	p.stop()
	if err != nil {
		return Sample{}, fmt.Errorf("%w\n%s", err, log.String())
	}
	s.CPU = p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
	return s, nil
}

// A process is a function that runs.
type process struct {
	command *exec.Cmd
	api     *runtimeAPI
	began   time.Time
	cancel  context.CancelFunc
}

// launch starts f; extra goes on top of its environment. Stop the process.
func launch(ctx context.Context, f Function, log *bytes.Buffer, extra ...string) (*process, error) {
	api, err := serveRuntime(f.Event)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	command := exec.CommandContext(ctx, f.Dir+"/bootstrap")
	command.Dir = f.Dir
	command.Env = append(append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + api.address, "LAMBDA_TASK_ROOT=" + f.Dir,
	}, f.Env...), extra...)
	command.Stdout, command.Stderr = log, log
	p := &process{command: command, api: api, began: time.Now(), cancel: cancel}
	if err := command.Start(); err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("start %s: %w", f.Name, err), api.Close())
	}
	return p, nil
}

// stop ends the process and waits until it has: only then are its log and its
// processor time complete.
func (p *process) stop() {
	p.cancel()
	_ = p.command.Wait() // killed, which is its end here
	_ = p.api.Close()
}

func (p *process) sample(ctx context.Context, f Function) (Sample, error) {
	polled, err := wait(ctx, p.api.polled, f.Name+" to poll")
	if err != nil {
		return Sample{}, err
	}
	a, err := wait(ctx, p.api.answered, f.Name+" to answer")
	switch {
	case err != nil:
		return Sample{}, err
	case a.failed || !strings.Contains(a.body, f.Answer):
		return Sample{}, fmt.Errorf("%s answered %.500s, want %s", f.Name, a.body, f.Answer)
	}
	return Sample{Init: polled.Sub(p.began), Response: a.at.Sub(p.began)}, nil
}

// wait returns what arrives on c, or fails when the time is up.
func wait[T any](ctx context.Context, c <-chan T, what string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("wait for %s: %w", what, ctx.Err())
	}
}
