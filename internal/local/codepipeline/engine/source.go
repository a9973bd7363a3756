package engine

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// gitProvider is what stands behind every connection here.
const gitProvider = "GitHub"

// A revision is what a source action found.
type revision struct {
	action   string
	artifact string
	id       string
	// summary is what the API shows: for connections a JSON text.
	summary string
	url     string
	created time.Time
	// commit is what was pushed, where the source is a Git repository.
	git    bool
	commit Commit
	// connection, repository and branch are set for connection sources.
	connection string
	repository string
	branch     string
}

// keepRevision stores rev in place of what an earlier attempt found.
func (x *execution) keepRevision(rev revision) {
	x.revisions = slices.DeleteFunc(x.revisions, func(o revision) bool { return o.action == rev.action })
	x.revisions = append(x.revisions, rev)
}

// sourceOutcome is what a source action finds, by its provider.
func (e *Engine) sourceOutcome(r *run) outcome {
	x, a := r.execution, r.action
	commit := x.commit.complete(nextCommit(x.pipeline), x.started)
	rev := &revision{action: a.Name, created: e.now(), commit: commit}
	if len(a.OutputArtifacts) > 0 {
		rev.artifact = a.OutputArtifacts[0].Name
	}
	pinned := x.pinned[a.Name]
	var vars map[string]string
	switch a.Type.Provider {
	case providerS3:
		vars = e.findObject(a, rev, pinned)
	case providerECR:
		vars = e.findImage(a, rev, pinned)
	default:
		rev.id = cmp.Or(pinned, e.letters(40, hexadecimal))
		vars = e.findCommit(a, rev)
	}
	return outcome{externalID: rev.id, summary: rev.summary, url: rev.url, outputs: vars, revision: rev}
}

// findCommit describes a commit of a Git repository.
func (e *Engine) findCommit(a *api.Action, rev *revision) map[string]string {
	c, conf := rev.commit, a.Configuration
	rev.git = true
	vars := map[string]string{
		"CommitId": rev.id, "CommitMessage": c.Message, "AuthorDate": c.At.UTC().Format(time.RFC3339),
		"BranchName": cmp.Or(conf["BranchName"], conf["Branch"]),
	}
	switch a.Type.Provider {
	case providerConnection:
		rev.connection, rev.repository, rev.branch = conf["ConnectionArn"], conf["FullRepositoryId"], conf["BranchName"]
		summary, err := json.Marshal(struct{ ProviderType, CommitMessage string }{gitProvider, c.Message})
		if err == nil {
			rev.summary = string(summary)
		}
		rev.url = "https://" + e.regionOf(a) + ".console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=" +
			rev.connection + "&referenceType=COMMIT&FullRepositoryId=" + rev.repository + "&Commit=" + rev.id
		maps.Copy(vars, map[string]string{
			"AuthorDisplayName": c.Author, "AuthorEmail": c.Email, "AuthorId": c.authorID(),
			"ConnectionArn": rev.connection, "FullRepositoryName": rev.repository, "ProviderType": gitProvider,
		})
	case providerCodeCommit:
		rev.summary = c.Message
		rev.url = "https://" + e.regionOf(a) + ".console.aws.amazon.com/codesuite/codecommit/repositories/" +
			conf["RepositoryName"] + "/commit/" + rev.id
		vars["RepositoryName"], vars["CommitterDate"] = conf["RepositoryName"], vars["AuthorDate"]
	default: // GitHub, version 1
		rev.summary = c.Message
		rev.url = "https://github.com/" + conf["Owner"] + "/" + conf["Repo"] + "/commit/" + rev.id
		vars["RepositoryName"], vars["CommitUrl"] = conf["Repo"], rev.url
	}
	return vars
}

// findObject describes a version of an S3 object.
func (e *Engine) findObject(a *api.Action, rev *revision, pinned string) map[string]string {
	key := a.Configuration["S3ObjectKey"]
	rev.id = cmp.Or(pinned, e.letters(32, alphanumeric))
	rev.summary = "Amazon S3 version id: " + rev.id
	rev.url = "https://console.aws.amazon.com/s3/object/" + a.Configuration["S3Bucket"] + "?prefix=" + key
	return map[string]string{
		"BucketName": a.Configuration["S3Bucket"], "ObjectKey": key, "VersionId": rev.id, "ETag": e.letters(32, hexadecimal),
	}
}

// findImage describes an image of an ECR repository.
func (e *Engine) findImage(a *api.Action, rev *revision, pinned string) map[string]string {
	repository, tag := a.Configuration["RepositoryName"], cmp.Or(a.Configuration["ImageTag"], "latest")
	rev.id = cmp.Or(pinned, "sha256:"+e.letters(64, hexadecimal))
	if !strings.HasPrefix(rev.id, "sha256:") {
		rev.id = "sha256:" + rev.id
	}
	rev.url = "https://console.aws.amazon.com/ecr/repositories/private/" + e.opts.Account + "/" + repository
	registry := e.opts.Account + ".dkr.ecr." + e.regionOf(a) + ".amazonaws.com"
	return map[string]string{
		"RegistryId": e.opts.Account, "RepositoryName": repository, "ImageTag": tag,
		"ImageDigest": rev.id, "ImageURI": registry + "/" + repository + "@" + rev.id,
	}
}
