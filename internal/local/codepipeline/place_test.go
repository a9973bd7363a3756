package codepipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func TestActionInAnotherAccountAndRegionIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := deploying("CloudFormation", map[string]string{
		"ActionMode": "CREATE_UPDATE", "StackName": "orders", "RoleArn": "arn:aws:iam::111122223333:role/cfn", "TemplatePath": "Code::t.yaml", "OutputFileName": "out.json",
	})
	a := &d.Stages[1].Actions[0]
	a.Region, a.RoleARN, a.OutputArtifacts = "us-east-1", "arn:aws:iam::111122223333:role/deployer", []api.ArtifactName{{Name: "Stack"}}
	d.ArtifactStore = nil
	d.ArtifactStores = map[string]api.ArtifactStore{
		"eu-west-1": {Type: "S3", Location: "artifacts-ireland"}, "us-east-1": {Type: "S3", Location: "artifacts-virginia"},
	}
	w.create(d)
	id := w.start("orders")
	w.pass(time.Minute)
	runs := w.runs("orders", id)
	source, deploy := runs[0], runs[1]
	if *deploy.Input.Region != "us-east-1" || *deploy.Input.RoleArn != "arn:aws:iam::111122223333:role/deployer" || source.Input.RoleArn != nil {
		t.Errorf("region %s, role %s", *deploy.Input.Region, aws.ToString(deploy.Input.RoleArn))
	}
	from, to := source.Output.OutputArtifacts[0].S3location, deploy.Input.InputArtifacts[0].S3location
	if *from.Bucket != "artifacts-ireland" || *to.Bucket != "artifacts-virginia" || *from.Key != *to.Key {
		t.Errorf("the artifact went from %s to %s", *from.Bucket, *to.Bucket)
	}
	if got := *deploy.Output.OutputArtifacts[0].S3location.Bucket; got != "artifacts-virginia" {
		t.Errorf("the output is in %s", got)
	}
	if got := *deploy.Output.ExecutionResult.ExternalExecutionId; !strings.HasPrefix(got, "arn:aws:cloudformation:us-east-1:111122223333:stack/orders/") {
		t.Errorf("external id %s", got)
	}
	if e := w.sees(id, "Action Production Deploy SUCCEEDED"); e.fields["region"] != "us-east-1" || !strings.HasPrefix(e.Resource, "arn:aws:codepipeline:eu-west-1:000000000000:") {
		t.Errorf("event in %v of %s", e.fields["region"], e.Resource)
	}
}

func TestTagsAreKeptByARN(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	tag := func(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }
	if _, err := w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: sdkPipeline(), Tags: []types.Tag{tag("team", "shop"), tag("stage", "prod")}}); err != nil {
		t.Fatal(err)
	}
	arn := aws.String("arn:aws:codepipeline:eu-west-1:000000000000:shop")
	if _, err := w.TagResource(ctx, &sdk.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{tag("team", "payments"), tag("cost", "7")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UntagResource(ctx, &sdk.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"stage", "gone"}}); err != nil {
		t.Fatal(err)
	}
	first, err := w.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceArn: arn, MaxResults: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceArn: arn, NextToken: first.NextToken})
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Tags) != 1 || *first.Tags[0].Key != "cost" || len(second.Tags) != 1 || *second.Tags[0].Value != "payments" {
		t.Errorf("tags %v then %v", first.Tags, second.Tags)
	}
}

func TestTagsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	if _, err := w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: sdkPipeline()}); err != nil {
		t.Fatal(err)
	}
	put := func(arn string, tags ...types.Tag) error {
		_, err := w.TagResource(ctx, &sdk.TagResourceInput{ResourceArn: &arn, Tags: tags})
		return err
	}
	tag := func(k string) types.Tag { return types.Tag{Key: &k, Value: aws.String("")} }
	const shop = "arn:aws:codepipeline:eu-west-1:000000000000:shop"
	refused(t, put("arn:aws:codepipeline:eu-west-1:000000000000:nobody", tag("a")), "ResourceNotFoundException")
	refused(t, put("arn:aws:codepipeline:us-east-1:000000000000:shop", tag("a")), "InvalidArnException")
	refused(t, put("shop", tag("a")), "ValidationException")
	refused(t, put(shop, tag("AWS:x")), "InvalidTagsException")
	refused(t, put(shop, tag("a"), tag("a")), "InvalidTagsException")
	many := make([]types.Tag, 51)
	for i := range many {
		many[i] = tag(strings.Repeat("k", i+1))
	}
	refused(t, put(shop, many...), "TooManyTagsException")
	other := sdkPipeline()
	other.Name = aws.String("other")
	_, err := w.CreatePipeline(ctx, &sdk.CreatePipelineInput{Pipeline: other, Tags: many})
	refused(t, err, "TooManyTagsException")
}
