package event_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// TestABuildNamesTheArtifactThatItsPipelineHandedOver: the artifact is an input
// of the action that started the build, and so ties the two together.
func TestABuildNamesTheArtifactThatItsPipelineHandedOver(t *testing.T) {
	t.Parallel()
	raw := sample(t, "codebuild-state-in-progress.json")
	started, err := event.Parse(sample(t, "action-started-build.json"))
	if err != nil {
		t.Fatal(err)
	}
	input := started.(event.ActionChanged).Inputs[0]
	for version, want := range map[string]event.Artifact{
		"arn:aws:s3:::" + input.Bucket + "/" + input.Key:       {Bucket: input.Bucket, Key: input.Key},
		"arn:aws-cn:s3:::bucket/orders/Source Arti/a:b":        {Bucket: "bucket", Key: "orders/Source Arti/a:b"},
		"arn:aws-us-gov:s3:::bucket/key":                       {Bucket: "bucket", Key: "key"},
		"8a8e4b0f0f1ce2b9f1dbd1b4a1f5a9d4c2b3a697":             {},
		"arn:aws:s3:::bucket":                                  {},
		"arn:aws:s3:::/key":                                    {},
		"arn:aws:s3:::bucket/":                                 {},
		"arn:aws:codecommit:eu-west-1:111122223333:orders/key": {},
		"refs/heads/arn:aws:s3:::bucket/key":                   {},
		"arn:aws:s3":                                           {},
		"":                                                     {},
	} {
		ev, err := event.Parse(with(t, raw, "detail.additional-information.source-version", version))
		if err != nil {
			t.Fatalf("%q: %v", version, err)
		}
		if got := ev.(event.BuildChanged).Source; got != want {
			t.Errorf("source-version %q read as %+v, want %+v", version, got, want)
		}
	}
}

// TestABuildOfNobodysPipelineHasNoArtifact: a version in S3 may also be a
// person's choice.
func TestABuildOfNobodysPipelineHasNoArtifact(t *testing.T) {
	t.Parallel()
	for field, value := range map[string]any{
		"detail.additional-information.initiator":      "dana",
		"detail.additional-information.source-version": nil,
	} {
		ev, err := event.Parse(with(t, sample(t, "codebuild-state-in-progress.json"), field, value))
		if err != nil {
			t.Fatal(err)
		}
		if got := ev.(event.BuildChanged).Source; got != (event.Artifact{}) {
			t.Errorf("with %s = %v the build has the source %+v, want none", field, value, got)
		}
	}
}
