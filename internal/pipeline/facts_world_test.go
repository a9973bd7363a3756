package pipeline_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/event"
	local "github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// everything asks for all facts.
var everything = telegraph.Question{Structure: true, Origin: true, Past: true, Holds: true}

// A track is a yard whose builds are simulated and whose events are heard.
type track struct {
	*yard
	heard   sync.Mutex
	events  map[string][]event.Event // by execution
	flushed chan struct{}
}

func newTrack(t *testing.T, mode string) *track {
	t.Helper()
	k := &track{
		yard:   &yard{t: t, clock: clock.NewManual(time.Date(2026, 3, 10, 9, 15, 0, 0, time.UTC))},
		events: map[string][]event.Event{}, flushed: make(chan struct{}, 100),
	}
	lines, err := local.New(t.Context(), local.Options{
		Account: own, Region: "eu-west-1", Clock: k.clock, Strict: true, Publisher: k,
		Pace: engine.Pace{Min: time.Second, Max: time.Second}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lines.Close)
	flush := orders(mode)
	flush.Name = "flush"
	if err := lines.CreatePipeline(orders(mode)); err != nil {
		t.Fatal(err)
	}
	if err := lines.CreatePipeline(flush); err != nil {
		t.Fatal(err)
	}
	k.local = lines.Control()
	k.connect(lines.Handler())
	return k
}

// Publish takes an event as EventBridge would deliver it.
func (k *track) Publish(_ context.Context, e local.Event) error {
	raw, err := json.Marshal(object{
		"version": "0", "id": e.ID, "source": engine.Source, "detail-type": e.DetailType, "account": own, "region": "eu-west-1",
		"time": e.Time.UTC().Truncate(time.Second), "resources": []string{e.Resource}, "detail": e.Detail,
	})
	if err != nil {
		return err
	}
	parsed, err := event.Parse(raw)
	if err != nil {
		k.t.Errorf("%s: %v", raw, err)
		return nil
	}
	id, _ := release.ExecutionOf(parsed)
	if started, ok := parsed.(event.PipelineChanged); ok && id.Pipeline == "flush" && started.State == event.Started {
		k.flushed <- struct{}{}
	}
	k.heard.Lock()
	defer k.heard.Unlock()
	k.events[id.ID] = append(k.events[id.ID], parsed)
	return nil
}

// record is what all events that the execution has emitted so far tell: events
// are published in order, so one that is made now comes after them.
func (k *track) record(id string) release.Record {
	k.t.Helper()
	if _, err := k.sdk.StartPipelineExecution(k.t.Context(), &codepipeline.StartPipelineExecutionInput{Name: aws.String("flush")}); err != nil {
		k.t.Fatal(err)
	}
	select {
	case <-k.flushed:
	case <-time.After(time.Minute):
		k.t.Fatal("events are not delivered")
	}
	k.heard.Lock()
	defer k.heard.Unlock()
	r := release.NewRecord(release.ExecutionID{Account: own, Region: "eu-west-1", Pipeline: "orders", ID: id})
	for _, e := range k.events[id] {
		r, _ = r.Fold(e)
	}
	return r
}

// facts asks for q, and how many calls that takes.
func (k *track) facts(r release.Record, q telegraph.Question) (release.Facts, string) {
	k.t.Helper()
	k.counted()
	f, err := k.Facts(k.t.Context(), r, q)
	if err != nil {
		k.t.Fatal(err)
	}
	calls := k.counted()
	slices.Sort(calls)
	return f, strings.Join(calls, " ")
}

// say answers the approval of an execution in the console.
func (k *track) say(id, status string) {
	k.t.Helper()
	k.do("/local/codepipeline/orders/Gate/Ask/approval", map[string]string{"status": status, "execution_id": id}, &struct{}{})
	k.clock.Advance(time.Minute)
}

// breakBuild lets the next build fail.
func (k *track) breakBuild() {
	k.t.Helper()
	k.do("/local/codepipeline/orders/Build/Build", map[string]string{"outcome": "Failed", "summary": "the tests are red"}, &struct{}{})
}

func (k *track) retry(stage, id string) {
	k.t.Helper()
	_, err := k.sdk.RetryStageExecution(k.t.Context(), &codepipeline.RetryStageExecutionInput{
		PipelineName: aws.String("orders"), StageName: aws.String(stage),
		PipelineExecutionId: aws.String(id), RetryMode: types.StageRetryModeFailedActions,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.clock.Advance(time.Minute)
}

func (k *track) rollBack(to string) string {
	k.t.Helper()
	back, err := k.sdk.RollbackStage(k.t.Context(), &codepipeline.RollbackStageInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Production"), TargetPipelineExecutionId: aws.String(to),
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.clock.Advance(time.Minute)
	return *back.PipelineExecutionId
}

func (k *track) stop(id string, abandon bool) {
	k.t.Helper()
	_, err := k.sdk.StopPipelineExecution(k.t.Context(), &codepipeline.StopPipelineExecutionInput{
		PipelineName: aws.String("orders"), PipelineExecutionId: aws.String(id), Abandon: abandon,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.clock.Advance(time.Minute)
}

// closeStage disables the way into a stage.
func (k *track) closeStage(stage, why string) {
	k.t.Helper()
	k.do("/local/codepipeline/orders/"+stage+"/transition", object{"enabled": false, "reason": why}, &struct{}{})
}
