package codepipeline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func sdkPipeline() *types.PipelineDeclaration {
	id := func(category types.ActionCategory, provider string) *types.ActionTypeId {
		return &types.ActionTypeId{Category: category, Owner: types.ActionOwnerAws, Provider: &provider, Version: aws.String("1")}
	}
	return &types.PipelineDeclaration{
		Name: aws.String("shop"), RoleArn: aws.String("arn:aws:iam::000000000000:role/shop"),
		ArtifactStore: &types.ArtifactStore{Type: types.ArtifactStoreTypeS3, Location: aws.String("artifacts")},
		PipelineType:  types.PipelineTypeV2,
		Variables:     []types.PipelineVariableDeclaration{{Name: aws.String("LEVEL"), DefaultValue: aws.String("low")}},
		Stages: []types.StageDeclaration{
			{Name: aws.String("Source"), Actions: []types.ActionDeclaration{{
				Name: aws.String("Source"), ActionTypeId: id(types.ActionCategorySource, "CodeCommit"),
				Configuration:   map[string]string{"RepositoryName": "shop", "BranchName": "main"},
				OutputArtifacts: []types.OutputArtifact{{Name: aws.String("Src")}},
			}}},
			{Name: aws.String("Gate"), Actions: []types.ActionDeclaration{{
				Name: aws.String("Approve"), ActionTypeId: id(types.ActionCategoryApproval, "Manual"),
				Configuration: map[string]string{"CustomData": "Level #{variables.LEVEL}"},
			}}},
		},
	}
}

