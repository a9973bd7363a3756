package codepipeline_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// deploying is a line that ends with one deploy action, which reads the source.
func deploying(provider string, configuration map[string]string) api.Declaration {
	a := act("Deploy", "Deploy", provider, configuration)
	a.InputArtifacts, a.Namespace = []api.ArtifactName{{Name: "Code"}}, "Deployed"
	return line(api.Superseded, api.Stage{Name: "Production", Actions: []api.Action{a}})
}

var byCodeDeploy = map[string]string{"ApplicationName": "orders", "DeploymentGroupName": "production"}

// progress is percentComplete and summary of the deploy action now.
func (w *world) progress() (int32, string) {
	w.t.Helper()
	x := w.stage("orders", "Production").ActionStates[0].LatestExecution
	return aws.ToInt32(x.PercentComplete), aws.ToString(x.Summary)
}

func TestBlueGreenDeploymentMovesTrafficInSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(deploying("CodeDeploy", byCodeDeploy))
	w.post("/local/codepipeline/orders/Production/Deploy", `{"outcome":"Succeeded","delay_ms":3000}`)
	id := w.start("orders")
	w.pass(time.Second)
	var seen []int32
	for range 3 {
		percent, summary := w.progress()
		if !strings.Contains(summary, "of the traffic") {
			t.Errorf("summary at %d %%: %q", percent, summary)
		}
		seen = append(seen, percent)
		w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
		w.pass(time.Second)
	}
	if diff := cmp.Diff([]int32{10, 50, 100}, seen); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	if percent, summary := w.progress(); percent != 100 || summary != "Deployment Succeeded" {
		t.Errorf("at the end %d %% %q", percent, summary)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
}

func TestFailingBlueGreenDeploymentNeverGetsAllTraffic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(deploying("CodeDeployToECS", map[string]string{
		"ApplicationName": "orders", "DeploymentGroupName": "production",
		"TaskDefinitionTemplateArtifact": "Code", "AppSpecTemplateArtifact": "Code",
	}))
	w.post("/local/codepipeline/orders/Production/Deploy", `{"outcome":"Failed","delay_ms":3000}`)
	id := w.start("orders")
	w.pass(time.Minute)
	percent, summary := w.progress()
	if percent != 50 || !strings.HasSuffix(summary, " failed") {
		t.Errorf("%d %% %q, want 50 %% of a failed deployment", percent, summary)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
}

func TestDeployProvidersReportTheirExecution(t *testing.T) {
	t.Parallel()
	tests := []struct {
		provider      string
		configuration map[string]string
		id, url       string // patterns
		variables     map[string]string
	}{
		{"CodeDeploy", byCodeDeploy, `^d-[A-Z0-9]{9}$`, `codedeploy.*#/deployments/d-`, nil},
		{"CloudFormation", map[string]string{
			"ActionMode": "CREATE_UPDATE", "StackName": "orders", "RoleArn": "arn:aws:iam::000000000000:role/cfn", "TemplatePath": "Code::template.yaml",
		}, `^arn:aws:cloudformation:eu-west-1:000000000000:stack/orders/[0-9a-f-]{36}$`, `cloudformation.*stackId=arn%3Aaws`, nil},
		{"ECS", map[string]string{"ClusterName": "main", "ServiceName": "orders"}, `^ecs-svc/[0-9]{19}$`, `clusters/main/services/orders`, nil},
		{"Lambda", map[string]string{"FunctionName": "orders"}, `^[0-9a-f-]{36}$`, `lambda.*#/functions/orders$`, map[string]string{"FunctionVersion": "2"}},
		{"S3", map[string]string{"BucketName": "site", "Extract": "true"}, `^[A-Za-z0-9]{32}$`, `s3/buckets/site\?`, nil},
	}
	for _, tt := range tests {
		w := newWorld(t)
		w.create(deploying(tt.provider, tt.configuration))
		id := w.start("orders")
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
		out := w.runs("orders", id)[1].Output
		r := out.ExecutionResult
		if !regexp.MustCompile(tt.id).MatchString(*r.ExternalExecutionId) || !regexp.MustCompile(tt.url).MatchString(aws.ToString(r.ExternalExecutionUrl)) ||
			aws.ToString(r.ExternalExecutionSummary) == "" {
			t.Errorf("%s: id %s, url %s, summary %s", tt.provider, *r.ExternalExecutionId, aws.ToString(r.ExternalExecutionUrl), aws.ToString(r.ExternalExecutionSummary))
		}
		if len(tt.variables)+len(out.OutputVariables) > 0 && !cmp.Equal(tt.variables, out.OutputVariables) {
			t.Errorf("%s: variables %v", tt.provider, out.OutputVariables)
		}
	}
}

