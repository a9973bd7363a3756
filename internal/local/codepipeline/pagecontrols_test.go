package codepipeline_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// press posts body and fails the test unless that is taken.
func (w *world) press(path, body string) {
	w.t.Helper()
	if status, answer := w.post("/local/codepipeline/"+path, body); status != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", path, body, status, answer)
	}
}

func TestDemoShowsEveryMode(t *testing.T) {
	t.Parallel()
	modes := map[string]string{}
	for _, d := range codepipeline.Demo(account, region) {
		modes[d.Name] = d.ExecutionMode
	}
	want := map[string]string{
		"web-shop": api.Queued, "payments": api.Superseded, "reports": api.Parallel, "ledger": api.Queued, "vault": api.Superseded,
	}
	if diff := cmp.Diff(want, modes); diff != "" {
		t.Error(diff)
	}
}

func TestModeIsSwitchedAndCancelsWhatRuns(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	running := w.start("web-shop")
	w.press("web-shop/mode", `{"mode":"QUEUED"}`) // as it is: nothing happens
	w.wantStatus("web-shop", running, types.PipelineExecutionStatusInProgress)
	w.press("web-shop/mode", `{"mode":"PARALLEL"}`)
	w.pass(time.Second)
	w.wantStatus("web-shop", running, types.PipelineExecutionStatusCancelled)
	if o := w.overview("web-shop"); o.Mode != api.Parallel || o.Version != 2 {
		t.Errorf("mode %s, version %d", o.Mode, o.Version)
	}
}

func TestTransitionIsClosedAndOpened(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	w.press("payments/Build/transition", `{"enabled":false,"reason":"Freeze"}`)
	id := w.start("payments")
	w.pass(3 * time.Second)
	build := w.stage("payments", "Build")
	if in := build.InboundTransitionState; in.Enabled || aws.ToString(in.DisabledReason) != "Freeze" ||
		build.InboundExecution == nil || aws.ToString(build.InboundExecution.PipelineExecutionId) != id {
		t.Errorf("the closed stage is %+v", build)
	}
	w.press("payments/Build/transition", `{"enabled":true}`)
	if build := w.stage("payments", "Build"); !build.InboundTransitionState.Enabled || build.LatestExecution == nil {
		t.Errorf("the opened stage is %+v", build)
	}
}

func TestFailedStageIsRetried(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	w.press("web-shop/Test/Unit", `{"outcome":"Failed"}`)
	if !action(t, w.overview("web-shop"), "Unit").FailsNext {
		t.Error("the page cannot show that Unit will fail")
	}
	id := w.start("web-shop")
	w.pass(5 * time.Second)
	w.wantStatus("web-shop", id, types.PipelineExecutionStatusFailed)
	w.press("web-shop/Test/retry", `{"execution_id":"`+id+`"}`)
	w.pass(5 * time.Second)
	o := w.overview("web-shop")
	if x := o.Executions[0]; x.Stage != "Approval" || !x.Approving || x.Attempt != 2 {
		t.Errorf("after the retry %+v", x)
	}
	if unit := action(t, o, "Unit"); unit.FailsNext || unit.Status != "Succeeded" {
		t.Errorf("Unit is %+v", unit)
	}
}

func TestOverviewShowsHowFarADeploymentIsAndWhere(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	w.start("web-shop")
	w.pass(5 * time.Second)
	w.press("web-shop/Approval/ApproveProduction/approval", `{"status":"Approved"}`)
	var seen []int
	for range 4 {
		seen = append(seen, action(t, w.overview("web-shop"), "DeployProduction").Percent)
		w.pass(334 * time.Millisecond)
	}
	if diff := cmp.Diff([]int{10, 50, 100, 100}, seen); diff != "" {
		t.Error(diff)
	}
	if got := action(t, w.overview("payments"), "Deploy").Account; got != codepipeline.DemoProduction {
		t.Errorf("payments deploys into %q", got)
	}
}

func TestPageControlsRefuseWithASentence(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	for _, tt := range []struct {
		path, body string
		status     int
		sentence   string
	}{
		{"payments/mode", `{"mode":"FAST"}`, 400, `FAST`},
		{"nope/mode", `{"mode":"QUEUED"}`, 404, "'nope'"},
		{"payments/Build/transition", `{}`, 400, "enabled is missing"},
		{"payments/Source/transition", `{"enabled":false}`, 400, "no Inbound transition"},
		{"payments/Nope/transition", `{"enabled":true}`, 404, "'Nope'"},
		{"payments/Build/transition", `{"enabled":false,"reason":"` + strings.Repeat("x", 301) + `"}`, 400, "301"},
		{"payments/Build/retry", `{"execution_id":"00000000-0000-4000-8000-000000000000"}`, 409, "not the latest"},
		{"payments/Build/retry", `{}`, 400, "'pipelineExecutionId'"},
	} {
		status, body := w.post("/local/codepipeline/"+tt.path, tt.body)
		if status != tt.status || !strings.Contains(body, tt.sentence) {
			t.Errorf("%s %s: %d %s; want %d with %q", tt.path, tt.body, status, body, tt.status, tt.sentence)
		}
	}
}

func action(t *testing.T, o engine.Overview, name string) engine.ActionOverview {
	t.Helper()
	for _, s := range o.Stages {
		for _, a := range s.Actions {
			if a.Name == name {
				return a
			}
		}
	}
	t.Fatalf("%s has no action %s", o.Name, name)
	return engine.ActionOverview{}
}
