package codepipeline_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

func demoWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for _, d := range codepipeline.Demo(account, region) {
		w.create(d)
	}
	return w
}

func (w *world) overview(pipeline string) engine.Overview {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.control.URL+"/local/pipelines", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	status, body := w.do(req)
	var all []engine.Overview
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != http.StatusOK {
		w.t.Fatalf("GET /local/pipelines: %d %s", status, body)
	}
	for _, o := range all {
		if o.Name == pipeline {
			return o
		}
	}
	w.t.Fatalf("no %s in %s", pipeline, body)
	return engine.Overview{}
}

func TestReleaseGoesFromTheStartButtonToProduction(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	status, body := w.post("/local/codepipeline/payments/start", `{"message":"Fix refunds\n\nDetails","author":"Dana Whitfield"}`)
	var started struct {
		ID string `json:"execution_id"`
	}
	if err := json.Unmarshal([]byte(body), &started); err != nil || status != http.StatusOK {
		t.Fatalf("start: %d %s", status, body)
	}
	w.pass(2 * time.Second)
	o := w.overview("payments")
	gate, x := o.Stages[2], o.Executions[0]
	if gate.Status != "InProgress" || !gate.Held || gate.Execution != started.ID || gate.Actions[0].Status != "InProgress" ||
		!gate.Actions[0].Expires.Equal(w.clock.Now().Add(7*24*time.Hour)) {
		t.Errorf("gate %+v", gate)
	}
	if x.ID != started.ID || x.Stage != "Approval" || x.Trigger != "Webhook" || x.Revision.Summary != "Fix refunds" ||
		x.Revision.Author != "Dana Whitfield" || len(x.Revision.ID) != 40 || x.Revision.URL == "" {
		t.Errorf("execution %+v, revision %+v", x, x.Revision)
	}
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("payments")})
	if err != nil {
		t.Fatal(err)
	}
	resolved := out.ActionExecutionDetails[0].Input.ResolvedConfiguration
	if want := "Release of " + x.Revision.ID + " by Dana Whitfield."; !strings.HasPrefix(resolved["CustomData"], want) {
		t.Errorf("CustomData %q, want %q…", resolved["CustomData"], want)
	}
	source := out.ActionExecutionDetails[2]
	var summary struct{ ProviderType, CommitMessage string }
	if err := json.Unmarshal([]byte(*source.Output.ExecutionResult.ExternalExecutionSummary), &summary); err != nil ||
		summary.ProviderType != "GitHub" || summary.CommitMessage != "Fix refunds\n\nDetails" {
		t.Errorf("source summary %q", *source.Output.ExecutionResult.ExternalExecutionSummary)
	}
	if status, body := w.post("/local/codepipeline/payments/Approval/ApproveRelease/approval", `{"status":"Approved","summary":"go"}`); status != http.StatusOK {
		t.Fatalf("approve: %d %s", status, body)
	}
	w.pass(time.Second)
	if x := w.overview("payments").Executions[0]; x.Stage != "Handover" || !x.Approving {
		t.Errorf("after the first approval %+v", x)
	}
	if status, body := w.post("/local/codepipeline/payments/Handover/ApproveTraffic/approval", `{"status":"Approved"}`); status != http.StatusOK {
		t.Fatalf("approve the traffic: %d %s", status, body)
	}
	w.pass(time.Second)
	w.wantStatus("payments", started.ID, types.PipelineExecutionStatusSucceeded)
	end := w.sees(started.ID, "Pipeline SUCCEEDED")
	if git, _ := end.fields["execution-trigger"].(map[string]any); git["author-display-name"] != "Dana Whitfield" || git["trigger-type"] != nil {
		t.Errorf("end event %s", end.Detail)
	}
}

func TestOverviewNeverShowsAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strict)
	w.create(line(api.Superseded, gateStage(nil)))
	w.start("orders")
	w.pass(time.Second)
	body, err := json.Marshal(w.overview("orders"))
	if err != nil || strings.Contains(string(body), w.token("orders", "Gate")) {
		t.Errorf("the overview has the token (%v)", err)
	}
}

func TestStartWithoutMessageTakesTheNextCommitOfTheList(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	seen := map[string]bool{}
	for range 3 {
		w.post("/local/codepipeline/web-shop/start", ``)
		w.pass(5 * time.Second)
	}
	for _, x := range w.overview("web-shop").Executions {
		seen[x.Revision.Summary+" by "+x.Revision.Author] = true
	}
	if len(seen) != 3 {
		t.Errorf("commits %v, want three different", seen)
	}
}

