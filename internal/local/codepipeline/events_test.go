package codepipeline_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// samples are the events as AWS sends them.
const samples = "../../../events"

// never are the samples that we have no occasion to send: a cancelled
// execution's actions end by themselves first.
var never = []string{"action-canceled.json"}

// everything is a pipeline with an action of every kind that the samples have.
func everything(name string, connection bool) api.Declaration {
	build := building("Build", 1)
	build.OutputArtifacts = []api.ArtifactName{{Name: "Built"}}
	check := lambdaStage()
	check.Actions[0].Configuration["UserParameters"] = "x"
	d := line(api.Superseded, api.Stage{Name: "Build", Actions: []api.Action{build}}, check, gateStage(nil))
	if connection {
		d.Stages[0].Actions[0] = act("Source", "Source", "CodeStarSourceConnection", map[string]string{
			"ConnectionArn": "arn:c", "FullRepositoryId": "example-org/orders", "BranchName": "main",
		})
		d.Stages[0].Actions[0].OutputArtifacts = []api.ArtifactName{{Name: "Code"}}
	}
	d.Name = name
	d.ArtifactStore.EncryptionKey = &api.EncryptionKey{ID: "arn:aws:kms:eu-west-1:000000000000:key/1", Type: "KMS"}
	return d
}

// live drives one pipeline through everything that makes an event.
func (w *world) live(name string) {
	t := w.t
	n := len(w.lambda.payloads)
	start := func() string {
		id := w.start(name)
		w.pass(1100 * time.Millisecond)
		return id
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	stop := func(id string, abandon bool) {
		_, err := w.StopPipelineExecution(t.Context(), &sdk.StopPipelineExecutionInput{
			PipelineName: &name, PipelineExecutionId: &id, Abandon: abandon, Reason: aws.String("Wrong release branch"),
		})
		must(err)
	}
	toGate := func() {
		w.pass(time.Second)
		n++
		must(w.succeed(w.job(n).ID, sdk.PutJobSuccessResultInput{}))
	}
	retry := func(stage, id string) {
		_, err := w.RetryStageExecution(t.Context(), &sdk.RetryStageExecutionInput{
			PipelineName: &name, StageName: &stage, PipelineExecutionId: &id, RetryMode: types.StageRetryModeFailedActions,
		})
		must(err)
	}

	w.post("/local/codepipeline/"+name+"/Build/Build", `{"outcome":"Failed"}`)
	id := start()
	w.pass(time.Second)
	retry("Build", id)
	w.pass(time.Second)
	n++
	_, err := w.PutJobFailureResult(t.Context(), &sdk.PutJobFailureResultInput{
		JobId: aws.String(w.job(n).ID), FailureDetails: &types.FailureDetails{
			Type: types.FailureTypeJobFailed, Message: aws.String("2 CRITICAL findings"), ExternalExecutionId: aws.String("scan-1"),
		},
	})
	must(err)
	stop(start(), true) // while it builds
	start()
	toGate()
	must(w.answer(name, "Gate", "Approve", w.token(name, "Gate"), types.ApprovalStatusRejected))
	start()
	toGate()
	w.pass(8 * 24 * time.Hour) // nobody answers
	start()
	toGate()
	must(w.answer(name, "Gate", "Approve", w.token(name, "Gate"), types.ApprovalStatusApproved))
	id = start()
	toGate()
	for range 3 { // the first stays in Check, the second waits, the third takes its place
		start()
		w.pass(time.Second)
	}
	w.job(n + 1)
	stop(id, true)
	got, err := w.GetPipeline(t.Context(), &sdk.GetPipelineInput{Name: &name})
	must(err)
	id = start()
	_, err = w.UpdatePipeline(t.Context(), &sdk.UpdatePipelineInput{Pipeline: got.Pipeline})
	must(err)
	w.pass(time.Minute)
	w.sees(id, "Pipeline CANCELED")
}

// TestEventsHaveTheFieldsOfTheSamples makes every new sample a case.
func TestEventsHaveTheFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(everything("plain", false))
	w.live("plain")
	w.create(everything("git", true))
	w.live("git")
	w.post("/local/codepipeline/git/start", ``)
	w.pass(10 * time.Second)
	sent := map[string][][]string{} // field sets by kind and state
	for _, e := range w.bus.all() {
		key := e.DetailType + " " + fmt.Sprint(e.fields["state"])
		sent[key] = append(sent[key], fieldSet(e.fields))
	}
	files, err := filepath.Glob(samples + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples found (%v)", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		sample := readSample(t, name)
		detail, _ := sample["detail"].(map[string]any)
		if sample["source"] != "aws.codepipeline" || sample["detail-type"] == nil || slices.Contains(never, name) {
			continue
		}
		want := fieldSet(detail)
		key := fmt.Sprint(sample["detail-type"], " ", detail["state"])
		if !slices.ContainsFunc(sent[key], func(got []string) bool { return slices.Equal(want, got) }) {
			t.Errorf("%s: no event has its fields\n%s\nsent were:\n%v", name, strings.Join(want, "\n"), sent[key])
		}
	}
}

