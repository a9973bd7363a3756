package engine

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The categories, owners and providers that the engine treats by name.
const (
	categorySource   = "Source"
	categoryApproval = "Approval"
	categoryInvoke   = "Invoke"
	categoryDeploy   = "Deploy"

	providerConnection     = "CodeStarSourceConnection"
	providerCodeCommit     = "CodeCommit"
	providerGitHub         = "GitHub"
	providerS3             = "S3"
	providerECR            = "ECR"
	providerCodeBuild      = "CodeBuild"
	providerLambda         = "Lambda"
	providerCodeDeploy     = "CodeDeploy"
	providerCodeDeployECS  = "CodeDeployToECS"
	providerECS            = "ECS"
	providerCloudFormation = "CloudFormation"

	ownerAWS    = "AWS"
	ownerThird  = "ThirdParty"
	ownerCustom = "Custom"
)

// The error codes of failed actions (FailureType in the service model).
const (
	jobFailed           = "JobFailed"
	configurationError  = "ConfigurationError"
	revisionUnavailable = "RevisionUnavailable"
)

// A provider says what an action of its type must look like.
type provider struct {
	required []string
	// optional is nil when we do not know every key that the provider takes;
	// then any is accepted.
	optional []string
	// inputs and outputs are how many artifacts it may have.
	inputs, outputs span
	// v2 is for providers that only V2 pipelines can have.
	v2 bool
	// limit is how long an action may take; zero means actionTimeout.
	limit time.Duration
	// check refuses what can only be judged when an action starts, with its
	// variables filled in; nil refuses nothing.
	check func(*Engine, *run) error
}

type span struct{ min, max int }

var (
	none  = []string{}
	build = provider{required: []string{"ProjectName"}, inputs: span{1, 5}, outputs: span{0, 5}, limit: 36 * time.Hour}
)

