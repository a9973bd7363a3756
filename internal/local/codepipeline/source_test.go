package codepipeline_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// sourced is a line whose source is of another provider.
func sourced(provider string, configuration map[string]string) api.Declaration {
	d := line(api.Superseded, buildStage())
	a := &d.Stages[0].Actions[0]
	a.Type.Provider, a.Configuration = provider, configuration
	return d
}

// runs are the action runs of an execution, oldest first.
func (w *world) runs(pipeline, id string) []types.ActionExecutionDetail {
	w.t.Helper()
	out, err := w.ListActionExecutions(w.t.Context(), &sdk.ListActionExecutionsInput{
		PipelineName: &pipeline, Filter: &types.ActionExecutionFilter{PipelineExecutionId: &id},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Reverse(out.ActionExecutionDetails)
	return out.ActionExecutionDetails
}

// startAt starts the pipeline "orders" with source revisions.
func (w *world) startAt(revisions ...string) (string, error) {
	in := &sdk.StartPipelineExecutionInput{Name: aws.String("orders")}
	for i := 0; i < len(revisions); i += 2 {
		in.SourceRevisions = append(in.SourceRevisions, types.SourceRevisionOverride{
			ActionName: aws.String("Source"), RevisionType: types.SourceRevisionType(revisions[i]), RevisionValue: &revisions[i+1],
		})
	}
	out, err := w.StartPipelineExecution(w.t.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.PipelineExecutionId, nil
}

var (
	fromS3         = map[string]string{"S3Bucket": "b", "S3ObjectKey": "app.zip", "AllowOverrideForS3ObjectKey": "true"}
	fromECR        = map[string]string{"RepositoryName": "orders", "ImageTag": "1.8.0"}
	fromCodeCommit = map[string]string{"RepositoryName": "orders", "BranchName": "main"}
	fromGitHub     = map[string]string{"ConnectionArn": "arn:aws:codestar-connections:eu-west-1:000000000000:connection/1", "FullRepositoryId": "o/r", "BranchName": "main"}
)

func TestSourcesGiveTheVariablesOfTheirProvider(t *testing.T) {
	t.Parallel()
	tests := []struct {
		provider      string
		configuration map[string]string
		variables     string
	}{
		{"S3", fromS3, "BucketName ETag ObjectKey VersionId"},
		{"ECR", fromECR, "ImageDigest ImageTag ImageURI RegistryId RepositoryName"},
		{"CodeCommit", fromCodeCommit, "AuthorDate BranchName CommitId CommitMessage CommitterDate RepositoryName"},
		{"CodeStarSourceConnection", fromGitHub, "AuthorDate AuthorDisplayName AuthorEmail AuthorId BranchName CommitId CommitMessage ConnectionArn FullRepositoryName ProviderType"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		w.create(sourced(tt.provider, tt.configuration))
		id := w.start("orders")
		w.pass(time.Second)
		source := w.runs("orders", id)[0]
		got := strings.Join(slices.Sorted(maps.Keys(source.Output.OutputVariables)), " ")
		if got != tt.variables || len(source.Output.OutputArtifacts) != 1 || source.Output.ExecutionResult.ExternalExecutionUrl == nil {
			t.Errorf("%s gives %s, want %s, with an artifact and a URL in %+v", tt.provider, got, tt.variables, source.Output)
		}
		x, err := w.GetPipelineExecution(t.Context(), &sdk.GetPipelineExecutionInput{PipelineName: aws.String("orders"), PipelineExecutionId: &id})
		if err != nil {
			t.Fatal(err)
		}
		if r := x.PipelineExecution.ArtifactRevisions[0]; *r.RevisionId != *source.Output.ExecutionResult.ExternalExecutionId {
			t.Errorf("%s: revision %s, external id %s", tt.provider, *r.RevisionId, *source.Output.ExecutionResult.ExternalExecutionId)
		}
	}
}

func TestStartUsesTheRevisionsThatFitTheProvider(t *testing.T) {
	t.Parallel()
	digest, commit := "sha256:"+strings.Repeat("ab", 32), strings.Repeat("c0", 20)
	tests := []struct {
		name, provider string
		configuration  map[string]string
		revisions      []string
		want           map[string]string // some variables; an empty value is one that is missing
	}{
		{"commit", "CodeCommit", fromCodeCommit, []string{"COMMIT_ID", commit}, map[string]string{"CommitId": commit}},
		{"commit of a connection", "CodeStarSourceConnection", fromGitHub, []string{"COMMIT_ID", commit}, map[string]string{"CommitId": commit}},
		{"digest", "ECR", fromECR, []string{"IMAGE_DIGEST", digest}, map[string]string{
			"ImageDigest": digest, "ImageTag": "", "ImageURI": "000000000000.dkr.ecr.eu-west-1.amazonaws.com/orders@" + digest,
		}},
		{"version", "S3", fromS3, []string{"S3_OBJECT_VERSION_ID", "v7"}, map[string]string{"VersionId": "v7", "ObjectKey": "app.zip"}},
		{"key and version", "S3", fromS3, []string{"S3_OBJECT_KEY", "old.zip", "S3_OBJECT_VERSION_ID", "v7"}, map[string]string{"VersionId": "v7", "ObjectKey": "old.zip"}},
	}
	for _, tt := range tests {
		w := newWorld(t)
		w.create(sourced(tt.provider, tt.configuration))
		id, err := w.startAt(tt.revisions...)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		w.pass(time.Second)
		got := map[string]string{}
		for name := range tt.want {
			got[name] = w.runs("orders", id)[0].Output.OutputVariables[name]
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: variables differ (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRevisionThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	closed := map[string]string{"S3Bucket": "b", "S3ObjectKey": "app.zip"}
	tests := []struct {
		name, provider string
		configuration  map[string]string
		revisions      []string
		message        string
	}{
		{"digest for a commit", "CodeCommit", fromCodeCommit, []string{"IMAGE_DIGEST", "sha256:ab"}, "revisionType IMAGE_DIGEST"},
		{"commit for an image", "ECR", fromECR, []string{"COMMIT_ID", "ab"}, "revisionType COMMIT_ID"},
		{"key of a source that forbids it", "S3", closed, []string{"S3_OBJECT_KEY", "k"}, "AllowOverrideForS3ObjectKey"},
		{"version twice", "S3", fromS3, []string{"S3_OBJECT_VERSION_ID", "a", "S3_OBJECT_VERSION_ID", "b"}, "given twice"},
		{"unknown kind", "S3", fromS3, []string{"BRANCH", "a"}, "revisionType"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		w.create(sourced(tt.provider, tt.configuration))
		_, err := w.startAt(tt.revisions...)
		refused(t, err, "ValidationException")
		if err != nil && !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%s: %v, want a message with %q", tt.name, err, tt.message)
		}
	}
}

func TestRevisionThatIsNotThereFailsItsSource(t *testing.T) {
	t.Parallel()
	known := "sha256:" + strings.Repeat("ab", 32)
	w := newWorld(t, func(o *codepipeline.Options) {
		o.Images = func(repository, reference string) (string, bool) {
			return known, repository == "orders" && (reference == "1.8.0" || reference == known)
		}
	})
	w.create(sourced("ECR", fromECR))
	found := w.start("orders")
	w.pass(time.Minute)
	if got := w.runs("orders", found)[0].Output.OutputVariables["ImageDigest"]; got != known {
		t.Errorf("digest %s, want what the registry has", got)
	}
	for _, digest := range []string{"sha256:" + strings.Repeat("cd", 32), "latest"} {
		id, err := w.startAt("IMAGE_DIGEST", digest)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
		e := w.runs("orders", id)[0].Output.ExecutionResult.ErrorDetails
		if *e.Code != "RevisionUnavailable" || !strings.Contains(*e.Message, digest) {
			t.Errorf("%s: %s: %s", digest, *e.Code, *e.Message)
		}
	}
}

func TestSourceFindsTheSameRevisionWhenItsStageIsRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := sourced("CodeCommit", fromCodeCommit)
	second := d.Stages[0].Actions[0]
	second.Name, second.Namespace, second.RunOrder = "Config", "", 2
	second.OutputArtifacts = []api.ArtifactName{{Name: "Config"}}
	d.Stages[0].Actions = append(d.Stages[0].Actions, second)
	w.create(d)
	w.post("/local/codepipeline/orders/Source/Config", `{"outcome":"Failed"}`)
	id := w.start("orders")
	w.pass(time.Minute)
	if err := w.retry("Source", id, types.StageRetryModeAllActions); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	commits := map[string]bool{}
	for _, r := range w.runs("orders", id) {
		if *r.StageName == "Source" && r.Status == types.ActionExecutionStatusSucceeded {
			commits[r.Output.OutputVariables["CommitId"]] = true
		}
	}
	if len(commits) != 1 {
		t.Errorf("one repository and branch gave the commits %v", commits)
	}
}
