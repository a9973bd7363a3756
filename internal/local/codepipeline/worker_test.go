package codepipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

var pressType = &types.ActionTypeId{
	Category: types.ActionCategoryBuild, Owner: types.ActionOwnerCustom, Provider: aws.String("Press"), Version: aws.String("1"),
}

// pressing is a world with a custom action type and an execution that has
// reached an action of it.
func pressing(t *testing.T) (w *world, id string) {
	t.Helper()
	w = newWorld(t)
	counts := func(n int32) *types.ArtifactDetails { return &types.ArtifactDetails{MinimumCount: n, MaximumCount: n} }
	out, err := w.CreateCustomActionType(t.Context(), &sdk.CreateCustomActionTypeInput{
		Category: types.ActionCategoryBuild, Provider: aws.String("Press"), Version: aws.String("1"),
		InputArtifactDetails: counts(1), OutputArtifactDetails: counts(1),
		Settings: &types.ActionTypeSettings{ExecutionUrlTemplate: aws.String("https://press.example.com/{Config:Sheet}/{ExternalExecutionId}")},
		ConfigurationProperties: []types.ActionConfigurationProperty{
			{Name: aws.String("Sheet"), Key: true, Required: true, Queryable: true}, {Name: aws.String("Ink")},
		},
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("print")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.ActionType.Id.Owner != types.ActionOwnerCustom {
		t.Errorf("owner %s", out.ActionType.Id.Owner)
	}
	w.create(pressLine())
	id = w.start("orders")
	w.pass(time.Second)
	return w, id
}

func pressLine() api.Declaration {
	press := building("Press", 1)
	press.Type.Owner, press.Type.Provider, press.Namespace = "Custom", "Press", "Pressed"
	press.Configuration = map[string]string{"Sheet": "a4", "Ink": "#{codepipeline.PipelineExecutionId}"}
	press.OutputArtifacts = []api.ArtifactName{{Name: "Paper"}}
	return line(api.Superseded, api.Stage{Name: "Press", Actions: []api.Action{press}},
		gateStage(map[string]string{"CustomData": "Pages #{Pressed.PAGES}"}))
}

func (w *world) poll(query map[string]string) []types.Job {
	w.t.Helper()
	out, err := w.PollForJobs(w.t.Context(), &sdk.PollForJobsInput{ActionTypeId: pressType, QueryParam: query, MaxBatchSize: aws.Int32(5)})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Jobs
}

func (w *world) acknowledge(id, nonce *string) (types.JobStatus, error) {
	out, err := w.AcknowledgeJob(w.t.Context(), &sdk.AcknowledgeJobInput{JobId: id, Nonce: nonce})
	if err != nil {
		return "", err
	}
	return out.Status, nil
}

func TestJobWorkerCarriesACustomActionOut(t *testing.T) {
	t.Parallel()
	w, id := pressing(t)
	if got := w.poll(map[string]string{"Sheet": "a3"}); len(got) > 0 {
		t.Errorf("a query for a3 found %v", got)
	}
	job := w.poll(map[string]string{"Sheet": "a4"})[0]
	c := job.Data.ActionConfiguration.Configuration
	if *job.Data.PipelineContext.PipelineExecutionId != id || c["Ink"] != id || len(job.Data.InputArtifacts) != 1 || *job.AccountId != account {
		t.Errorf("job %+v with %v", job.Data.PipelineContext, c)
	}
	refused(t, w.succeed(*job.Id, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException") // nobody has acknowledged it
	if status, err := w.acknowledge(job.Id, job.Nonce); err != nil || status != types.JobStatusInProgress {
		t.Fatalf("acknowledged: %s, %v", status, err)
	}
	if got := w.poll(nil); len(got) > 0 {
		t.Errorf("an acknowledged job is handed out again: %v", got)
	}
	err := w.succeed(*job.Id, sdk.PutJobSuccessResultInput{
		ExecutionDetails: &types.ExecutionDetails{ExternalExecutionId: aws.String("sheet 7"), Summary: aws.String("Pressed")},
		OutputVariables:  map[string]string{"PAGES": "12"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if status, err := w.acknowledge(job.Id, job.Nonce); err != nil || status != types.JobStatusSucceeded {
		t.Errorf("afterwards: %s, %v", status, err)
	}
	runs := w.runs("orders", id)
	if got := aws.ToString(runs[1].Output.ExecutionResult.ExternalExecutionUrl); got != "https://press.example.com/a4/sheet%207" {
		t.Errorf("url %s", got)
	}
	if got := runs[2].Input.ResolvedConfiguration["CustomData"]; got != "Pages 12" {
		t.Errorf("the approval says %q", got)
	}
}

func TestOnlyTheLastNonceOfAJobCounts(t *testing.T) {
	t.Parallel()
	w, _ := pressing(t)
	first, second := w.poll(nil)[0], w.poll(nil)[0]
	if *first.Id != *second.Id || *first.Nonce == *second.Nonce {
		t.Fatalf("handed out %s and %s", *first.Id, *second.Id)
	}
	_, err := w.acknowledge(first.Id, first.Nonce)
	refused(t, err, "InvalidNonceException")
	if _, err := w.acknowledge(second.Id, second.Nonce); err != nil {
		t.Error(err)
	}
	unknown := "00000000-0000-4000-8000-000000000000"
	_, err = w.acknowledge(&unknown, first.Nonce)
	refused(t, err, "JobNotFoundException")
}

func TestContinuedCustomJobIsOfferedAgainAtOnce(t *testing.T) {
	t.Parallel()
	w, id := pressing(t)
	job := w.poll(nil)[0]
	if _, err := w.acknowledge(job.Id, job.Nonce); err != nil {
		t.Fatal(err)
	}
	if err := w.succeed(*job.Id, sdk.PutJobSuccessResultInput{ContinuationToken: aws.String("page 2")}); err != nil {
		t.Fatal(err)
	}
	refused(t, w.succeed(*job.Id, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException")
	next := w.poll(nil)[0]
	if *next.Id == *job.Id || *next.Data.ContinuationToken != "page 2" {
		t.Errorf("next job %s with %s", *next.Id, aws.ToString(next.Data.ContinuationToken))
	}
	w.pass(23 * time.Hour)
	w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
	w.pass(time.Hour)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	if status, err := w.acknowledge(next.Id, next.Nonce); err != nil || status != types.JobStatusFailed {
		t.Errorf("after its day: %s, %v", status, err)
	}
	if got := w.poll(nil); len(got) > 0 {
		t.Errorf("a job that is over is handed out: %v", got)
	}
}

func TestCustomActionTypesAreListedCheckedAndDeleted(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	if err := w.service.CreatePipeline(pressLine()); err == nil || !strings.HasPrefix(err.Error(), "InvalidActionDeclarationException") {
		t.Errorf("a pipeline with an unknown type: %v", err)
	}
	w, _ = pressing(t)
	create := func(change func(*sdk.CreateCustomActionTypeInput)) error {
		in := &sdk.CreateCustomActionTypeInput{
			Category: types.ActionCategoryTest, Provider: aws.String("Check"), Version: aws.String("1"),
			InputArtifactDetails: &types.ArtifactDetails{}, OutputArtifactDetails: &types.ArtifactDetails{},
		}
		change(in)
		_, err := w.CreateCustomActionType(ctx, in)
		return err
	}
	refused(t, create(func(in *sdk.CreateCustomActionTypeInput) { in.Category = types.ActionCategorySource }), "ValidationException")
	refused(t, create(func(in *sdk.CreateCustomActionTypeInput) { in.InputArtifactDetails.MinimumCount = 2 }), "ValidationException")
	refused(t, create(func(in *sdk.CreateCustomActionTypeInput) {
		in.ConfigurationProperties = []types.ActionConfigurationProperty{{Name: aws.String("a"), Queryable: true}}
	}), "ValidationException")
	refused(t, create(func(in *sdk.CreateCustomActionTypeInput) {
		in.Category, in.Provider = types.ActionCategoryBuild, aws.String("Press")
	}), "ValidationException")
	list, err := w.ListActionTypes(ctx, &sdk.ListActionTypesInput{ActionOwnerFilter: types.ActionOwnerCustom})
	if err != nil || len(list.ActionTypes) != 1 || *list.ActionTypes[0].Id.Provider != "Press" {
		t.Errorf("custom types %v, %v", list, err)
	}
	all, err := w.ListActionTypes(ctx, &sdk.ListActionTypesInput{})
	if err != nil || len(all.ActionTypes) < 20 {
		t.Errorf("types %v, %v", all, err)
	}
	tags, err := w.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{
		ResourceArn: aws.String("arn:aws:codepipeline:eu-west-1:000000000000:actiontype:Custom/Build/Press/1"),
	})
	if err != nil || len(tags.Tags) != 1 {
		t.Errorf("tags %v, %v", tags, err)
	}
	_, err = w.DeleteCustomActionType(ctx, &sdk.DeleteCustomActionTypeInput{Category: types.ActionCategoryBuild, Provider: aws.String("Press"), Version: aws.String("1")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.PollForJobs(ctx, &sdk.PollForJobsInput{ActionTypeId: pressType})
	refused(t, err, "ActionTypeNotFoundException")
}

func TestCustomActionMustLookLikeItsType(t *testing.T) {
	t.Parallel()
	w, _ := pressing(t)
	tests := []struct {
		name    string
		change  func(*api.Action)
		message string
	}{
		{"missing property", func(a *api.Action) { delete(a.Configuration, "Sheet") }, "'Sheet'"},
		{"unknown property", func(a *api.Action) { a.Configuration["Glue"] = "x" }, "'Glue'"},
		{"too many artifacts", func(a *api.Action) { a.OutputArtifacts = append(a.OutputArtifacts, api.ArtifactName{Name: "More"}) }, "2 output artifacts"},
		{"other version", func(a *api.Action) { a.Type.Version = "2" }, "Version: '2'"},
		{"other Region", func(a *api.Action) { a.Region = "us-east-1" }, "us-east-1"},
	}
	for _, tt := range tests {
		d := pressLine()
		d.Name = "other"
		tt.change(&d.Stages[1].Actions[0])
		if err := w.service.CreatePipeline(d); err == nil || !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%s: %v, want a message with %q", tt.name, err, tt.message)
		}
	}
}
