package stack

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// deploy stores the secrets, uploads the functions and brings the template up.
func (s *Stack) deploy(ctx context.Context, o Options, t template, zips []bundle) error {
	o.Progress("Storing the secrets and uploading the functions")
	arns, err := seed(ctx, s.config, o.Secrets)
	if err != nil {
		return err
	}
	url, err := s.upload(ctx, o, t, zips)
	if err != nil {
		return err
	}
	parameters := map[string]string{"PublicUrl": s.APIURL, "Architecture": architecture()}
	maps.Copy(parameters, arns)
	maps.Copy(parameters, o.Parameters)

	o.Progress("Deploying " + filepath.Base(o.Template))
	f := newFormation(s.config)
	if err := f.apply(ctx, url, parameters); err != nil {
		return fmt.Errorf("deploy %s: %w", filepath.Base(o.Template), err)
	}
	if s.outputs, err = f.outputs(ctx); err != nil {
		return err
	}
	if s.functions, err = f.functions(ctx, t); err != nil {
		return err
	}
	if s.process == nil {
		// There is no process of ours to inherit it from.
		return s.Lend(ctx, func(string) map[string]string { return o.Env })
	}
	return nil // MiniStack hands its own environment, with o.Env in it, to every function
}

// upload stores the zips and the packaged template, and returns the template's
// URL. A template in the request itself may have no more than 51,200 bytes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func (s *Stack) upload(ctx context.Context, o Options, t template, zips []bundle) (string, error) {
	client := s3.NewFromConfig(s.config, func(options *s3.Options) { options.UsePathStyle = true })
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
			LocationConstraint: s3types.BucketLocationConstraint(o.Region),
		},
	})
	if err != nil && !hasCode(err, "BucketAlreadyOwnedByYou", "BucketAlreadyExists") {
		return "", fmt.Errorf("make a bucket for the functions: %w", err)
	}
	keys := make(map[string]string, len(zips))
	for _, z := range zips {
		keys[z.folder] = z.key()
		if err := upload(ctx, client, z.key(), z.zip); err != nil {
			return "", err
		}
	}
	const key = "template.yaml"
	if err := upload(ctx, client, key, t.packaged(bucket, keys)); err != nil {
		return "", err
	}
	return s.Endpoint + "/" + bucket + "/" + key, nil
}

// architecture is this machine's, in Lambda's words.
func architecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

// reason is the first resource that failed, and why; the ones after it are
// mostly cancelled because of it.
func reason(newestFirst []types.StackEvent) string {
	for i := len(newestFirst) - 1; i >= 0; i-- {
		e := newestFirst[i]
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") {
			return fmt.Sprintf("%s (%s): %s",
				aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceType), aws.ToString(e.ResourceStatusReason))
		}
	}
	return "no resource says why"
}
