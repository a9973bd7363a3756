package pipeline

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// revisions says what an execution carries: its artifact revisions, told more
// about by the source actions that made them. An execution that rolls back has
// run no source actions; one whose artifacts have no revisions has only those.
func revisions(artifacts []types.ArtifactRevision, actions []types.ActionExecutionDetail) []approval.Revision {
	sources := sourceActions(actions)
	var all []approval.Revision
	for _, a := range artifacts {
		r := approval.Revision{
			Source:  aws.ToString(a.Name),
			ID:      aws.ToString(a.RevisionId),
			Summary: sourceSummary(aws.ToString(a.RevisionSummary)),
			URL:     aws.ToString(a.RevisionUrl),
		}
		made := slices.IndexFunc(sources, func(d types.ActionExecutionDetail) bool { return makes(d, r.Source) })
		if made >= 0 {
			r = merge(sourceRevision(sources[made]), r)
			sources = slices.Delete(sources, made, made+1)
		}
		all = append(all, r)
	}
	for _, d := range sources {
		all = append(all, sourceRevision(d))
	}
	return all
}

// sourceActions are the source actions that succeeded, by name. A source stage
// that was retried has several attempts, of which the last counts.
func sourceActions(actions []types.ActionExecutionDetail) []types.ActionExecutionDetail {
	newest := map[string]types.ActionExecutionDetail{}
	for _, d := range actions {
		if d.Input == nil || d.Input.ActionTypeId == nil || d.Input.ActionTypeId.Category != types.ActionCategorySource ||
			d.Status != types.ActionExecutionStatusSucceeded {
			continue
		}
		name := aws.ToString(d.ActionName)
		if was, ok := newest[name]; !ok || aws.ToTime(d.StartTime).After(aws.ToTime(was.StartTime)) {
			newest[name] = d
		}
	}
	var sorted []types.ActionExecutionDetail
	for _, d := range newest {
		sorted = append(sorted, d)
	}
	slices.SortFunc(sorted, func(a, b types.ActionExecutionDetail) int {
		return strings.Compare(aws.ToString(a.ActionName), aws.ToString(b.ActionName))
	})
	return sorted
}

// makes reports whether d has the artifact among its outputs.
func makes(d types.ActionExecutionDetail, artifact string) bool {
	return d.Output != nil && slices.ContainsFunc(d.Output.OutputArtifacts, func(o types.ArtifactDetail) bool {
		return aws.ToString(o.Name) == artifact
	})
}

// sourceRevision is what a source action says about its revision: in output
// variables, whose names depend on the provider, and in its result.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
func sourceRevision(d types.ActionExecutionDetail) approval.Revision {
	var v map[string]string
	if d.Output != nil {
		v = d.Output.OutputVariables
	}
	r := result(d)
	return approval.Revision{
		Source:  aws.ToString(d.ActionName),
		ID:      cmp.Or(v["CommitId"], v["ImageDigest"], v["VersionId"], aws.ToString(r.ExternalExecutionId)),
		Summary: cmp.Or(v["CommitMessage"], sourceSummary(aws.ToString(r.ExternalExecutionSummary))),
		URL:     cmp.Or(v["CommitUrl"], aws.ToString(r.ExternalExecutionUrl)),
		Author:  cmp.Or(v["AuthorDisplayName"], v["AuthorId"]),
	}
}

// merge completes a revision with what another view of it knows.
func merge(r, other approval.Revision) approval.Revision {
	return approval.Revision{
		Source:  cmp.Or(r.Source, other.Source),
		ID:      cmp.Or(other.ID, r.ID),
		Summary: cmp.Or(r.Summary, other.Summary),
		URL:     cmp.Or(other.URL, r.URL),
		Author:  cmp.Or(r.Author, other.Author),
	}
}

// sourceSummary is the commit message in the summary of a source action.
// Sources over a connection wrap it in a JSON text.
func sourceSummary(summary string) string {
	var wrapped struct{ CommitMessage string }
	if strings.HasPrefix(summary, "{") && json.Unmarshal([]byte(summary), &wrapped) == nil && wrapped.CommitMessage != "" {
		return wrapped.CommitMessage
	}
	return summary
}

// result is the result of d, empty while there is none.
func result(d types.ActionExecutionDetail) types.ActionExecutionResult {
	if d.Output == nil || d.Output.ExecutionResult == nil {
		return types.ActionExecutionResult{}
	}
	return *d.Output.ExecutionResult
}
