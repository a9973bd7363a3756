package codebuild_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

// samples are events as AWS sends them.
const samples = "../../../events"

// inEnvelope is e as EventBridge delivers it.
func inEnvelope(t *testing.T, e delivery.Event) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{
		"version": "0", "id": "00000000-0000-4000-8000-000000000000", "detail-type": e.DetailType, "source": e.Source,
		"account": account, "time": e.Time.Format(time.RFC3339), "region": region, "resources": e.Resources, "detail": e.Detail,
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// order is what a pipeline asks for.
func order() engine.Build {
	return engine.Build{
		Pipeline: "orders-release", Project: "orders-build", Revision: "0f1e2d",
		Source:   "arn:aws:s3:::codepipeline-eu-west-1-123456789012/orders-release/SourceArti/Ab3dE9x",
		Artifact: "arn:aws:s3:::codepipeline-eu-west-1-123456789012/orders-release/BuildArtif/Qz81mKp",
	}
}

func TestEventsHaveTheFieldsOfRealOnes(t *testing.T) {
	t.Parallel()
	for sample, script := range map[string]codebuild.Script{
		"codebuild-state-in-progress.json": {},
		"codebuild-state-succeeded.json":   {},
		"codebuild-state-failed.json":      {Outcome: "FAILED"},
		"codebuild-phase-change.json":      {},
	} {
		t.Run(sample, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join(samples, sample))
			if err != nil {
				t.Fatal(err)
			}
			want := fieldSet(t, raw)
			w := newWorld(t)
			w.declare(ofPipeline("orders-build"))
			if err := w.service.SetNext("orders-build", script); err != nil {
				t.Fatal(err)
			}
			if _, err := w.service.StartBuild(order(), func(engine.BuildResult) {}); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(whole)
			if diff := cmp.Diff(want, fieldSet(t, inEnvelope(t, w.like(raw)))); diff != "" {
				t.Errorf("fields differ (-real +ours):\n%s", diff)
			}
		})
	}
}

// like is the event of the bus that tells what the sample tells.
func (w *world) like(sample []byte) delivery.Event {
	w.t.Helper()
	key := func(raw []byte) string {
		var d struct {
			Type   string `json:"detail-type"`
			Detail struct {
				Status string `json:"build-status"`
				Phase  string `json:"completed-phase"`
			} `json:"detail"`
		}
		if err := json.Unmarshal(raw, &d); err != nil {
			w.t.Fatal(err)
		}
		return d.Type + d.Detail.Status + d.Detail.Phase
	}
	for _, e := range w.told(12) {
		if key(inEnvelope(w.t, e)) == key(sample) {
			return e
		}
	}
	w.t.Fatalf("no event is like %s", key(sample))
	return delivery.Event{}
}

// fieldSet lists the paths of a JSON value with the type at each. The elements
// of a list count as one path each, so that every phase is compared.
func fieldSet(t *testing.T, raw []byte) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	var collect func(path string, v any)
	collect = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				collect(path+"/"+k, e)
			}
		case []any:
			set[fmt.Sprintf("%s list of %d", path, len(v))] = true
			for i, e := range v {
				collect(fmt.Sprintf("%s[%d]", path, i), e)
			}
		default:
			set[fmt.Sprintf("%s %T", path, v)] = true
		}
	}
	collect("", v)
	return slices.Sorted(maps.Keys(set))
}

func TestEventsTellAPipelinesBuildInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(ofPipeline("orders-build"))
	script := codebuild.Script{Outcome: "FAILED", Phase: "PRE_BUILD", Message: "Error while executing command: npm test. Reason: exit status 1"}
	if err := w.service.SetNext("orders-build", script); err != nil {
		t.Fatal(err)
	}
	id, err := w.service.StartBuild(order(), func(engine.BuildResult) {})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(whole)
	var got []string
	for _, e := range w.told(9) {
		parsed, err := event.Parse(inEnvelope(t, e))
		if err != nil {
			t.Fatal(err)
		}
		switch e := parsed.(type) {
		case event.BuildChanged:
			got = append(got, e.Status)
			if e.BuildID != id || e.Project != "orders-build" || e.Pipeline != "orders-release" || !e.StartedAt.Equal(morning) {
				t.Errorf("build %+v", e.Build)
			}
		case event.BuildPhaseChanged:
			got = append(got, e.Completed.Name+" "+e.Completed.Status+e.Completed.Context)
		default:
			t.Errorf("%T is no event of a build", e)
		}
	}
	want := []string{
		"SUBMITTED SUCCEEDED", "IN_PROGRESS", "QUEUED SUCCEEDED", "PROVISIONING SUCCEEDED", "DOWNLOAD_SOURCE SUCCEEDED", "INSTALL SUCCEEDED",
		"PRE_BUILD FAILED[COMMAND_EXECUTION_ERROR: Error while executing command: npm test. Reason: exit status 1]", "FINALIZING SUCCEEDED", "FAILED",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events differ (-want +got):\n%s", diff)
	}
}

func TestNumbersInEventsHaveAPoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	w.run("orders", codebuild.Script{})
	var d struct {
		Info struct {
			Number  json.RawMessage `json:"build-number"`
			Timeout json.RawMessage `json:"timeout-in-minutes"`
			Started string          `json:"build-start-time"`
		} `json:"additional-information"`
	}
	if err := json.Unmarshal(w.told(1)[0].Detail, &d); err != nil {
		t.Fatal(err)
	}
	if string(d.Info.Number) != "1.0" || string(d.Info.Timeout) != "60.0" || d.Info.Started != "Mar 10, 2026 9:16:12 AM" {
		t.Errorf("number %s, timeout %s, started %s", d.Info.Number, d.Info.Timeout, d.Info.Started)
	}
}