func TestPipelineIsCreatedReadUpdatedListedAndDeleted(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	created, err := w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: sdkPipeline()})
	if err != nil {
		t.Fatal(err)
	}
	p := created.Pipeline
	if *p.Version != 1 || p.ExecutionMode != types.ExecutionModeSuperseded || *p.Stages[1].Actions[0].RunOrder != 1 {
		t.Errorf("defaults: version %d, mode %s", *p.Version, p.ExecutionMode)
	}
	_, err = w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: sdkPipeline()})
	refused(t, err, "PipelineNameInUseException")
	p.Stages[1].Actions[0].TimeoutInMinutes = aws.Int32(60)
	if updated, err := w.UpdatePipeline(ctx, &sdk.UpdatePipelineInput{Pipeline: p}); err != nil || *updated.Pipeline.Version != 2 {
		t.Fatalf("update: %v, %v", updated, err)
	}
	got, err := w.GetPipeline(ctx, &sdk.GetPipelineInput{Name: aws.String("shop")})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Metadata.PipelineArn != "arn:aws:codepipeline:eu-west-1:000000000000:shop" || *got.Pipeline.Stages[1].Actions[0].TimeoutInMinutes != 60 {
		t.Errorf("got %s", *got.Metadata.PipelineArn)
	}
	first, err := w.GetPipeline(ctx, &sdk.GetPipelineInput{Name: aws.String("shop"), Version: aws.Int32(1)})
	if err != nil || first.Pipeline.Stages[1].Actions[0].TimeoutInMinutes != nil {
		t.Errorf("version 1 has the change of version 2 (%v)", err)
	}
	_, err = w.GetPipeline(ctx, &sdk.GetPipelineInput{Name: aws.String("shop"), Version: aws.Int32(9)})
	refused(t, err, "PipelineVersionNotFoundException")
	w.create(line(api.Superseded, buildStage()))
	list, err := w.ListPipelines(ctx, &sdk.ListPipelinesInput{})
	if err != nil || len(list.Pipelines) != 2 || *list.Pipelines[0].Name != "orders" {
		t.Errorf("list %v, %v", list, err)
	}
	for range 2 { // deleting what is gone is no error
		if _, err := w.DeletePipeline(ctx, &sdk.DeletePipelineInput{Name: aws.String("shop")}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.GetPipeline(ctx, &sdk.GetPipelineInput{Name: aws.String("shop")})
	refused(t, err, "PipelineNotFoundException")
	_, err = w.UpdatePipeline(ctx, &sdk.UpdatePipelineInput{Pipeline: sdkPipeline()})
	refused(t, err, "InvalidStructureException")
}

func TestUpdateCancelsWhatWaitsAtOnceAndWhatRunsAfterItsActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := line(api.Queued, buildStage(), gateStage(nil))
	w.create(d)
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Succeeded","delay_ms":10000}`)
	running := w.start("orders")
	w.pass(1500 * time.Millisecond)
	waiting := w.start("orders")
	w.pass(2 * time.Second)
	got, err := w.GetPipeline(t.Context(), &sdk.GetPipelineInput{Name: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdatePipeline(t.Context(), &sdk.UpdatePipelineInput{Pipeline: got.Pipeline}); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", waiting, types.PipelineExecutionStatusCancelled)
	w.wantStatus("orders", running, types.PipelineExecutionStatusInProgress)
	w.pass(10 * time.Second)
	w.wantStatus("orders", running, types.PipelineExecutionStatusCancelled)
	w.sees(running, "Action Build Build SUCCEEDED")
	w.sees(running, "Stage Build CANCELED")
	w.sees(waiting, "Pipeline CANCELED")
	refused(t, w.retry("Build", running, types.StageRetryModeAllActions), "StageNotRetryableException")
	next := w.start("orders")
	w.pass(2 * time.Second)
	if s := w.stage("orders", "Gate"); *s.LatestExecution.PipelineExecutionId != next {
		t.Errorf("after the update %+v, want %s at the gate", s.LatestExecution, next)
	}
}

func TestUpdateOfAParallelPipelineLetsItsExecutionsGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Parallel, buildStage()))
	id := w.start("orders")
	got, err := w.GetPipeline(t.Context(), &sdk.GetPipelineInput{Name: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdatePipeline(t.Context(), &sdk.UpdatePipelineInput{Pipeline: got.Pipeline}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
}

func TestStartTakesVariablesRevisionsAndAToken(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	if _, err := w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: sdkPipeline()}); err != nil {
		t.Fatal(err)
	}
	in := &sdk.StartPipelineExecutionInput{
		Name: aws.String("shop"), ClientRequestToken: aws.String("release-7"),
		Variables:       []types.PipelineVariable{{Name: aws.String("LEVEL"), Value: aws.String("high")}},
		SourceRevisions: []types.SourceRevisionOverride{{ActionName: aws.String("Source"), RevisionType: types.SourceRevisionTypeCommitId, RevisionValue: aws.String("78a25c18755ccac3f2a9eec099d0a1b2c3d4e5f6")}},
	}
	out, err := w.StartPipelineExecution(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.StartPipelineExecution(ctx, in); err != nil || *again.PipelineExecutionId != *out.PipelineExecutionId {
		t.Errorf("the same token started another execution (%v)", err)
	}
	w.pass(time.Second)
	x, err := w.GetPipelineExecution(ctx, &sdk.GetPipelineExecutionInput{PipelineName: in.Name, PipelineExecutionId: out.PipelineExecutionId})
	if err != nil {
		t.Fatal(err)
	}
	if e := x.PipelineExecution; *e.Variables[0].ResolvedValue != "high" || *e.ArtifactRevisions[0].RevisionId != "78a25c18755ccac3f2a9eec099d0a1b2c3d4e5f6" ||
		e.Trigger.TriggerType != types.TriggerTypeStartPipelineExecution {
		t.Errorf("execution %+v", e)
	}
	in.ClientRequestToken = nil
	in.Variables[0].Name = aws.String("NOPE")
	_, err = w.StartPipelineExecution(ctx, in)
	refused(t, err, "ValidationException")
	in.Variables = nil
	in.SourceRevisions[0].RevisionType = types.SourceRevisionTypeImageDigest
	_, err = w.StartPipelineExecution(ctx, in)
	refused(t, err, "ValidationException")
}

func TestListsAreCutIntoPages(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	w.create(line(api.Parallel, buildStage()))
	var want []string
	for range 7 {
		want = append([]string{w.start("orders")}, want...)
		w.pass(time.Minute)
	}
	var got []string
	pages := sdk.NewListPipelineExecutionsPaginator(w.Client, &sdk.ListPipelineExecutionsInput{
		PipelineName: aws.String("orders"), MaxResults: aws.Int32(3),
		Filter: &types.PipelineExecutionFilter{SucceededInStage: &types.SucceededInStageFilter{StageName: aws.String("Build")}},
	})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range out.PipelineExecutionSummaries {
			got = append(got, *x.PipelineExecutionId)
		}
		w.start("orders") // a newer one does not shift the pages
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("executions differ (-want +got):\n%s", diff)
	}
	_, err := w.ListPipelineExecutions(ctx, &sdk.ListPipelineExecutionsInput{PipelineName: aws.String("orders"), NextToken: aws.String("bogus")})
	refused(t, err, "InvalidNextTokenException")
	actions, err := w.ListActionExecutions(ctx, &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders"), MaxResults: aws.Int32(5)})
	if err != nil || len(actions.ActionExecutionDetails) != 5 || actions.NextToken == nil {
		t.Errorf("actions: %d, %v", len(actions.ActionExecutionDetails), err)
	}
}

func TestLatestFilterShowsTheLastAttemptOfEachAction(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	w.create(line(api.Superseded, buildStage()))
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Failed"}`)
	id := w.start("orders")
	w.pass(time.Minute)
	if err := w.retry("Build", id, types.StageRetryModeFailedActions); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	for r, want := range map[types.StartTimeRange]int{types.StartTimeRangeLatest: 2, types.StartTimeRangeAll: 3} {
		out, err := w.ListActionExecutions(ctx, &sdk.ListActionExecutionsInput{
			PipelineName: aws.String("orders"),
			Filter:       &types.ActionExecutionFilter{LatestInPipelineExecution: &types.LatestInPipelineExecutionFilter{PipelineExecutionId: &id, StartTimeRange: r}},
		})
		if err != nil || len(out.ActionExecutionDetails) != want {
			t.Errorf("%s: %d rows (%v), want %d", r, len(out.ActionExecutionDetails), err, want)
		}
	}
	_, err := w.ListActionExecutions(ctx, &sdk.ListActionExecutionsInput{
		PipelineName: aws.String("orders"), Filter: &types.ActionExecutionFilter{PipelineExecutionId: aws.String("00000000-0000-4000-8000-000000000000")},
	})
	refused(t, err, "PipelineExecutionNotFoundException")
}

func TestNewPipelineStartsOnlyWhereThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, starts := range []bool{false, true} {
		w := newWorld(t, func(o *codepipeline.Options) { o.StartOnCreate = starts })
		w.create(line(api.Superseded, buildStage()))
		out, err := w.ListPipelineExecutions(t.Context(), &sdk.ListPipelineExecutionsInput{PipelineName: aws.String("orders")})
		if err != nil {
			t.Fatal(err)
		}
		created := slices.ContainsFunc(out.PipelineExecutionSummaries, func(x types.PipelineExecutionSummary) bool {
			return x.Trigger.TriggerType == types.TriggerTypeCreatePipeline
		})
		if created != starts {
			t.Errorf("StartOnCreate %v: started %v", starts, created)
		}
	}
}
