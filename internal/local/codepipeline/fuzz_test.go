package codepipeline_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// FuzzAPI looks for requests that crash the service or get an answer that is
// neither a result nor a refusal.
func FuzzAPI(f *testing.F) {
	const uuid = "00000000-0000-4000-8000-000000000000"
	f.Add("GetPipelineState", `{"name":"web-shop"}`)
	f.Add("StartPipelineExecution", `{"name":"web-shop","clientRequestToken":"a","variables":[{"name":"a","value":"b"}]}`)
	f.Add("StopPipelineExecution", `{"pipelineName":"web-shop","pipelineExecutionId":"`+uuid+`","abandon":true}`)
	f.Add("ListActionExecutions", `{"pipelineName":"web-shop","nextToken":"YWZ0ZXI6","filter":{"latestInPipelineExecution":{"pipelineExecutionId":"`+uuid+`","startTimeRange":"All"}}}`)
	f.Add("CreatePipeline", `{"pipeline":{"name":"a","roleArn":"arn:aws:iam::000000000000:role/a","artifactStores":{"eu-west-1":{"type":"S3","location":"abc"}},"stages":[{"name":"S","actions":[]},{"name":"T","actions":[]}]}}`)
	f.Add("UpdatePipeline", `{"pipeline":{"name":"web-shop","roleArn":"arn:aws:iam::000000000000:role/a","artifactStore":{"type":"S3","location":"abc"},"stages":[{"name":"S","actions":[{"name":"A","actionTypeId":{"category":"Source","owner":"AWS","provider":"S3","version":"1"},"configuration":{"S3Bucket":"#{x.y}","S3ObjectKey":"k"},"outputArtifacts":[{"name":"o"}]}]},{"name":"T","actions":[{"name":"B","actionTypeId":{"category":"Approval","owner":"AWS","provider":"Manual","version":"1"}}]}]}}`)
	f.Add("PutJobSuccessResult", `{"jobId":"`+uuid+`","currentRevision":{"revision":"a","changeIdentifier":"b","created":1e9}}`)
	f.Add("DisableStageTransition", `{"pipelineName":"web-shop","stageName":"Build","transitionType":"Outbound","reason":"hold"}`)
	f.Add("OverrideStageCondition", `{"pipelineName":"web-shop","stageName":"Build","pipelineExecutionId":"`+uuid+`","conditionType":"ON_SUCCESS"}`)
	f.Add("RollbackStage", `{"pipelineName":"web-shop","stageName":"Build","targetPipelineExecutionId":"`+uuid+`"}`)
	f.Add("ListRuleExecutions", `{"pipelineName":"web-shop","maxResults":1,"filter":{"latestInPipelineExecution":{"pipelineExecutionId":"`+uuid+`","startTimeRange":"Latest"}}}`)
	f.Add("CreatePipeline", `{"pipeline":{"name":"c","pipelineType":"V2","roleArn":"arn:aws:iam::000000000000:role/a","artifactStore":{"type":"S3","location":"abc"},"stages":[{"name":"S","actions":[{"name":"A","actionTypeId":{"category":"Source","owner":"AWS","provider":"S3","version":"1"},"configuration":{"S3Bucket":"b","S3ObjectKey":"k"},"outputArtifacts":[{"name":"o"}]}]},{"name":"T","actions":[{"name":"B","actionTypeId":{"category":"Approval","owner":"AWS","provider":"Manual","version":"1"}}],"onFailure":{"result":"RETRY"},"beforeEntry":{"conditions":[{"result":"FAIL","rules":[{"name":"W","ruleTypeId":{"category":"Rule","provider":"DeploymentWindow"},"configuration":{"Cron":"0 0 9-17 ? * MON-FRI *","TimeZone":"PST"}}]}]}}]}}`)
	f.Add("CreateCustomActionType", `{"category":"Build","provider":"Press","version":"1","inputArtifactDetails":{"minimumCount":0,"maximumCount":1},"outputArtifactDetails":{"minimumCount":0,"maximumCount":1},"configurationProperties":[{"name":"Sheet","key":true,"required":true,"secret":false,"queryable":true}],"tags":[{"key":"a","value":""}]}`)
	f.Add("DeleteCustomActionType", `{"category":"Build","provider":"Press","version":"1"}`)
	f.Add("ListActionTypes", `{"actionOwnerFilter":"AWS","nextToken":"YWZ0ZXI6"}`)
	f.Add("PollForJobs", `{"actionTypeId":{"category":"Build","owner":"Custom","provider":"Press","version":"1"},"maxBatchSize":2,"queryParam":{"Sheet":"a4"}}`)
	f.Add("AcknowledgeJob", `{"jobId":"`+uuid+`","nonce":"1"}`)
	f.Add("TagResource", `{"resourceArn":"arn:aws:codepipeline:eu-west-1:000000000000:web-shop","tags":[{"key":"a","value":"b"}]}`)
	f.Add("UntagResource", `{"resourceArn":"arn:aws:codepipeline:eu-west-1:000000000000:web-shop","tagKeys":["a"]}`)
	f.Add("ListTagsForResource", `{"resourceArn":"arn:aws:codepipeline:eu-west-1:000000000000:actiontype:Custom/Build/Press/1","maxResults":1}`)
	f.Add("StartPipelineExecution", `{"name":"web-shop","sourceRevisions":[{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":"#{a.b}"}]}`)
	service, err := codepipeline.New(f.Context(), codepipeline.Options{Account: account, Region: region, Clock: clock.NewManual(morning)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(service.Close)
	for _, d := range codepipeline.Demo(account, region) {
		if err := service.CreatePipeline(d); err != nil {
			f.Fatal(err)
		}
	}
	model, err := api.LoadModel()
	if err != nil {
		f.Fatal(err)
	}
	h := service.Handler()
	f.Fuzz(func(t *testing.T, op, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "CodePipeline_20150709."+op)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			if err := model.Output(op, w.Body.Bytes()); err != nil {
				t.Errorf("%s %q answered %s: %v", op, body, w.Body, err)
			}
			return
		}
		var refusal api.Error
		if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || w.Code >= 500 || refusal.Type == "" || refusal.Message == "" {
			t.Errorf("%s %q answered %d %q", op, body, w.Code, w.Body)
		}
	})
}
