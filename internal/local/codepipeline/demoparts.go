package codepipeline

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// demo makes the parts of the demo's pipelines.
type demo struct{ account, region string }

const (
	demoSource = "SourceArtifact"
	demoBuilt  = "BuildArtifact"
)

func (d demo) pipeline(name, mode string, stages ...api.Stage) api.Declaration {
	return api.Declaration{
		Name: name, RoleARN: "arn:aws:iam::" + d.account + ":role/" + name + "-pipeline",
		ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "codepipeline-" + d.region + "-" + d.account},
		PipelineType:  api.V2, ExecutionMode: mode, Stages: stages,
	}
}

func stage(name string, actions ...api.Action) api.Stage {
	return api.Stage{Name: name, Actions: actions}
}

func action(name, category, provider string, configuration map[string]string) api.Action {
	return api.Action{
		Name: name, Configuration: configuration,
		Type: api.ActionType{Category: category, Owner: "AWS", Provider: provider, Version: "1"},
	}
}

// reading is a with an input artifact.
func reading(artifact string, a api.Action) api.Action {
	a.InputArtifacts = []api.ArtifactName{{Name: artifact}}
	return a
}

// abroad is a in the production account, by a role there.
func abroad(a api.Action) api.Action {
	a.RoleARN = "arn:aws:iam::" + DemoProduction + ":role/release"
	return a
}

func (d demo) source(repository string) api.Stage {
	a := action("Source", "Source", "CodeStarSourceConnection", map[string]string{
		"ConnectionArn":    "arn:aws:codestar-connections:" + d.region + ":" + d.account + ":connection/5d1c2b3a-4f5e-4d6c-8b7a-9f0e1d2c3b4a",
		"FullRepositoryId": repository,
		"BranchName":       "main",
	})
	a.OutputArtifacts, a.Namespace = []api.ArtifactName{{Name: demoSource}}, "SourceVariables"
	return stage("Source", a)
}

func (d demo) build(project string) api.Action {
	a := reading(demoSource, action("Build", "Build", "CodeBuild", map[string]string{"ProjectName": project}))
	a.OutputArtifacts = []api.ArtifactName{{Name: demoBuilt}}
	return a
}

func (d demo) test(name, project string) api.Action {
	return reading(demoBuilt, action(name, "Test", "CodeBuild", map[string]string{"ProjectName": project}))
}

func (d demo) service(name, service, cluster string) api.Action {
	return reading(demoBuilt, action(name, "Deploy", "ECS", map[string]string{"ClusterName": cluster, "ServiceName": service}))
}

func (d demo) blueGreen(name, application, group string) api.Action {
	return reading(demoBuilt, action(name, "Deploy", "CodeDeployToECS", map[string]string{
		"ApplicationName": application, "DeploymentGroupName": group,
		"TaskDefinitionTemplateArtifact": demoBuilt, "AppSpecTemplateArtifact": demoBuilt,
	}))
}

func (d demo) stack(name, stack string) api.Action {
	return reading(demoBuilt, action(name, "Deploy", "CloudFormation", map[string]string{
		"ActionMode": "CREATE_UPDATE", "StackName": stack, "TemplatePath": demoBuilt + "::template.yaml",
		"RoleArn": "arn:aws:iam::" + DemoProduction + ":role/cloudformation",
	}))
}

func (d demo) upload(name, bucket string) api.Action {
	return reading(demoBuilt, action(name, "Deploy", "S3", map[string]string{"BucketName": bucket, "Extract": "true"}))
}

func approval(name string, configuration map[string]string) api.Action {
	return action(name, "Approval", "Manual", configuration)
}
