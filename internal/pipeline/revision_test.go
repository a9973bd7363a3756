package pipeline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
)

func TestRevisionsAreToldByArtifactsAndSourceActions(t *testing.T) {
	t.Parallel()
	const bare = "1111111111111111111111111111111111111111"
	source := sample(t, "source")
	image := with(with(source, "actionName", "Image"), "output", object{
		"outputArtifacts": []any{object{"name": "ImageArtifact"}},
		"outputVariables": object{"ImageDigest": "sha256:abc", "ImageTag": "1.8.0"},
	})
	silent := with(with(source, "actionName", "Silent"), "output", nil)
	tests := []struct {
		name      string
		artifacts []any
		actions   []object
		want      []approval.Revision
	}{
		{"none", nil, nil, nil},
		{
			"a roll-back runs no source action",
			[]any{object{"name": "SourceArtifact", "revisionId": bare, "revisionSummary": "Fix typo"}},
			nil,
			[]approval.Revision{{Source: "SourceArtifact", ID: bare, Summary: "Fix typo"}},
		},
		{
			"source actions without artifact revisions, by name",
			nil,
			[]object{source, image, silent},
			[]approval.Revision{
				{Source: "Image", ID: "sha256:abc"},
				{
					Source: "Orders", ID: "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c", Summary: "Add refund endpoint\n\nRefs ORD-42",
					URL: "https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections/redirect?Commit=3f1c2b4a", Author: "Priya Raman",
				},
				{Source: "Silent"},
			},
		},
		{
			"the last attempt of a source, and none that failed",
			nil,
			[]object{
				with(source, "status", "Failed"),
				with(with(image, "startTime", 1773134000.0), "output", object{"outputVariables": object{"ImageDigest": "sha256:old"}}),
				image,
			},
			[]approval.Revision{{Source: "Image", ID: "sha256:abc"}},
		},
		{
			"a summary that only looks like JSON is text",
			[]any{
				object{"name": "A", "revisionSummary": `{"CommitMessage":`},
				object{"name": "B", "revisionSummary": `{"ProviderType":"GitHub"}`},
				object{"name": "C", "revisionSummary": `{"CommitMessage":"<!channel> </script>"}`},
			},
			nil,
			[]approval.Revision{
				{Source: "A", Summary: `{"CommitMessage":`},
				{Source: "B", Summary: `{"ProviderType":"GitHub"}`},
				{Source: "C", Summary: `<!channel> </script>`},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t)
			s.answers["GetPipelineExecution"][0].(object)["pipelineExecution"].(object)["artifactRevisions"] = tt.artifacts
			s.actions("", append(tt.actions, s.attempt())...)
			got, err := c.Waiting(t.Context(), action())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Revisions); diff != "" {
				t.Errorf("revisions (-want +got):\n%s", diff)
			}
		})
	}
}
