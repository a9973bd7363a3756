package codebuild_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

func (w *world) latest() []codebuild.Summary {
	w.t.Helper()
	status, body := w.request(http.MethodGet, w.control.URL+"/local/codebuild/builds", "", "")
	var all []codebuild.Summary
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != http.StatusOK {
		w.t.Fatalf("builds: %d %s", status, body)
	}
	return all
}

func TestControlScriptsTheNextBuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	if all := w.latest(); len(all) != 0 {
		t.Errorf("builds %+v before the first", all)
	}
	status, body := w.request(http.MethodPost, w.control.URL+"/local/codebuild/orders", "", `{
		"outcome":"FAILED", "phase":"INSTALL", "message":"Error while executing command: npm ci. Reason: exit status 1", "delay_ms":3000,
		"durations_ms":{"QUEUED":1000}, "log":["npm ERR!"], "variables":{"A":"b"},
		"tests":{"unit":[{"name":"a","suite":"s","status":"FAILED","message":"no","duration_ms":5}]}}`)
	if status != http.StatusOK {
		t.Fatalf("script: %d %s", status, body)
	}
	first := *w.start("orders").Id
	w.clock.Advance(whole)
	w.start("orders")
	w.clock.Advance(whole)
	all := w.latest()
	if len(all) != 2 || all[1].ID != first || all[1].Status != "FAILED" || all[0].Status != "SUCCEEDED" {
		t.Fatalf("builds %+v", all)
	}
	if want := "COMMAND_EXECUTION_ERROR: Error while executing command: npm ci. Reason: exit status 1"; all[1].Message != want || all[1].Phase != "COMPLETED" {
		t.Errorf("message %q in %s", all[1].Message, all[1].Phase)
	}
	if b := w.build(first); *b.Phases[1].DurationInSeconds != 1 || b.BuildStatus != types.StatusTypeFailed {
		t.Errorf("build %+v", b.Phases)
	}
}

func TestControlRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	long := strings.Repeat("x", 1001)
	for body, want := range map[string]string{
		`{"outcome":"Failed"}`:                                  `outcome is "Failed"`,
		`{"outcome":"FAILED","phase":"QUEUED"}`:                 `phase is "QUEUED"`,
		`{"message":"` + long + `"}`:                            "message has 1001 bytes",
		`{"delay_ms":-1}`:                                       "delay_ms is -1",
		`{"delay_ms":9223372036854775807}`:                      "delay_ms is 9223372036854775807",
		`{"durations_ms":{"COMPLETED":1}}`:                      `"COMPLETED" is no phase`,
		`{"durations_ms":{"BUILD":129600001}}`:                  "durations_ms is 129600001",
		`{"log":["` + long + `"]}`:                              "line 1 has 1001 bytes",
		`{"log":[` + strings.Repeat(`"",`, 1000) + `""]}`:       "log has 1001 lines",
		`{"tests":{"a b":[]}}`:                                  "no name of a report",
		`{"tests":{"a":[{}]}}`:                                  "it has no name",
		`{"tests":{"a":[{"name":"b","status":"OK"}]}}`:          `its status is "OK"`,
		`{"tests":{"a":[{"name":"` + long + `"}]}}`:             "more than the 1000 bytes",
		`{"tests":{"a":[{"name":"b","duration_ms":-1}]}}`:       "duration_ms is -1",
		`{"tests":{"a":[],"b":[],"c":[],"d":[],"e":[],"f":[]}}`: "tests has 6 reports",
		`{"variables":{"<script>":"x"}}`:                        "no name of an environment variable",
		`{"outcom":"FAILED"}`:                                   "unknown field",
		`nothing`:                                               "not the JSON object",
	} {
		status, answer := w.request(http.MethodPost, w.control.URL+"/local/codebuild/orders", "", body)
		var refusal struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal([]byte(answer), &refusal); err != nil || status != http.StatusBadRequest || !strings.Contains(refusal.Error, want) {
			t.Errorf("%.60s: %d %s, want %s", body, status, answer, want)
		}
	}
	if status, answer := w.request(http.MethodPost, w.control.URL+"/local/codebuild/none", "", `{}`); status != http.StatusNotFound {
		t.Errorf("unknown project: %d %s", status, answer)
	}
}
