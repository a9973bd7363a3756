package codebuild_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	pipelines "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	states "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// A line is a CodePipeline in front of the CodeBuild of a world, on its clock.
type line struct {
	*pipelines.Client
	world   *world
	control *httptest.Server
}

// newLine runs the pipeline "release": a source, then a build of the project
// "orders" whose variables the third stage uses.
func newLine(t *testing.T, environment string) *line {
	t.Helper()
	w := newWorld(t)
	service, err := codepipeline.New(t.Context(), codepipeline.Options{
		Account: account, Region: region, Clock: w.clock, Builds: w.service, Pace: engine.Pace{Min: time.Second, Max: time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	act := func(name, category, provider string, conf map[string]string) api.Action {
		return api.Action{Name: name, Type: api.ActionType{Category: category, Owner: "AWS", Provider: provider, Version: "1"}, Configuration: conf}
	}
	source := act("Source", "Source", "S3", map[string]string{"S3Bucket": "code", "S3ObjectKey": "a.zip"})
	source.OutputArtifacts = []api.ArtifactName{{Name: "Code"}}
	build := act("Build", "Build", "CodeBuild", map[string]string{"ProjectName": "orders"})
	if environment != "" {
		build.Configuration["EnvironmentVariables"] = environment
	}
	build.InputArtifacts, build.OutputArtifacts, build.Namespace = source.OutputArtifacts, []api.ArtifactName{{Name: "Image"}}, "B"
	ask := act("Ask", "Approval", "Manual", map[string]string{"CustomData": "#{B.DIGEST}"})
	err = service.CreatePipeline(api.Declaration{
		Name: "release", RoleARN: "arn:aws:iam::" + account + ":role/pipeline", PipelineType: "V2", ExecutionMode: api.Superseded,
		ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "artifacts"},
		Stages: []api.Stage{
			{Name: "Source", Actions: []api.Action{source}}, {Name: "Build", Actions: []api.Action{build}}, {Name: "Gate", Actions: []api.Action{ask}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server, control := httptest.NewServer(service.Handler()), httptest.NewServer(service.Control())
	t.Cleanup(server.Close)
	t.Cleanup(control.Close)
	return &line{world: w, control: control, Client: pipelines.New(pipelines.Options{
		Region: region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})}
}

// start starts the pipeline and lets its source end.
func (l *line) start() string {
	l.world.t.Helper()
	out, err := l.StartPipelineExecution(l.world.t.Context(), &pipelines.StartPipelineExecutionInput{Name: aws.String("release")})
	if err != nil {
		l.world.t.Fatal(err)
	}
	l.world.clock.Advance(time.Second)
	return *out.PipelineExecutionId
}

// action is the latest attempt of an action.
func (l *line) action(name string) states.ActionExecutionDetail {
	l.world.t.Helper()
	out, err := l.ListActionExecutions(l.world.t.Context(), &pipelines.ListActionExecutionsInput{PipelineName: aws.String("release")})
	if err != nil {
		l.world.t.Fatal(err)
	}
	for _, d := range out.ActionExecutionDetails {
		if *d.ActionName == name {
			return d
		}
	}
	l.world.t.Fatalf("action %s has not run", name)
	return states.ActionExecutionDetail{}
}

func TestPipelineBuildsWithItsArtifactAndVariables(t *testing.T) {
	t.Parallel()
	l := newLine(t, `[{"name":"REPOSITORY","value":"carts"},{"name":"EXECUTION","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"}]`)
	l.world.declare(ofPipeline("orders"))
	if err := l.world.service.SetUsual("orders", codebuild.Script{Variables: map[string]string{"DIGEST": "sha256:1"}}); err != nil {
		t.Fatal(err)
	}
	execution := l.start()
	running := l.action("Build")
	id := *running.Output.ExecutionResult.ExternalExecutionId
	b := l.world.build(id)
	if running.Status != states.ActionExecutionStatusInProgress || *b.Initiator != "codepipeline/release" || b.Source.Type != types.SourceTypeCodepipeline {
		t.Errorf("action %s, build %+v", running.Status, b)
	}
	in := running.Input.InputArtifacts[0].S3location
	if *b.SourceVersion != "arn:aws:s3:::artifacts/"+*in.Key || *b.ResolvedSourceVersion == "" || !strings.HasPrefix(*b.Artifacts.Location, "arn:aws:s3:::artifacts/release/Image/") {
		t.Errorf("source %s is %s, artifact %s", *b.SourceVersion, *b.ResolvedSourceVersion, *b.Artifacts.Location)
	}
	got := ""
	for _, v := range b.Environment.EnvironmentVariables {
		got += *v.Name + "=" + *v.Value + ";"
	}
	if want := "REPOSITORY=carts;EXECUTION=" + execution + ";"; got != want {
		t.Errorf("environment %s, want %s", got, want)
	}
	l.world.clock.Advance(whole)
	done := l.action("Build")
	if done.Status != states.ActionExecutionStatusSucceeded || done.Output.OutputVariables["DIGEST"] != "sha256:1" ||
		*done.Output.ExecutionResult.ExternalExecutionUrl != "https://console.aws.amazon.com/codebuild/home?region=eu-west-1#/builds/"+id+"/view/new" {
		t.Errorf("built: %s, %+v", done.Status, done.Output)
	}
	if asked := l.action("Ask").Input.ResolvedConfiguration["CustomData"]; asked != "sha256:1" {
		t.Errorf("the gate shows %q", asked)
	}
}

func TestActionFailsAsItsBuildDoes(t *testing.T) {
	t.Parallel()
	for _, outcome := range []string{"FAILED", "FAULT", "TIMED_OUT", "STOPPED"} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			l := newLine(t, "")
			l.world.declare(ofPipeline("orders"))
			if err := l.world.service.SetNext("orders", codebuild.Script{Outcome: outcome}); err != nil {
				t.Fatal(err)
			}
			l.start()
			l.world.clock.Advance(whole)
			a := l.action("Build")
			r := a.Output.ExecutionResult
			if want := "Build terminated with state: " + outcome; a.Status != states.ActionExecutionStatusFailed || r.ErrorDetails == nil ||
				*r.ErrorDetails.Code != "JobFailed" || *r.ErrorDetails.Message != want || *r.ExternalExecutionSummary != want {
				t.Errorf("action %s: %+v", a.Status, r)
			}
		})
	}
}

func TestAbandonedExecutionStopsItsBuild(t *testing.T) {
	t.Parallel()
	l := newLine(t, "")
	l.world.declare(ofPipeline("orders"))
	execution := l.start()
	id := *l.action("Build").Output.ExecutionResult.ExternalExecutionId
	for abandon, want := range []types.StatusType{types.StatusTypeInProgress, types.StatusTypeStopped} {
		_, err := l.StopPipelineExecution(t.Context(), &pipelines.StopPipelineExecutionInput{
			PipelineName: aws.String("release"), PipelineExecutionId: &execution, Abandon: abandon == 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		if b := l.world.build(id); b.BuildStatus != want {
			t.Errorf("abandon %v: the build is %s, want %s", abandon == 1, b.BuildStatus, want)
		}
	}
	l.world.clock.Advance(whole)
	if a := l.action("Build"); a.Status != states.ActionExecutionStatusAbandoned {
		t.Errorf("the action is %s", a.Status)
	}
}

func TestActionWithoutABuildSaysWhy(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string]string{
		"": "Error calling startBuild: Project cannot be found: arn:aws:codebuild:eu-west-1:111122223333:project/orders " +
			"(Service: AWSCodeBuild; Status Code: 400; Error Code: ResourceNotFoundException)",
		`{"name":"A"}`: "the configuration EnvironmentVariables of action Build is not a JSON list",
	} {
		l := newLine(t, environment)
		l.start()
		l.world.clock.Advance(0)
		a := l.action("Build")
		if a.Status != states.ActionExecutionStatusFailed || !strings.HasPrefix(*a.Output.ExecutionResult.ErrorDetails.Message, want) {
			t.Errorf("action %s: %+v", a.Status, a.Output.ExecutionResult)
		}
	}
}

func TestScriptOfTheActionScriptsItsBuild(t *testing.T) {
	t.Parallel()
	l := newLine(t, "")
	l.world.declare(ofPipeline("orders"))
	status, answer := l.world.request("POST", l.control.URL+"/local/codepipeline/release/Build/Build", "",
		`{"outcome":"Failed","delay_ms":2000,"summary":"The tests are red"}`)
	if status != 200 {
		t.Fatalf("script: %d %s", status, answer)
	}
	l.start()
	l.world.clock.Advance(2 * time.Second)
	a := l.action("Build")
	b := l.world.build(*a.Output.ExecutionResult.ExternalExecutionId)
	if *a.Output.ExecutionResult.ExternalExecutionSummary != "The tests are red" || b.BuildStatus != types.StatusTypeFailed ||
		*b.Phases[6].Contexts[0].Message != "The tests are red" {
		t.Errorf("action %+v, build %s", a.Output.ExecutionResult, b.BuildStatus)
	}
}
