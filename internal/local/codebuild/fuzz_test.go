package codebuild_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// FuzzAPI looks for requests that crash the service or get an answer that is
// neither a result nor a refusal.
func FuzzAPI(f *testing.F) {
	const prefix = "CodeBuild_20161006."
	f.Add(prefix+"StartBuild", `{"projectName":"orders","idempotencyToken":"a","environmentVariablesOverride":[{"name":"A","value":"b"}]}`)
	f.Add(prefix+"StartBuild", `{"projectName":"orders","sourceTypeOverride":"NO_SOURCE","timeoutInMinutesOverride":5,"logsConfigOverride":{}}`)
	f.Add(prefix+"StopBuild", `{"id":"orders:00000000-0000-4000-8000-000000000000"}`)
	f.Add(prefix+"BatchGetBuilds", `{"ids":["orders:1"]}`)
	f.Add(prefix+"ListBuildsForProject", `{"projectName":"orders","nextToken":"YWZ0ZXI6","sortOrder":"ASCENDING"}`)
	f.Add(prefix+"UpdateProject", `{"name":"orders","source":{"type":"NO_SOURCE","buildspec":"x"},"concurrentBuildLimit":-1,"tags":[{"key":"a"}]}`)
	f.Add(prefix+"CreateProject", `{"name":"ab","source":{"type":"GITHUB","location":"x"},"artifacts":{"type":"S3","location":"x"},"environment":{"type":"ARM_CONTAINER","image":"x","computeType":"BUILD_GENERAL1_SMALL"},"serviceRole":"r"}`)
	f.Add(prefix+"DescribeTestCases", `{"reportArn":"x","filter":{"keyword":"a"}}`)
	f.Add(prefix+"ListReports", `{"maxResults":1,"filter":{"status":"FAILED"}}`)
	f.Add("Logs_20140328.GetLogEvents", `{"logGroupName":"/aws/codebuild/orders","logStreamName":"x","nextToken":"f/1","limit":1,"startTime":1e9}`)
	clock := clock.NewManual(morning)
	service, err := codebuild.New(f.Context(), codebuild.Options{Account: account, Region: region, Clock: clock})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(service.Close)
	if err := service.Declare(standalone("orders")); err != nil {
		f.Fatal(err)
	}
	model, err := codebuild.LoadModel()
	if err != nil {
		f.Fatal(err)
	}
	h := service.Handler()
	f.Fuzz(func(t *testing.T, target, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", target)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		clock.Advance(whole)
		if w.Code == http.StatusOK {
			op, ours := strings.CutPrefix(target, prefix)
			if err := fits(model, op, w.Body.Bytes()); ours && err != nil {
				t.Errorf("%s %q answered %s: %v", target, body, w.Body, err)
			}
			return
		}
		var refusal api.Error
		if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || w.Code >= 500 || refusal.Type == "" || refusal.Message == "" {
			t.Errorf("%s %q answered %d %q", target, body, w.Code, w.Body)
		}
	})
}
