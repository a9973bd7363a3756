package pipeline

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
	"github.com/signalbox/signalbox/internal/release"
)

const (
	// maxImages bounds the images whose scans are read.
	maxImages = 10
	// maxScans bounds the calls for them at one time.
	maxScans = 2
)

var registry = signed.Service{ID: "ECR", Host: "api.ecr", Name: "ecr", Target: "AmazonEC2ContainerRegistry_V20150921"}

// An image that this execution carries, and where it lies.
type image struct{ registry, region, repository, digest string }

// images reads the verdicts of the scans of the images that this execution
// has taken or built.
func (r *reading) images(ctx context.Context) []release.Image {
	all := r.carriedImages()
	if len(all) > maxImages {
		r.miss("The scans of %d of %d images were not read.", len(all)-maxImages, len(all))
		all = all[:maxImages]
	}
	ctx, cancel := context.WithTimeout(ctx, factTimeout)
	defer cancel()
	scans := make([]release.Image, len(all))
	var group errgroup.Group
	group.SetLimit(maxScans)
	for i, one := range all {
		group.Go(func() error {
			scans[i] = r.scan(ctx, one)
			return nil
		})
	}
	if group.Wait() != nil || len(scans) == 0 {
		return nil
	}
	return scans
}

// carriedImages finds images in the output variables of the actions of this
// execution: those of an ECR source, and those of an action that builds one.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
func (r *reading) carriedImages() []image {
	var all []image
	for _, d := range r.own {
		v := variables(d)
		one := image{
			registry: v["RegistryId"], repository: cmp.Or(v["RepositoryName"], v["ECRRepositoryName"]),
			digest: cmp.Or(v["ImageDigest"], v["ECRImageDigestId"]),
		}
		if d.Input != nil {
			one.region = aws.ToString(d.Input.Region)
		}
		if strings.HasPrefix(one.digest, "sha256:") && d.Status == types.ActionExecutionStatusSucceeded && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// scanned is the answer of DescribeImageScanFindings, without the findings.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
type scanned struct {
	ImageScanStatus   struct{ Status string }
	ImageScanFindings struct {
		ImageScanCompletedAt  float64
		FindingSeverityCounts map[string]int
	}
}

// scan reads what the scanner says about one image. The counts are those of
// all findings, on each page, so a page of one finding is enough.
func (r *reading) scan(ctx context.Context, one image) release.Image {
	result := release.Image{Repository: one.repository, Digest: one.digest, Verdict: release.Unknown}
	switch {
	case one.repository == "":
		r.miss("The repository of the image %s is not known, so its scan was not read.", one.digest)
		return result
	case r.api.Ask == nil:
		r.miss("The scans of images were not read.")
		return result
	}
	in := map[string]any{"repositoryName": one.repository, "imageId": map[string]string{"imageDigest": one.digest}, "maxResults": 1}
	if one.registry != "" {
		in["registryId"] = one.registry
	}
	var out scanned
	err := r.api.Ask(ctx, registry, one.region, "DescribeImageScanFindings", in, &out)
	var answer smithy.APIError
	switch {
	case errors.As(err, &answer) && answer.ErrorCode() == "ScanNotFoundException":
		result.Verdict = release.NotScanned
		return result
	case err != nil:
		r.miss("The scan of the image %s could not be read: %s.", one.repository, reason(err))
		return result
	}
	result = verdict(result, out)
	if result.Verdict == release.Unknown {
		r.miss("The scan of the image %s has no result: %s.", one.repository, cmp.Or(out.ImageScanStatus.Status, "it has no status"))
	}
	return result
}

// verdict is what out says. A basic scan is done when it is COMPLETE, and an
// enhanced one when it is ACTIVE and has been completed once.
func verdict(image release.Image, out scanned) release.Image {
	done := out.ImageScanFindings.ImageScanCompletedAt
	switch status := out.ImageScanStatus.Status; {
	case status == "COMPLETE" || status == "ACTIVE" && done > 0:
		image.Verdict = release.Clean
		image.At = time.UnixMilli(int64(done * 1000)).UTC()
		for severity, n := range out.ImageScanFindings.FindingSeverityCounts {
			if n > 0 && severity != "TOTAL" {
				image = worse(image, severity, n)
			}
		}
	case status == "IN_PROGRESS" || status == "PENDING" || status == "ACTIVE":
		image.Verdict = release.Scanning
	case status == "UNSUPPORTED_IMAGE":
		image.Verdict = release.NotScannable
	}
	return image
}

// worse is image with n findings of severity.
func worse(image release.Image, severity string, n int) release.Image {
	if image.Counts == nil {
		image.Counts = map[string]int{}
	}
	image.Verdict, image.Counts[severity] = release.Findings, n
	return image
}
