package codepipeline_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// raw sends a request as no SDK would.
func (w *world) raw(target, body string) (int, api.Error) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.api.URL, bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if target != "" {
		req.Header.Set("X-Amz-Target", target)
	}
	status, out := w.do(req)
	var refusal api.Error
	if status != http.StatusOK {
		if err := json.Unmarshal([]byte(out), &refusal); err != nil {
			w.t.Fatalf("%s %s answered %d %q", target, body, status, out)
		}
	}
	return status, refusal
}

func TestBrokenRequestsAreAnsweredAsAWSDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage(), gateStage(nil)))
	const uuid = "00000000-0000-4000-8000-000000000000"
	tests := []struct{ name, target, body, kind, message string }{
		{"no target", "", `{}`, "UnknownOperationException", "X-Amz-Target"},
		{"another service", "AmazonEC2ContainerRegistry_V20150921.ListImages", `{}`, "UnknownOperationException", ""},
		{"unknown operation", "Fly", `{}`, "UnknownOperationException", "Fly"},
		{"an operation we lack", "PutWebhook", `{}`, "NotImplementedException", "PutWebhook"},
		{"no JSON", "GetPipeline", `{`, "SerializationException", ""},
		{"no object", "GetPipeline", `[]`, "SerializationException", ""},
		{"two objects", "GetPipeline", `{"name":"orders"} {}`, "SerializationException", ""},
		{"wrong type", "GetPipeline", `{"name":7}`, "SerializationException", "'name'"},
		{"number out of range", "GetPipeline", `{"name":"orders","version":99999999999999999999}`, "SerializationException", "'version'"},
		{"empty body", "GetPipeline", ``, "ValidationException", "Value null at 'name'"},
		{"pattern", "GetPipeline", `{"name":"a b"}`, "ValidationException", "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9.@\\-_]+"},
		{"length", "GetPipeline", `{"name":"` + strings.Repeat("x", 101) + `"}`, "ValidationException", "less than or equal to 100"},
		{"several", "StopPipelineExecution", `{"reason":"` + strings.Repeat("x", 201) + `"}`, "ValidationException", "3 validation errors detected"},
		{"enum", "RetryStageExecution", `{"pipelineName":"orders","stageName":"Build","pipelineExecutionId":"` + uuid + `","retryMode":"SOME"}`, "ValidationException", "enum value set: [FAILED_ACTIONS, ALL_ACTIONS]"},
		{"range", "ListPipelineExecutions", `{"pipelineName":"orders","maxResults":101}`, "ValidationException", "'maxResults'"},
		{"reason with a comma", "DisableStageTransition", `{"pipelineName":"orders","stageName":"Build","transitionType":"Inbound","reason":"hold, please"}`, "ValidationException", "'reason'"},
		{"summary too long", "PutApprovalResult", `{"pipelineName":"orders","stageName":"Gate","actionName":"Approve","token":"` + uuid + `","result":{"status":"Approved","summary":"` + strings.Repeat("ü", 513) + `"}}`, "ValidationException", "'result.summary'"},
		{"upper-case token", "PutApprovalResult", `{"pipelineName":"orders","stageName":"Gate","actionName":"Approve","token":"ABCDEF00-0000-4000-8000-000000000000","result":{"status":"Approved","summary":""}}`, "ValidationException", "'token'"},
		{"client token", "StartPipelineExecution", `{"name":"orders","clientRequestToken":"a_b"}`, "ValidationException", "'clientRequestToken'"},
		{"list member", "StartPipelineExecution", `{"name":"orders","variables":[{"value":"x"}]}`, "ValidationException", "'variables.1.member.name'"},
		{"empty failure message", "PutJobFailureResult", `{"jobId":"` + uuid + `","failureDetails":{"type":"JobFailed","message":""}}`, "ValidationException", "'failureDetails.message'"},
		{"case matters", "GetPipeline", `{"NAME":"orders"}`, "ValidationException", "Value null at 'name'"},
		{"first stage has no transition", "DisableStageTransition", `{"pipelineName":"orders","stageName":"Source","transitionType":"Inbound","reason":"hold"}`, "ValidationException", "no Inbound transition"},
		{"unknown pipeline", "GetPipelineState", `{"name":"nope"}`, "PipelineNotFoundException", "'nope'"},
		{"unknown stage", "EnableStageTransition", `{"pipelineName":"orders","stageName":"Nope","transitionType":"Inbound"}`, "StageNotFoundException", "'Nope'"},
		{"unknown execution", "GetPipelineExecution", `{"pipelineName":"orders","pipelineExecutionId":"` + uuid + `"}`, "PipelineExecutionNotFoundException", uuid},
		{"stopping nothing", "StopPipelineExecution", `{"pipelineName":"orders","pipelineExecutionId":"` + uuid + `"}`, "PipelineExecutionNotStoppableException", ""},
		{"overriding a failure condition", "OverrideStageCondition", `{"pipelineName":"orders","stageName":"Build","pipelineExecutionId":"` + uuid + `","conditionType":"ON_FAILURE"}`, "ValidationException", "enum value set: [BEFORE_ENTRY, ON_SUCCESS]"},
		{"rolling back to nothing", "RollbackStage", `{"pipelineName":"orders","stageName":"Build","targetPipelineExecutionId":"` + uuid + `"}`, "PipelineExecutionNotFoundException", uuid},
		{"two conditions", "CreatePipeline", `{"pipeline":{"name":"a","roleArn":"arn:aws:iam::000000000000:role/a","stages":[{"name":"S","actions":[],"beforeEntry":{"conditions":[{},{}]}}]}}`, "ValidationException", "'pipeline.stages.1.member.beforeEntry.conditions' failed to satisfy constraint: Member must have length less than or equal to 1"},
		{"rule timeout", "CreatePipeline", `{"pipeline":{"name":"a","roleArn":"arn:aws:iam::000000000000:role/a","stages":[{"name":"S","actions":[],"onSuccess":{"conditions":[{"rules":[{"name":"r","ruleTypeId":{"category":"Rule","provider":"p"},"timeoutInMinutes":4}]}]}}]}}`, "ValidationException", "timeoutInMinutes"},
		{"retrying nothing", "RetryStageExecution", `{"pipelineName":"orders","stageName":"Build","pipelineExecutionId":"` + uuid + `","retryMode":"ALL_ACTIONS"}`, "NotLatestPipelineExecutionException", ""},
	}
	for _, tt := range tests {
		target := tt.target
		if target != "" && !strings.Contains(target, ".") {
			target = "CodePipeline_20150709." + target
		}
		status, got := w.raw(target, tt.body)
		if status != http.StatusBadRequest || got.Type != tt.kind || !strings.Contains(got.Message, tt.message) {
			t.Errorf("%s: %d %s: %s; want %s with %q", tt.name, status, got.Type, got.Message, tt.kind, tt.message)
		}
	}
}

func TestRefusalNeverRepeatsAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, got := w.raw("CodePipeline_20150709.PutApprovalResult",
		`{"pipelineName":"orders","stageName":"Gate","actionName":"Approve","token":"sekrit","result":{"status":"Approved","summary":""}}`)
	if strings.Contains(got.Message, "sekrit") {
		t.Errorf("message %q", got.Message)
	}
}

func TestOversizedBodyAndOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, got := w.raw("CodePipeline_20150709.GetPipeline", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`)
	if status != http.StatusRequestEntityTooLarge || got.Type != "RequestEntityTooLargeException" {
		t.Errorf("oversized: %d %s", status, got.Type)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.api.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := w.do(req); status != http.StatusMethodNotAllowed {
		t.Errorf("GET answered %d", status)
	}
}

func TestTimestampsAreEpochSecondsWithMilliseconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.api.URL, strings.NewReader(`{"name":"orders"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", "CodePipeline_20150709.GetPipelineState")
	if _, out := w.do(req); !strings.Contains(out, `"created":1773134102.417`) {
		t.Errorf("state %s lacks the creation time %d.417", out, morning.Unix())
	}
}
