package engine_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// using gives the i-th stage's first action a namespace and a configuration
// value that may have references.
func using(d *api.Declaration, i int, namespace, key, value string) {
	a := &d.Stages[i].Actions[0]
	c := map[string]string{key: value}
	for k, v := range a.Configuration {
		if k != key {
			c[k] = v
		}
	}
	a.Namespace, a.Configuration = namespace, c
}

func TestReferencesThatCannotBeResolvedAreRefused(t *testing.T) {
	t.Parallel()
	const name = "ProjectName"
	tests := []struct {
		name    string
		change  func(*api.Declaration)
		message string // empty when the declaration is right
	}{
		{"earlier stage", func(d *api.Declaration) { using(d, 1, "Built", name, "#{Src.VersionId}") }, ""},
		{"the execution", func(d *api.Declaration) { using(d, 1, "Built", name, "#{codepipeline.PipelineExecutionId}") }, ""},
		{"declared pipeline variable", func(d *api.Declaration) {
			d.Variables = []api.Variable{{Name: "LEVEL"}}
			using(d, 1, "Built", name, "#{variables.LEVEL}")
		}, ""},
		{"unknown namespace", func(d *api.Declaration) { using(d, 1, "Built", name, "#{Nobody.X}") }, "namespace that does not exist. StageName=[Build], ActionName=[Build], ActionConfigurationKey=[ProjectName], VariableReferenceText=[Nobody.X]"},
		{"later stage", func(d *api.Declaration) {
			using(d, 1, "", name, "#{Gate.X}")
			d.Stages[2].Actions[0].Namespace = "Gate"
		}, "action 'Approve' fills it at the same time or later"},
		{"cycle of two", func(d *api.Declaration) {
			using(d, 1, "Built", name, "#{Gate.X}")
			using(d, 2, "Gate", "CustomData", "#{Built.X}")
		}, "action 'Approve' and of this one need each other (a cycle)"},
		{"itself", func(d *api.Declaration) { using(d, 1, "Built", name, "#{Built.X}") }, "(a cycle)"},
		{"undeclared pipeline variable", func(d *api.Declaration) { using(d, 1, "", name, "#{variables.LEVEL}") }, "not declared"},
		{"other variable of the execution", func(d *api.Declaration) { using(d, 1, "", name, "#{codepipeline.Name}") }, "PipelineExecutionId"},
		{"pipeline variable in a source", func(d *api.Declaration) {
			d.Variables = []api.Variable{{Name: "LEVEL"}}
			using(d, 0, "Src", "S3ObjectKey", "#{variables.LEVEL}")
		}, "source action"},
		{"pipeline variable twice", func(d *api.Declaration) { d.Variables = []api.Variable{{Name: "A"}, {Name: "A"}} }, "'A' is declared more than once"},
		{"reserved namespace", func(d *api.Declaration) { d.Stages[1].Actions[0].Namespace = "variables" }, "'variables' of action 'Build' is reserved"},
		{"namespace of an artifact", func(d *api.Declaration) { d.Stages[1].Actions[0].Namespace = "Out" }, "also the name of an artifact"},
		{"hostile reference", func(d *api.Declaration) { using(d, 1, "", name, "#{.}#{}#{</script>.<!channel>}") }, "separated by a period"},
	}
	for _, tt := range tests {
		e, _ := newEngine(engine.Options{})
		d := valid()
		tt.change(&d)
		_, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d})
		switch {
		case tt.message == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.message != "" && (err == nil || !strings.Contains(err.Error(), tt.message)):
			t.Errorf("%s: %v, want a message with %q", tt.name, err, tt.message)
		}
	}
}

func TestRegionsAndRolesOfActionsAreChecked(t *testing.T) {
	t.Parallel()
	const structure, action = "InvalidStructureException", "InvalidActionDeclarationException"
	store := func(regions ...string) map[string]api.ArtifactStore {
		stores := map[string]api.ArtifactStore{}
		for _, r := range regions {
			stores[r] = api.ArtifactStore{Type: "S3", Location: "artifacts-" + r}
		}
		return stores
	}
	tests := []struct {
		name          string
		change        func(*api.Declaration)
		kind, message string
	}{
		{"one store for two Regions", func(d *api.Declaration) { d.Stages[1].Actions[0].Region = "us-east-1" }, structure, "action 'Build' in us-east-1 needs artifactStores"},
		{"no store in the action's Region", func(d *api.Declaration) {
			d.ArtifactStore, d.ArtifactStores = nil, store("eu-west-1")
			d.Stages[1].Actions[0].Region = "us-east-1"
		}, structure, "none for the Region us-east-1 of action 'Build'"},
		{"no store at home", func(d *api.Declaration) { d.ArtifactStore, d.ArtifactStores = nil, store("us-east-1") }, structure, "own Region eu-west-1"},
		{"source elsewhere", func(d *api.Declaration) {
			d.ArtifactStore, d.ArtifactStores = nil, store("eu-west-1", "us-east-1")
			d.Stages[0].Actions[0].Region = "us-east-1"
		}, action, "'Source' cannot be in another Region"},
		{"pipeline role of another account", func(d *api.Declaration) { d.RoleARN = "arn:aws:iam::111111111111:role/orders" }, structure, "CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::111111111111:role/orders"},
		{"unknown pipeline role", func(d *api.Declaration) { d.RoleARN = "arn:aws:iam::000000000000:role/nobody" }, structure, "AssumeRole on role arn:aws:iam::000000000000:role/nobody"},
		{"unknown action role", func(d *api.Declaration) { d.Stages[1].Actions[0].RoleARN = "arn:aws:iam::111111111111:role/nobody" }, structure, "arn:aws:iam::000000000000:role/orders is not authorized to perform AssumeRole on role arn:aws:iam::111111111111:role/nobody"},
		{"provider of V2", func(d *api.Declaration) {
			d.PipelineType = api.V1
			d.Stages[1].Actions[0] = act("Build", "Invoke", "InspectorScan", nil)
		}, action, "InspectorScan in action 'Build' needs pipelineType V2"},
	}
	for _, tt := range tests {
		e, _ := newEngine(engine.Options{Roles: func(arn string) bool { return !strings.HasSuffix(arn, "/nobody") }})
		d := valid()
		tt.change(&d)
		_, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d})
		if err == nil || !strings.HasPrefix(err.Error(), tt.kind+": ") || !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%s: %v, want %s with %q", tt.name, err, tt.kind, tt.message)
		}
	}
}
