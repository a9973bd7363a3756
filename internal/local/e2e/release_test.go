package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// A release is one execution of a pipeline that a test has for itself: Source,
// Approval, Production.
type release struct {
	*system
	t         *testing.T
	pipeline  string
	execution string
	// channel is where its approval is asked.
	channel string
}

const (
	note      = "Compare the totals of the last hour first."
	reviewURL = "https://reports.example.com/totals/"
	message   = "Round VAT per line\n\nAs the invoice does."
	author    = "Nadia Benali"
)

var pipelines atomic.Int64

// begin creates a pipeline under a rule and starts a release of a commit.
func begin(t *testing.T, rule string) *release { t.Helper(); return beginWith(t, rule, message) }

func beginWith(t *testing.T, rule, message string) *release {
	t.Helper()
	return beginBy(t, rule, message, author)
}

func beginBy(t *testing.T, rule, message, author string) *release {
	t.Helper()
	r := prepare(t, rule)
	r.start(message, author)
	return r
}

// prepare creates a pipeline under a rule, of which nothing is released yet.
func prepare(t *testing.T, rule string, more ...types.StageDeclaration) *release {
	t.Helper()
	s := world(t)
	r := &release{system: s, t: t, pipeline: fmt.Sprintf("%s-%d", rule, pipelines.Add(1)), channel: testChannel}
	if rule == unruled {
		r.channel = defaultChannel
	}
	d := r.declaration()
	d.Stages = slices.Insert(d.Stages, 1, more...)
	_, err := s.pipelines.CreatePipeline(t.Context(), &codepipeline.CreatePipelineInput{Pipeline: d})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// start releases a commit.
func (r *release) start(message, author string) {
	r.t.Helper()
	at := "/local/codepipeline/" + r.pipeline
	tell[struct{}](r.t, r.system, at+"/Source/Source", map[string]any{"outcome": "Succeeded", "delay_ms": 0}, http.StatusOK)
	r.execution = tell[struct {
		ID string `json:"execution_id"`
	}](r.t, r.system, at+"/start", map[string]string{"message": message, "author": author}, http.StatusOK).ID
}

func (r *release) declaration() *types.PipelineDeclaration {
	account := r.Stack.Account
	return &types.PipelineDeclaration{
		Name: aws.String(r.pipeline), RoleArn: aws.String("arn:aws:iam::" + account + ":role/release"),
		ArtifactStore: &types.ArtifactStore{Type: types.ArtifactStoreTypeS3, Location: aws.String("artifacts-" + account)},
		PipelineType:  types.PipelineTypeV2, ExecutionMode: types.ExecutionModeSuperseded,
		Stages: []types.StageDeclaration{
			stage("Source", types.ActionDeclaration{
				ActionTypeId: kind(types.ActionCategorySource, "CodeStarSourceConnection"), Namespace: aws.String("SourceVariables"),
				OutputArtifacts: []types.OutputArtifact{{Name: aws.String("Source")}},
				Configuration: map[string]string{
					"ConnectionArn":    "arn:aws:codestar-connections:eu-west-1:" + account + ":connection/5d1c2b3a-4f5e-4d6c-8b7a-9f0e1d2c3b4a",
					"FullRepositoryId": "example-org/" + r.pipeline, "BranchName": "main",
				},
			}),
			stage("Approval", types.ActionDeclaration{
				ActionTypeId:  kind(types.ActionCategoryApproval, "Manual"),
				Configuration: map[string]string{"CustomData": note, "ExternalEntityLink": reviewURL + "#{codepipeline.PipelineExecutionId}"},
			}),
			stage("Production", types.ActionDeclaration{
				ActionTypeId:   kind(types.ActionCategoryDeploy, "CodeDeploy"),
				InputArtifacts: []types.InputArtifact{{Name: aws.String("Source")}},
				Configuration:  map[string]string{"ApplicationName": r.pipeline, "DeploymentGroupName": "production"},
			}),
		},
	}
}

// stage is a stage of one action, both with the same name.
func stage(name string, a types.ActionDeclaration) types.StageDeclaration {
	a.Name = aws.String(name)
	return types.StageDeclaration{Name: a.Name, Actions: []types.ActionDeclaration{a}}
}

func kind(category types.ActionCategory, provider string) *types.ActionTypeId {
	return &types.ActionTypeId{Category: category, Owner: types.ActionOwnerAws, Provider: aws.String(provider), Version: aws.String("1")}
}

// stageStatus is what CodePipeline says about a stage, empty before it began.
func (r *release) stageStatus(name string) types.StageExecutionStatus {
	r.t.Helper()
	state, err := r.pipelines.GetPipelineState(r.t.Context(), &codepipeline.GetPipelineStateInput{Name: aws.String(r.pipeline)})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range state.StageStates {
		if aws.ToString(s.StageName) == name && s.LatestExecution != nil {
			return s.LatestExecution.Status
		}
	}
	return ""
}

// goesOn waits until Production has been released to.
func (r *release) goesOn() {
	r.t.Helper()
	eventually(r.t, "Production of "+r.pipeline+" succeeds", func() (types.StageExecutionStatus, bool) {
		status := r.stageStatus("Production")
		return status, status == types.StageExecutionStatusSucceeded
	})
}

// stopsHere waits until the approval has failed; Production is never reached.
func (r *release) stopsHere() {
	r.t.Helper()
	eventually(r.t, "Approval of "+r.pipeline+" fails", func() (types.StageExecutionStatus, bool) {
		status := r.stageStatus("Approval")
		return status, status == types.StageExecutionStatusFailed
	})
	if status := r.stageStatus("Production"); status != "" {
		r.t.Errorf("Production of %s is %s after the approval has failed", r.pipeline, status)
	}
}

// stillWaits checks that nobody has been believed yet.
func (r *release) stillWaits() {
	r.t.Helper()
	if status := r.stageStatus("Approval"); status != types.StageExecutionStatusInProgress {
		r.t.Errorf("Approval of %s is %s; it must still wait", r.pipeline, status)
	}
}

// approvals are the attempts at the approval action, the newest first.
func (r *release) approvals() []types.ActionExecutionDetail {
	r.t.Helper()
	out, err := r.pipelines.ListActionExecutions(r.t.Context(), &codepipeline.ListActionExecutionsInput{
		PipelineName: aws.String(r.pipeline), Filter: &types.ActionExecutionFilter{PipelineExecutionId: aws.String(r.execution)},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	var found []types.ActionExecutionDetail
	for _, d := range out.ActionExecutionDetails {
		if aws.ToString(d.StageName) == "Approval" {
			found = append(found, d)
		}
	}
	return found
}

// summary is what CodePipeline keeps about the latest answer.
func (r *release) summary() string {
	r.t.Helper()
	all := r.approvals()
	if len(all) == 0 || all[0].Output == nil || all[0].Output.ExecutionResult == nil {
		r.t.Fatalf("CodePipeline has no result of the approval of %s: %+v", r.pipeline, all)
	}
	return aws.ToString(all[0].Output.ExecutionResult.ExternalExecutionSummary)
}

// wantSummary checks that CodePipeline was told who answered, and how.
func (r *release) wantSummary(words ...string) {
	r.t.Helper()
	summary := r.summary()
	for _, w := range words {
		if !strings.Contains(summary, w) {
			r.t.Errorf("CodePipeline's summary is %q, without %q", summary, w)
		}
	}
	if n := len([]rune(summary)); n > 512 {
		r.t.Errorf("CodePipeline's summary has %d characters", n)
	}
}