func TestOverviewShowsWhoWaitsAndStopEndsIt(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	for range 2 {
		w.post("/local/codepipeline/payments/start", ``)
		w.pass(3 * time.Second)
	}
	o := w.overview("payments")
	waiting := o.Executions[0]
	if got := o.Stages[2].Waiting; len(got) != 1 || got[0] != waiting.ID || !waiting.Waiting {
		t.Errorf("waiting %v, newest %+v", got, waiting)
	}
	status, body := w.post("/local/codepipeline/payments/stop", `{"execution_id":"`+waiting.ID+`","abandon":true,"reason":"not needed"}`)
	if status != http.StatusOK {
		t.Fatalf("stop: %d %s", status, body)
	}
	w.wantStatus("payments", waiting.ID, types.PipelineExecutionStatusStopped)
	if status, _ := w.post("/local/codepipeline/payments/stop", `{"execution_id":"`+waiting.ID+`"}`); status != http.StatusConflict {
		t.Errorf("stopping twice answered %d, want 409", status)
	}
}

func TestControlRefusesWithASentence(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	const base = "/local/codepipeline/payments"
	tests := []struct {
		name, path, body string
		status           int
		sentence         string
	}{
		{"unknown pipeline", "/local/codepipeline/nope/start", `{}`, 404, "'nope'"},
		{"unknown stage", base + "/Nope/Deploy", `{"outcome":"Failed"}`, 404, "'Nope'"},
		{"unknown action", base + "/Build/Nope", `{"outcome":"Failed"}`, 404, "'Nope'"},
		{"an approval cannot be scripted", base + "/Approval/ApproveRelease", `{"outcome":"Failed"}`, 400, "waits for a person"},
		{"outcome", base + "/Build/Build", `{"outcome":"Maybe"}`, 400, `"Maybe"`},
		{"delay", base + "/Build/Build", `{"outcome":"Failed","delay_ms":-1}`, 400, "delay_ms is -1"},
		{"unknown member", base + "/Build/Build", `{"outcome":"Failed","delay":1}`, 400, `"delay"`},
		{"no JSON", base + "/start", `start!`, 400, "not the JSON object"},
		{"two objects", base + "/start", `{}{}`, 400, "goes on"},
		{"long author", base + "/start", `{"author":"` + strings.Repeat("x", 101) + `"}`, 400, "author has 101"},
		{"huge body", base + "/start", `{"author":"` + strings.Repeat("x", 1<<17) + `"}`, 400, "larger than"},
		{"stop what", base + "/stop", `{}`, 400, "'pipelineExecutionId'"},
		{"stop unknown", base + "/stop", `{"execution_id":"00000000-0000-4000-8000-000000000000"}`, 404, "does not have an execution"},
		{"verdict", base + "/Approval/ApproveRelease/approval", `{"status":"yes"}`, 400, `"yes"`},
		{"long summary", base + "/Approval/ApproveRelease/approval", `{"status":"Approved","summary":"` + strings.Repeat("x", 513) + `"}`, 400, "summary has 513"},
		{"nothing waits", base + "/Approval/ApproveRelease/approval", `{"status":"Approved"}`, 409, "no approval waits there"},
	}
	for _, tt := range tests {
		status, body := w.post(tt.path, tt.body)
		var refusal struct{ Error string }
		if err := json.Unmarshal([]byte(body), &refusal); err != nil || status != tt.status || !strings.Contains(refusal.Error, tt.sentence) {
			t.Errorf("%s: %d %s; want %d with %q", tt.name, status, body, tt.status, tt.sentence)
		}
	}
}

func TestConsoleAnswerNamesItsExecutionWhenSeveralWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Parallel, gateStage(nil)))
	first, second := w.start("orders"), w.start("orders")
	w.pass(time.Second)
	const path = "/local/codepipeline/orders/Gate/Approve/approval"
	if status, body := w.post(path, `{"status":"Approved"}`); status != http.StatusConflict {
		t.Errorf("without an execution: %d %s", status, body)
	}
	if status, body := w.post(path, `{"status":"Rejected","execution_id":"`+second+`"}`); status != http.StatusOK {
		t.Errorf("with an execution: %d %s", status, body)
	}
	w.wantStatus("orders", first, types.PipelineExecutionStatusInProgress)
	w.wantStatus("orders", second, types.PipelineExecutionStatusFailed)
}

func TestScriptCountsForOneRunAndMayGiveVariables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	build := buildStage()
	build.Actions[0].Namespace = "Built"
	w.create(line(api.Superseded, build, gateStage(map[string]string{"CustomData": "#{Built.TAG}"})))
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Succeeded","delay_ms":0,"summary":"fast","variables":{"TAG":"1.8.0"}}`)
	w.start("orders")
	w.pass(time.Second)
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.ActionExecutionDetails[0].Input.ResolvedConfiguration["CustomData"]; got != "1.8.0" {
		t.Errorf("CustomData %q", got)
	}
	if got := *out.ActionExecutionDetails[1].Output.ExecutionResult.ExternalExecutionSummary; got != "fast" {
		t.Errorf("summary %q", got)
	}
}
