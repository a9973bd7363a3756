package codepipeline_test

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// line is a V2 pipeline: an S3 source and the given stages.
func line(mode string, stages ...api.Stage) api.Declaration {
	source := act("Source", "Source", "S3", map[string]string{"S3Bucket": "b", "S3ObjectKey": "k"})
	source.OutputArtifacts, source.Namespace = []api.ArtifactName{{Name: "Code"}}, "Src"
	return api.Declaration{
		Name: "orders", RoleARN: "arn:aws:iam::000000000000:role/orders",
		ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "artifacts"},
		PipelineType:  api.V2, ExecutionMode: mode,
		Stages: append([]api.Stage{{Name: "Source", Actions: []api.Action{source}}}, stages...),
	}
}

func act(name, category, provider string, configuration map[string]string) api.Action {
	return api.Action{
		Name: name, Configuration: configuration,
		Type: api.ActionType{Category: category, Owner: "AWS", Provider: provider, Version: "1"},
	}
}

// building is a CodeBuild action that reads the source.
func building(name string, order int) api.Action {
	a := act(name, "Build", "CodeBuild", map[string]string{"ProjectName": name})
	a.InputArtifacts, a.RunOrder = []api.ArtifactName{{Name: "Code"}}, order
	return a
}

func buildStage() api.Stage {
	return api.Stage{Name: "Build", Actions: []api.Action{building("Build", 1)}}
}

func gateStage(configuration map[string]string) api.Stage {
	return api.Stage{Name: "Gate", Actions: []api.Action{act("Approve", "Approval", "Manual", configuration)}}
}

func lambdaStage() api.Stage {
	a := act("Check", "Invoke", "Lambda", map[string]string{
		"FunctionName": "gate", "UserParameters": "#{codepipeline.PipelineExecutionId} #{Src.VersionId}",
	})
	a.InputArtifacts, a.Namespace = []api.ArtifactName{{Name: "Code"}}, "Checked"
	return api.Stage{Name: "Check", Actions: []api.Action{a}}
}
