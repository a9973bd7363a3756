package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

var start = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

// nothing drops all effects.
type nothing struct{}

func (nothing) Publish(engine.Event)     {}
func (nothing) Invoke(engine.Invocation) {}

func newEngine(o engine.Options) (*engine.Engine, *clock.Manual) {
	c := clock.NewManual(start)
	o.Account, o.Region, o.Clock = "000000000000", "eu-west-1", c
	if o.Effects == nil {
		o.Effects = nothing{}
	}
	return engine.New(o), c
}

func act(name, category, provider string, configuration map[string]string) api.Action {
	return api.Action{
		Name: name, Configuration: configuration,
		Type: api.ActionType{Category: category, Owner: "AWS", Provider: provider, Version: "1"},
	}
}

func valid() api.Declaration {
	source := act("Source", "Source", "S3", map[string]string{"S3Bucket": "b", "S3ObjectKey": "k"})
	source.OutputArtifacts, source.Namespace = []api.ArtifactName{{Name: "Code"}}, "Src"
	build := act("Build", "Build", "CodeBuild", map[string]string{"ProjectName": "p"})
	build.InputArtifacts, build.OutputArtifacts = []api.ArtifactName{{Name: "Code"}}, []api.ArtifactName{{Name: "Out"}}
	return api.Declaration{
		Name: "orders", RoleARN: "arn:aws:iam::000000000000:role/orders",
		ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "artifacts"}, PipelineType: api.V2,
		Stages: []api.Stage{
			{Name: "Source", Actions: []api.Action{source}},
			{Name: "Build", Actions: []api.Action{build}},
			{Name: "Gate", Actions: []api.Action{act("Approve", "Approval", "Manual", nil)}},
		},
	}
}

func TestDeclarationThatCannotBeRightIsRefused(t *testing.T) {
	t.Parallel()
	const structure, stage, action = "InvalidStructureException", "InvalidStageDeclarationException", "InvalidActionDeclarationException"
	tests := []struct {
		name          string
		change        func(*api.Declaration)
		kind, message string
	}{
		{"one stage", func(d *api.Declaration) { d.Stages = d.Stages[:1] }, structure, "only 1 stage"},
		{"too many stages", func(d *api.Declaration) { d.Stages = append(d.Stages, make([]api.Stage, 50)...) }, "LimitExceededException", "53 stages"},
		{"stage twice", func(d *api.Declaration) { d.Stages[2].Name = "Build" }, stage, "'Build'"},
		{"empty stage", func(d *api.Declaration) { d.Stages[1].Actions = nil }, stage, "has 0 actions"},
		{"action twice", func(d *api.Declaration) { d.Stages[2].Actions = append(d.Stages[2].Actions, d.Stages[2].Actions[0]) }, action, "'Approve'"},
		{"no source", func(d *api.Declaration) { d.Stages = d.Stages[1:] }, structure, "only contains source actions"},
		{"late source", func(d *api.Declaration) {
			d.Stages[1].Actions = append(d.Stages[1].Actions, act("Late", "Source", "S3", nil))
		}, structure, "'Late'"},
		{"unknown provider", func(d *api.Declaration) { d.Stages[1].Actions[0].Type.Provider = "Abacus" }, action, "ActionType (Category: 'Build', Provider: 'Abacus', Owner: 'AWS', Version: '1') in action 'Build' is not available in region EU_WEST_1"},
		{"unknown version", func(d *api.Declaration) { d.Stages[1].Actions[0].Type.Version = "9" }, action, "Version: '9'"},
		{"time-out of a build", func(d *api.Declaration) { d.Stages[1].Actions[0].TimeoutInMinutes = 10 }, action, "only approval actions"},
		{"artifact of an approval", func(d *api.Declaration) { d.Stages[2].Actions[0].InputArtifacts = []api.ArtifactName{{Name: "Code"}} }, action, "1 input artifacts"},
		{"source without output", func(d *api.Declaration) { d.Stages[0].Actions[0].OutputArtifacts = nil }, action, "0 output artifacts"},
		{"missing artifact", func(d *api.Declaration) { d.Stages[1].Actions[0].InputArtifacts[0].Name = "Nope" }, structure, "Nope in action Build"},
		{"artifact of a sibling", func(d *api.Declaration) {
			sibling := d.Stages[1].Actions[0]
			sibling.Name, sibling.InputArtifacts, sibling.OutputArtifacts = "Sibling", []api.ArtifactName{{Name: "Out"}}, nil
			d.Stages[1].Actions = append(d.Stages[1].Actions, sibling)
		}, structure, "Out in action Sibling"},
		{"artifact written twice", func(d *api.Declaration) { d.Stages[1].Actions[0].OutputArtifacts[0].Name = "Code" }, structure, "UniqueOutputArtifactNames"},
		{"missing configuration", func(d *api.Declaration) { d.Stages[1].Actions[0].Configuration = nil }, action, "missing required configuration 'ProjectName'"},
		{"unknown configuration", func(d *api.Declaration) { d.Stages[2].Actions[0].Configuration = map[string]string{"Custom": "x"} }, action, "unknown configuration 'Custom'"},
		{"no artifact store", func(d *api.Declaration) { d.ArtifactStore = nil }, structure, "artifactStore"},
		{"no store in the action's Region", func(d *api.Declaration) {
			d.ArtifactStore, d.ArtifactStores = nil, map[string]api.ArtifactStore{"us-east-1": {Type: "S3", Location: "x"}}
		}, structure, "eu-west-1"},
		{"mode of V1", func(d *api.Declaration) { d.PipelineType, d.ExecutionMode = "", api.Queued }, structure, "QUEUED needs pipelineType V2"},
		{"variables of V1", func(d *api.Declaration) { d.PipelineType, d.Variables = api.V1, []api.Variable{{Name: "A"}} }, structure, "variables"},
		{"triggers of V1", func(d *api.Declaration) { d.PipelineType, d.Triggers = api.V1, json.RawMessage(`[]`) }, structure, "Triggers"},
		{"too many variables", func(d *api.Declaration) { d.Variables = make([]api.Variable, 51) }, "LimitExceededException", "50"},
		{"namespace twice", func(d *api.Declaration) { d.Stages[1].Actions[0].Namespace = "Src" }, action, "Namespace 'Src'"},
		{"variable without key", func(d *api.Declaration) {
			d.Stages[2].Actions[0].Configuration = map[string]string{"CustomData": "#{Src}"}
		}, action, "separated by a period"},
		{"variable of nobody", func(d *api.Declaration) {
			d.Stages[2].Actions[0].Configuration = map[string]string{"CustomData": "#{Later.X}"}
		}, action, "VariableReferenceText=[Later.X]"},
		{"variable of itself", func(d *api.Declaration) {
			d.Stages[1].Actions[0].Namespace = "Me"
			d.Stages[1].Actions[0].Configuration = map[string]string{"ProjectName": "#{Me.X}"}
		}, action, "namespace that does not exist"},
	}
	for _, tt := range tests {
		e, _ := newEngine(engine.Options{})
		d := valid()
		tt.change(&d)
		_, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d})
		if err == nil || !strings.HasPrefix(err.Error(), tt.kind+": ") || !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%s: %v, want %s with %q", tt.name, err, tt.kind, tt.message)
		}
		if got := e.Overviews(); len(got) > 0 {
			t.Errorf("%s: the pipeline exists all the same", tt.name)
		}
	}
	e, _ := newEngine(engine.Options{})
	if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: valid()}); err != nil {
		t.Errorf("the unchanged declaration: %v", err)
	}
}

