package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func (w *world) rollBack(stage, target string) (string, error) {
	out, err := w.RollbackStage(w.t.Context(), &sdk.RollbackStageInput{
		PipelineName: aws.String("orders"), StageName: &stage, TargetPipelineExecutionId: &target,
	})
	if err != nil {
		return "", err
	}
	return *out.PipelineExecutionId, nil
}

func (w *world) get(id string) *types.PipelineExecution {
	w.t.Helper()
	out, err := w.GetPipelineExecution(w.t.Context(), &sdk.GetPipelineExecutionInput{PipelineName: aws.String("orders"), PipelineExecutionId: &id})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.PipelineExecution
}

// newest is the id of the execution that started last.
func (w *world) newest() string {
	w.t.Helper()
	out, err := w.ListPipelineExecutions(w.t.Context(), &sdk.ListPipelineExecutionsInput{PipelineName: aws.String("orders"), MaxResults: aws.Int32(1)})
	if err != nil {
		w.t.Fatal(err)
	}
	return *out.PipelineExecutionSummaries[0].PipelineExecutionId
}

// ran is one execution of "orders" to its end.
func (w *world) ran(want types.PipelineExecutionStatus) string {
	w.t.Helper()
	id := w.start("orders")
	w.pass(time.Minute)
	w.wantStatus("orders", id, want)
	return id
}

func TestRollbackRunsTheStageAgainWithWhatTheTargetHad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := line(api.Queued, buildStage(), api.Stage{Name: "Last", Actions: []api.Action{building("Last", 1)}})
	d.Variables = []api.Variable{{Name: "Level", DefaultValue: "low"}}
	d.Stages[1].Actions[0].Configuration["EnvironmentVariables"] = "#{variables.Level} #{Src.VersionId}"
	w.create(d)
	out, err := w.StartPipelineExecution(t.Context(), &sdk.StartPipelineExecutionInput{
		Name: aws.String("orders"), Variables: []types.PipelineVariable{{Name: aws.String("Level"), Value: aws.String("high")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	target := *out.PipelineExecutionId
	w.pass(time.Minute)
	w.ran("Succeeded")
	id, err := w.rollBack("Build", target)
	if err != nil {
		t.Fatal(err)
	}
	s := w.stage("orders", "Build")
	if *s.LatestExecution.PipelineExecutionId != id || s.LatestExecution.Type != types.ExecutionTypeRollback {
		t.Errorf("the stage holds %s of type %s, want %s as ROLLBACK", *s.LatestExecution.PipelineExecutionId, s.LatestExecution.Type, id)
	}
	w.pass(time.Minute)
	got, want := w.get(id), w.get(target)
	if got.Status != types.PipelineExecutionStatusSucceeded || got.ExecutionType != types.ExecutionTypeRollback ||
		aws.ToString(got.RollbackMetadata.RollbackTargetPipelineExecutionId) != target ||
		got.Trigger.TriggerType != types.TriggerTypeManualRollback || *got.Trigger.TriggerDetail != "arn:aws:iam::000000000000:user/automation" {
		t.Errorf("the rollback is %s of type %s to %v by %+v", got.Status, got.ExecutionType, got.RollbackMetadata, got.Trigger)
	}
	if *got.Variables[0].ResolvedValue != "high" || *got.ArtifactRevisions[0].RevisionId != *want.ArtifactRevisions[0].RevisionId {
		t.Errorf("variables %v and revisions %v are not the target's", got.Variables, got.ArtifactRevisions)
	}
	actions, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{
		PipelineName: aws.String("orders"), Filter: &types.ActionExecutionFilter{PipelineExecutionId: &id},
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(actions.ActionExecutionDetails); n != 1 {
		t.Fatalf("the rollback ran %d actions, want the stage's one", n)
	}
	resolved := actions.ActionExecutionDetails[0].Input.ResolvedConfiguration["EnvironmentVariables"]
	if resolved != "high "+*want.ArtifactRevisions[0].RevisionId {
		t.Errorf("the action got %q", resolved)
	}
	started := w.sees(id, "Pipeline STARTED")
	trigger := map[string]any{"trigger-type": "ManualRollback", "trigger-detail": "arn:aws:iam::000000000000:user/automation"}
	if diff := cmp.Diff(trigger, started.fields["execution-trigger"]); diff != "" {
		t.Errorf("trigger differs (-want +got):\n%s", diff)
	}
	w.sees(id, "Pipeline SUCCEEDED")
}

func TestRollbackThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage(), gateStage(nil)))
	good := w.ran("InProgress")
	refused2 := func(stage, target, kind string) {
		t.Helper()
		_, err := w.rollBack(stage, target)
		refused(t, err, kind)
	}
	refused2("Gate", good, "UnableToRollbackStageException") // it has not succeeded there
	refused2("Source", good, "UnableToRollbackStageException")
	refused2("Nope", good, "StageNotFoundException")
	refused2("Build", "00000000-0000-4000-8000-000000000000", "PipelineExecutionNotFoundException")
	back, err := w.rollBack("Build", good)
	if err != nil {
		t.Fatal(err)
	}
	refused2("Build", good, "UnableToRollbackStageException") // it runs
	w.pass(time.Minute)
	refused2("Build", back, "UnableToRollbackStageException") // it is a rollback
	_, err = w.RollbackStage(t.Context(), &sdk.RollbackStageInput{PipelineName: aws.String("nope"), StageName: aws.String("Build"), TargetPipelineExecutionId: &good})
	refused(t, err, "PipelineNotFoundException")
}

func TestRollbackNeedsTheSameVersionOfThePipeline(t *testing.T) {
	t.Parallel()
	for kind, w := range map[string]*world{"UnableToRollbackStageException": newWorld(t), "PipelineExecutionOutdatedException": newWorld(t, strict)} {
		w.create(line(api.Superseded, buildStage()))
		target := w.ran("Succeeded")
		out, err := w.GetPipeline(t.Context(), &sdk.GetPipelineInput{Name: aws.String("orders")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.UpdatePipeline(t.Context(), &sdk.UpdatePipelineInput{Pipeline: out.Pipeline}); err != nil {
			t.Fatal(err)
		}
		_, err = w.rollBack("Build", target)
		refused(t, err, kind)
	}
}

func TestParallelAndV1PipelinesAreNotRolledBack(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*api.Declaration){
		func(d *api.Declaration) { d.ExecutionMode = api.Parallel },
		func(d *api.Declaration) { d.PipelineType = api.V1 },
	} {
		w := newWorld(t)
		d := line(api.Superseded, buildStage())
		change(&d)
		w.create(d)
		_, err := w.rollBack("Build", w.ran("Succeeded"))
		refused(t, err, "UnableToRollbackStageException")
	}
}

func TestStrictWorldKeepsRollbacksOutOfClosedWindows(t *testing.T) {
	t.Parallel()
	for want, w := range map[types.PipelineExecutionStatus]*world{"Succeeded": newWorld(t), "InProgress": newWorld(t, strict)} {
		w.create(line(api.Superseded, entry("FAIL", window("* * 9 ? * *")))) // it is 9:15
		target := w.ran("Succeeded")
		w.pass(time.Hour)
		id, err := w.rollBack("Build", target)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, want)
	}
}