func TestLambdaDeploymentTakesTheTimeOfItsStrategy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(deploying("Lambda", map[string]string{
		"FunctionName": "orders", "FunctionAlias": "live", "DeployStrategy": "Linear25PercentEvery2Minutes",
	}))
	id := w.start("orders")
	w.pass(time.Second)
	var seen []int32
	for range 3 {
		percent, _ := w.progress()
		seen = append(seen, percent)
		w.pass(2 * time.Minute)
	}
	if diff := cmp.Diff([]int32{25, 50, 75}, seen); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
}

func TestConfigurationThatTurnsOutWrongFailsItsActionAndIsNamed(t *testing.T) {
	t.Parallel()
	stack := func(change map[string]string) map[string]string {
		c := map[string]string{"ActionMode": "CREATE_UPDATE", "StackName": "s", "RoleArn": "arn:aws:iam::000000000000:role/cfn", "TemplatePath": "Code::t.yaml"}
		for k, v := range change {
			c[k] = v
		}
		return c
	}
	tests := []struct {
		provider      string
		configuration map[string]string
		message       string
	}{
		{"CloudFormation", stack(map[string]string{"ActionMode": "MERGE"}), "ActionMode"},
		{"CloudFormation", stack(map[string]string{"ActionMode": "CHANGE_SET_EXECUTE"}), "ChangeSetName"},
		{"CloudFormation", stack(map[string]string{"TemplatePath": "t.yaml"}), "TemplatePath"},
		{"CloudFormation", stack(map[string]string{"TemplatePath": "Other::t.yaml"}), `"Other"`},
		{"S3", map[string]string{"BucketName": "b", "Extract": "false"}, "ObjectKey"},
		{"S3", map[string]string{"BucketName": "b", "Extract": "maybe"}, "Extract"},
		{"Lambda", map[string]string{"FunctionName": "f", "DeployStrategy": "Canary10Percent5Minutes"}, "FunctionAlias"},
		{"Lambda", map[string]string{"FunctionName": "f", "FunctionAlias": "live", "DeployStrategy": "Linear1PercentEvery60Minutes"}, "DeployStrategy"},
		{"CodeDeployToECS", map[string]string{
			"ApplicationName": "a", "DeploymentGroupName": "g", "TaskDefinitionTemplateArtifact": "Code", "AppSpecTemplateArtifact": "Other",
		}, "AppSpecTemplateArtifact"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		w.create(deploying(tt.provider, tt.configuration))
		id := w.start("orders")
		w.pass(time.Minute)
		e := w.runs("orders", id)[1].Output.ExecutionResult.ErrorDetails
		if e == nil || *e.Code != "ConfigurationError" || !strings.Contains(*e.Message, tt.message) {
			t.Errorf("%s %v: %+v, want a ConfigurationError that names %s", tt.provider, tt.configuration, e, tt.message)
		}
	}
}

func TestDeploymentThatTakesTooLongFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(deploying("ECS", map[string]string{"ClusterName": "c", "ServiceName": "s", "DeploymentTimeout": "15"}))
	w.post("/local/codepipeline/orders/Production/Deploy", `{"outcome":"Succeeded","delay_ms":3600000}`)
	id := w.start("orders")
	w.pass(15*time.Minute + 2*time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	if _, summary := w.progress(); !strings.Contains(summary, "did not finish within 15m") {
		t.Errorf("summary %q", summary)
	}
}

func TestLostArtifactFailsWhateverNeedsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(deploying("CodeDeploy", byCodeDeploy))
	w.post("/local/codepipeline/orders/Source/Source", `{"outcome":"Succeeded","loses_artifacts":true}`)
	id := w.start("orders")
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	e := w.runs("orders", id)[1].Output.ExecutionResult.ErrorDetails
	if *e.Code != "ConfigurationError" || !strings.Contains(*e.Message, "the input artifact Code of action Deploy") {
		t.Errorf("%s: %s", *e.Code, *e.Message)
	}
}

func TestCloneReferenceIsForCodeBuildOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := deploying("CodeDeploy", byCodeDeploy)
	d.Stages[0].Actions[0].Type.Provider = "CodeCommit"
	d.Stages[0].Actions[0].Configuration = map[string]string{"RepositoryName": "r", "BranchName": "main", "OutputArtifactFormat": "CODEBUILD_CLONE_REF"}
	d.Stages = append(d.Stages[:1], buildStage(), d.Stages[1])
	w.create(d)
	id := w.start("orders")
	w.pass(time.Minute)
	runs := w.runs("orders", id)
	if runs[1].Status != types.ActionExecutionStatusSucceeded || runs[2].Status != types.ActionExecutionStatusFailed ||
		!strings.Contains(*runs[2].Output.ExecutionResult.ErrorDetails.Message, "CODEBUILD_CLONE_REF") {
		t.Errorf("build %s, deployment %s", runs[1].Status, runs[2].Status)
	}
}