// providers are the action types that can be declared, by category, owner and
// provider. Source: CodePipeline user guide, "Action structure reference" and,
// for the limits, "Quotas".
var providers = map[[3]string]provider{
	{categorySource, ownerAWS, providerConnection}: {
		required: []string{"ConnectionArn", "FullRepositoryId", "BranchName"},
		optional: []string{"OutputArtifactFormat", "DetectChanges"}, outputs: span{1, 1},
	},
	{categorySource, ownerAWS, providerCodeCommit}: {
		required: []string{"RepositoryName", "BranchName"},
		optional: []string{"PollForSourceChanges", "OutputArtifactFormat"}, outputs: span{1, 1},
	},
	{categorySource, ownerAWS, providerS3}: {
		required: []string{"S3Bucket", "S3ObjectKey"},
		optional: []string{"PollForSourceChanges", "AllowOverrideForS3ObjectKey"}, outputs: span{1, 1},
	},
	{categorySource, ownerAWS, providerECR}: {
		required: []string{"RepositoryName"}, optional: []string{"ImageTag"}, outputs: span{1, 1},
	},
	{categorySource, ownerThird, providerGitHub}: {
		required: []string{"Owner", "Repo", "Branch", "OAuthToken"},
		optional: []string{"PollForSourceChanges"}, outputs: span{1, 1},
	},
	{"Build", ownerAWS, providerCodeBuild}: build,
	{"Test", ownerAWS, providerCodeBuild}:  build,
	{"Build", ownerAWS, "ECRBuildAndPublish"}: {
		required: []string{"ECRRepositoryName"}, inputs: span{1, 1}, v2: true,
	},
	{"Compute", ownerAWS, "Commands"}: {inputs: span{0, 10}, outputs: span{0, 1}, v2: true},
	{categoryApproval, ownerAWS, "Manual"}: {
		optional: []string{"NotificationArn", "CustomData", "ExternalEntityLink"}, check: checkApproval,
	},
	{categoryInvoke, ownerAWS, providerLambda}: {
		required: []string{"FunctionName"}, optional: []string{"UserParameters"},
		inputs: span{0, 5}, outputs: span{0, 5}, limit: jobLimit,
	},
	{categoryInvoke, ownerAWS, "StepFunctions"}: {
		required: []string{"StateMachineArn"}, inputs: span{0, 1}, outputs: span{0, 1}, limit: 7 * 24 * time.Hour,
	},
	{categoryInvoke, ownerAWS, "CodePipeline"}:  {required: []string{"PipelineName"}, v2: true},
	{categoryInvoke, ownerAWS, "InspectorScan"}: {inputs: span{0, 1}, outputs: span{0, 1}, v2: true},
	{categoryDeploy, ownerAWS, providerCodeDeploy}: {
		required: []string{"ApplicationName", "DeploymentGroupName"}, optional: none, inputs: span{1, 1}, limit: 5 * 24 * time.Hour,
	},
	{categoryDeploy, ownerAWS, providerCodeDeployECS}: {
		required: []string{"ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"},
		optional: []string{
			"AppSpecTemplatePath", "TaskDefinitionTemplatePath",
			"Image1ArtifactName", "Image1ContainerName", "Image2ArtifactName", "Image2ContainerName",
			"Image3ArtifactName", "Image3ContainerName", "Image4ArtifactName", "Image4ContainerName",
		},
		inputs: span{1, 5}, limit: 5 * 24 * time.Hour, check: checkBlueGreen,
	},
	{categoryDeploy, ownerAWS, providerECS}: {
		required: []string{"ClusterName", "ServiceName"}, optional: []string{"FileName", "DeploymentTimeout"}, inputs: span{1, 1},
	},
	{categoryDeploy, ownerAWS, providerCloudFormation}: {
		required: []string{"ActionMode", "StackName"},
		optional: []string{
			"Capabilities", "ChangeSetName", "RoleArn", "TemplatePath", "OutputFileName", "ParameterOverrides", "TemplateConfiguration",
		},
		inputs: span{0, 10}, outputs: span{0, 1}, limit: 3 * 24 * time.Hour, check: checkCloudFormation,
	},
	{categoryDeploy, ownerAWS, providerS3}: {
		required: []string{"BucketName", "Extract"},
		optional: []string{"ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl"},
		inputs:   span{1, 1}, limit: 90 * time.Minute, check: checkObjectDeploy,
	},
	{categoryDeploy, ownerAWS, providerLambda}: {
		required: []string{"FunctionName"},
		optional: []string{"FunctionAlias", "PublishedTargetVersion", "DeployStrategy", "Alarms"},
		inputs:   span{0, 1}, limit: 2*24*time.Hour + time.Hour, v2: true, check: checkFunctionDeploy,
	},
	{categoryDeploy, ownerAWS, "ElasticBeanstalk"}: {required: []string{"ApplicationName", "EnvironmentName"}, inputs: span{1, 1}},
	{categoryDeploy, ownerAWS, "AppConfig"}:        {inputs: span{1, 1}},
	{categoryDeploy, ownerAWS, "EKS"}:              {required: []string{"ClusterName"}, inputs: span{1, 1}, v2: true},
	{categoryDeploy, ownerAWS, "EC2"}:              {inputs: span{1, 1}, v2: true},
	{categoryDeploy, ownerAWS, "CloudFormationStackSet"}: {
		required: []string{"StackSetName"}, inputs: span{1, 10}, outputs: span{0, 1},
	},
	{categoryDeploy, ownerAWS, "CloudFormationStackInstances"}: {
		required: []string{"StackSetName"}, inputs: span{0, 10}, outputs: span{0, 1},
	},
}

// provider finds what is known of an action type, AWS's or the account's own.
func (e *Engine) provider(t api.ActionType) (provider, bool) {
	if t.Owner == ownerCustom {
		own := e.types[t]
		if own == nil {
			return provider{}, false
		}
		return own.provider(), true
	}
	kind, ok := providers[[3]string{t.Category, t.Owner, t.Provider}]
	return kind, ok && (t.Version == "1" || isVersioned(t))
}

// isVersioned names the provider whose action type has a second version.
func isVersioned(t api.ActionType) bool { return t.Provider == "Commands" && t.Version == "2" }

func isApproval(a *api.Action) bool { return a.Type.Category == categoryApproval }

func isSource(a *api.Action) bool { return a.Type.Category == categorySource }

func isLambda(a *api.Action) bool {
	return a.Type.Category == categoryInvoke && a.Type.Owner == ownerAWS && a.Type.Provider == providerLambda
}

func isCustom(a *api.Action) bool { return a.Type.Owner == ownerCustom }
