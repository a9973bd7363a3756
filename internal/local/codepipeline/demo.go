package codepipeline

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Demo declares the pipelines of the demo, in the account and Region that they
// are to live in: a shop front and a payment service, each with an approval in
// front of production. Declare them with CreatePipeline.
func Demo(account, region string) []api.Declaration {
	d := demo{account: account, region: region}
	return []api.Declaration{
		d.pipeline("web-shop",
			d.source("example-org/web-shop"),
			d.build("web-shop-build"),
			stage("Staging", d.deploy("DeployStaging", "web-shop", "staging")),
			stage("Approval", approval("ApproveProduction", map[string]string{
				"CustomData": "Check the shop on staging before it goes to production.",
			})),
			stage("Production", d.deploy("DeployProduction", "web-shop", "production")),
		),
		d.pipeline("payments",
			d.source("example-org/payments"),
			d.build("payments-build"),
			stage("Approval", approval("ApproveRelease", map[string]string{
				"CustomData": "Release of #{SourceVariables.CommitId} by #{SourceVariables.AuthorDisplayName}. " +
					"Compare the settlement totals of the last hour first.",
				"ExternalEntityLink": "https://reports.example.com/payments/#{codepipeline.PipelineExecutionId}",
			})),
			stage("Production", d.deploy("Deploy", "payments", "production")),
		),
	}
}

type demo struct{ account, region string }

const (
	demoSource = "SourceArtifact"
	demoBuilt  = "BuildArtifact"
)

func (d demo) pipeline(name string, stages ...api.Stage) api.Declaration {
	return api.Declaration{
		Name: name, RoleARN: "arn:aws:iam::" + d.account + ":role/" + name + "-pipeline",
		ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "codepipeline-" + d.region + "-" + d.account},
		PipelineType:  api.V2, ExecutionMode: api.Superseded, Stages: stages,
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

func (d demo) source(repository string) api.Stage {
	a := action("Source", "Source", "CodeStarSourceConnection", map[string]string{
		"ConnectionArn":    "arn:aws:codestar-connections:" + d.region + ":" + d.account + ":connection/5d1c2b3a-4f5e-4d6c-8b7a-9f0e1d2c3b4a",
		"FullRepositoryId": repository,
		"BranchName":       "main",
	})
	a.OutputArtifacts, a.Namespace = []api.ArtifactName{{Name: demoSource}}, "SourceVariables"
	return stage("Source", a)
}

func (d demo) build(project string) api.Stage {
	a := action("Build", "Build", "CodeBuild", map[string]string{"ProjectName": project})
	a.InputArtifacts = []api.ArtifactName{{Name: demoSource}}
	a.OutputArtifacts = []api.ArtifactName{{Name: demoBuilt}}
	return stage("Build", a)
}

func (d demo) deploy(name, application, group string) api.Action {
	a := action(name, "Deploy", "CodeDeploy", map[string]string{"ApplicationName": application, "DeploymentGroupName": group})
	a.InputArtifacts = []api.ArtifactName{{Name: demoBuilt}}
	return a
}

func approval(name string, configuration map[string]string) api.Action {
	return action(name, "Approval", "Manual", configuration)
}
