package engine_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// busy runs n executions of a short pipeline to their end, one by one.
func busy(t testing.TB, e *engine.Engine, c *clock.Manual, n int) (last string) {
	t.Helper()
	for range n {
		out, err := e.StartPipelineExecution(engine.Caller{ARN: "arn:me"}, api.StartPipelineExecutionInput{Name: "orders"})
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		err = e.Answer(engine.Caller{ARN: "arn:me"}, engine.Answer{Pipeline: "orders", Stage: "Gate", Action: "Approve", Verdict: api.Approved})
		if err != nil {
			t.Fatal(err)
		}
		last = out.PipelineExecutionID
	}
	return last
}

// Not parallel: it measures the heap.
func TestFinishedExecutionsAreForgottenBeyondAThousand(t *testing.T) {
	e, c := newEngine(engine.Options{})
	if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: valid()}); err != nil {
		t.Fatal(err)
	}
	first := busy(t, e, c, 1)
	busy(t, e, c, 999)
	find := func(id string) error {
		_, err := e.GetPipelineExecution(engine.Caller{}, api.GetPipelineExecutionInput{PipelineName: "orders", PipelineExecutionID: id})
		return err
	}
	if err := find(first); err != nil {
		t.Errorf("the first of a thousand is gone: %v", err)
	}
	busy(t, e, c, 1)
	if err := find(first); err == nil {
		t.Error("the first of 1,001 is still there")
	}
	before := heap()
	last := busy(t, e, c, 1000)
	if grown := int64(heap()) - int64(before); grown > 2<<20 {
		t.Errorf("a thousand more executions grew the heap by %d kB", grown>>10)
	}
	if err := find(last); err != nil {
		t.Error(err)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkExecution is one execution of three actions at full speed.
func BenchmarkExecution(b *testing.B) {
	e, c := newEngine(engine.Options{})
	if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: valid()}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		busy(b, e, c, 1)
	}
}
