package codepipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A bus collects events and, while broken, refuses them.
type bus struct {
	mu     sync.Mutex
	events []event
	refuse int
}

type event struct {
	codepipeline.Event
	fields map[string]any
}

func (e event) String() string {
	text := func(k string) string { s, _ := e.fields[k].(string); return s }
	return strings.Join(strings.Fields(strings.Fields(e.DetailType)[1]+" "+text("stage")+" "+text("action")+" "+text("state")), " ")
}

func (b *bus) Publish(_ context.Context, e codepipeline.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse > 0 {
		b.refuse--
		return errors.New("the bus is down")
	}
	var fields map[string]any
	if err := json.Unmarshal(e.Detail, &fields); err != nil {
		return err
	}
	b.events = append(b.events, event{e, fields})
	return nil
}

func (b *bus) all() []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]event(nil), b.events...)
}

// functions is a Lambda whose functions do nothing but note their events.
type functions struct {
	mu       sync.Mutex
	payloads [][]byte
	answers  []error // of the next invocations; nil when used up
}

func (f *functions) Invoke(_ context.Context, _ string, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.payloads = append(f.payloads, payload)
	if len(f.answers) == 0 {
		return nil
	}
	err := f.answers[0]
	f.answers = f.answers[1:]
	return err
}

// job waits for the n-th invocation and returns its job.
func (w *world) job(n int) job {
	w.t.Helper()
	var out struct {
		Job job `json:"CodePipeline.job"`
	}
	w.eventually("an invocation", func() bool {
		w.lambda.mu.Lock()
		defer w.lambda.mu.Unlock()
		return len(w.lambda.payloads) >= n && json.Unmarshal(w.lambda.payloads[n-1], &out) == nil
	})
	return out.Job
}

type job struct {
	ID   string `json:"id"`
	Data struct {
		ContinuationToken   string                  `json:"continuationToken"`
		ActionConfiguration api.ActionConfiguration `json:"actionConfiguration"`
		InputArtifacts      []api.JobArtifact       `json:"inputArtifacts"`
	} `json:"data"`
}