func TestNumbersInEventsArePrintedAsFloatsAndTimesWithMilliseconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	id := w.start("orders")
	e := w.sees(id, "Pipeline STARTED")
	want := `{"pipeline":"orders","execution-id":"` + id + `","start-time":"2026-03-10T09:15:02.417Z",` +
		`"execution-trigger":{"trigger-detail":"arn:aws:iam::000000000000:user/automation","trigger-type":"StartPipelineExecution"},` +
		`"state":"STARTED","version":1.0,"pipeline-execution-attempt":1.0}`
	if diff := cmp.Diff(want, string(e.Detail)); diff != "" {
		t.Errorf("detail differs (-want +got):\n%s", diff)
	}
	if e.Resource != "arn:aws:codepipeline:eu-west-1:000000000000:orders" {
		t.Errorf("resource %s", e.Resource)
	}
	w.pass(time.Second)
	out := w.sees(id, "Action Source Source SUCCEEDED")
	key := regexp.MustCompile(`"output-artifacts":\[\{"name":"Code","s3location":\{"bucket":"artifacts","key":"orders/Code/[A-Za-z0-9]{7}"\}\}\]`)
	if !key.Match(out.Detail) {
		t.Errorf("output artifacts of %s", out.Detail)
	}
}

func TestJobEventHasTheFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(everything("plain", false))
	w.start("plain")
	w.pass(3 * time.Second)
	first := w.job(1)
	if err := w.succeed(first.ID, sdk.PutJobSuccessResultInput{ContinuationToken: aws.String("more")}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.job(2)
	w.lambda.mu.Lock()
	defer w.lambda.mu.Unlock()
	sample := readSample(t, "codepipeline-job-continuation.json")
	for i, forget := range []string{"continuationToken", ""} {
		job, _ := sample["CodePipeline.job"].(map[string]any)
		data, _ := job["data"].(map[string]any)
		want := maps.Clone(data)
		delete(want, forget)
		job["data"] = want
		var got map[string]any
		if err := json.Unmarshal(w.lambda.payloads[i], &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fieldSet(sample), fieldSet(got)); diff != "" {
			t.Errorf("job event %d differs (-want +got):\n%s", i+1, diff)
		}
		job["data"] = data
	}
}

func TestFailedSourceLeavesNoCommitInTheEndEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(everything("git", true))
	w.post("/local/codepipeline/git/Source/Source", `{"outcome":"Failed","summary":"Connection is not available"}`)
	id := w.start("git")
	w.pass(time.Second)
	if e := w.sees(id, "Pipeline FAILED"); e.fields["execution-trigger"] != nil {
		t.Errorf("FAILED in Source has a commit: %s", e.Detail)
	}
}