func TestSourcesYieldTheRevisionsOfTheirProvider(t *testing.T) {
	t.Parallel()
	tests := []struct {
		owner, provider string
		configuration   map[string]string
		id, summary     string // prefixes
		variables       []string
	}{
		{"AWS", "S3", map[string]string{"S3Bucket": "b", "S3ObjectKey": "k"}, "", "Amazon S3 version id: ", []string{"VersionId", "ETag", "BucketName", "ObjectKey"}},
		{"AWS", "ECR", map[string]string{"RepositoryName": "orders", "ImageTag": "1.8.0"}, "sha256:", "", []string{"ImageDigest", "ImageURI", "ImageTag", "RegistryId", "RepositoryName"}},
		{"AWS", "CodeCommit", map[string]string{"RepositoryName": "orders", "BranchName": "main"}, "", "", []string{"CommitId", "CommitMessage", "AuthorDate", "BranchName", "RepositoryName", "CommitterDate"}},
		{"ThirdParty", "GitHub", map[string]string{"Owner": "o", "Repo": "r", "Branch": "main", "OAuthToken": "x"}, "", "", []string{"CommitId", "CommitMessage", "CommitUrl", "BranchName"}},
		{"AWS", "CodeStarSourceConnection", map[string]string{"ConnectionArn": "arn:c", "FullRepositoryId": "o/r", "BranchName": "main"}, "", `{"ProviderType":"GitHub","CommitMessage":"`, []string{"AuthorDisplayName", "CommitMessage", "BranchName", "FullRepositoryName", "CommitId", "ConnectionArn"}},
	}
	for _, tt := range tests {
		e, c := newEngine(engine.Options{})
		d := valid()
		a := &d.Stages[0].Actions[0]
		a.Type.Owner, a.Type.Provider, a.Configuration = tt.owner, tt.provider, tt.configuration
		if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d}); err != nil {
			t.Fatalf("%s: %v", tt.provider, err)
		}
		if _, err := e.StartPipelineExecution(engine.Caller{ARN: "arn:me"}, api.StartPipelineExecutionInput{Name: "orders"}); err != nil {
			t.Fatal(err)
		}
		c.Advance(2 * time.Second)
		out, err := e.ListActionExecutions(engine.Caller{}, api.ListActionExecutionsInput{PipelineName: "orders"})
		if err != nil {
			t.Fatal(err)
		}
		source := out.ActionExecutionDetails[len(out.ActionExecutionDetails)-1]
		result := source.Output.ExecutionResult
		if !strings.HasPrefix(result.ExternalExecutionID, tt.id) || len(result.ExternalExecutionID) < 32 ||
			!strings.HasPrefix(result.ExternalExecutionSummary, tt.summary) || result.ExternalExecutionURL == "" {
			t.Errorf("%s: %+v", tt.provider, result)
		}
		for _, name := range tt.variables {
			if source.Output.OutputVariables[name] == "" {
				t.Errorf("%s: no variable %s in %v", tt.provider, name, source.Output.OutputVariables)
			}
		}
	}
}
