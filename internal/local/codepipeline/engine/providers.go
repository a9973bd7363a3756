package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// The categories and providers that the engine treats by name.
const (
	categorySource   = "Source"
	categoryApproval = "Approval"
	categoryInvoke   = "Invoke"

	providerConnection = "CodeStarSourceConnection"
	providerCodeCommit = "CodeCommit"
	providerS3         = "S3"
	providerECR        = "ECR"
	providerCodeBuild  = "CodeBuild"
	providerLambda     = "Lambda"

	ownerAWS = "AWS"
)

// The error codes of failed actions (FailureType in the service model).
const (
	jobFailed          = "JobFailed"
	configurationError = "ConfigurationError"
)

// A provider says what an action of its type must look like.
type provider struct {
	required []string
	// optional is nil when we do not know every key that the provider takes;
	// then any is accepted.
	optional []string
	// inputs and outputs are how many artifacts it may have.
	inputs, outputs span
}

type span struct{ min, max int }

// providers are the action types that can be declared, by category, owner and
// provider. Source: CodePipeline user guide, "Action structure reference".
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
	{categorySource, "ThirdParty", "GitHub"}: {
		required: []string{"Owner", "Repo", "Branch", "OAuthToken"},
		optional: []string{"PollForSourceChanges"}, outputs: span{1, 1},
	},
	{"Build", ownerAWS, providerCodeBuild}:               build,
	{"Test", ownerAWS, providerCodeBuild}:                build,
	{"Compute", ownerAWS, "Commands"}:                    {inputs: span{0, 10}, outputs: span{0, 1}},
	{categoryApproval, ownerAWS, "Manual"}:               {optional: []string{"NotificationArn", "CustomData", "ExternalEntityLink"}},
	{categoryInvoke, ownerAWS, providerLambda}:           {required: []string{"FunctionName"}, optional: []string{"UserParameters"}, inputs: span{0, 5}, outputs: span{0, 5}},
	{categoryInvoke, ownerAWS, "StepFunctions"}:          {required: []string{"StateMachineArn"}, inputs: span{0, 1}, outputs: span{0, 1}},
	{"Deploy", ownerAWS, "CodeDeploy"}:                   {required: []string{"ApplicationName", "DeploymentGroupName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, "CodeDeployToECS"}:              {required: []string{"ApplicationName", "DeploymentGroupName"}, inputs: span{1, 5}},
	{"Deploy", ownerAWS, "ECS"}:                          {required: []string{"ClusterName", "ServiceName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, "CloudFormation"}:               {required: []string{"ActionMode"}, inputs: span{0, 10}, outputs: span{0, 1}},
	{"Deploy", ownerAWS, "ElasticBeanstalk"}:             {required: []string{"ApplicationName", "EnvironmentName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, providerS3}:                     {required: []string{"BucketName", "Extract"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, providerLambda}:                 {required: []string{"FunctionName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, "AppConfig"}:                    {inputs: span{1, 1}},
	{"Deploy", ownerAWS, "EKS"}:                          {required: []string{"ClusterName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, "EC2"}:                          {inputs: span{1, 1}},
	{categoryInvoke, ownerAWS, "CodePipeline"}:           {required: []string{"PipelineName"}},
	{categoryInvoke, ownerAWS, "InspectorScan"}:          {inputs: span{0, 1}, outputs: span{0, 1}},
	{"Build", ownerAWS, "ECRBuildAndPublish"}:            {required: []string{"ECRRepositoryName"}, inputs: span{1, 1}},
	{"Deploy", ownerAWS, "CloudFormationStackSet"}:       {required: []string{"StackSetName"}, inputs: span{1, 10}, outputs: span{0, 1}},
	{"Deploy", ownerAWS, "CloudFormationStackInstances"}: {required: []string{"StackSetName"}, inputs: span{0, 10}, outputs: span{0, 1}},
}

var build = provider{required: []string{"ProjectName"}, inputs: span{1, 5}, outputs: span{0, 5}}

// revisionTypes are the kinds of revision that StartPipelineExecution may pin,
// by source provider.
var revisionTypes = map[string]string{
	providerConnection: "COMMIT_ID",
	providerCodeCommit: "COMMIT_ID",
	providerECR:        "IMAGE_DIGEST",
	providerS3:         "S3_OBJECT_VERSION_ID S3_OBJECT_KEY",
}

func isApproval(a *api.Action) bool { return a.Type.Category == categoryApproval }

func isLambda(a *api.Action) bool {
	return a.Type.Category == categoryInvoke && a.Type.Provider == providerLambda
}
