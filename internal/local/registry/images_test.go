package registry_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"
)

const (
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociIndex    = "application/vnd.oci.image.index.v1+json"
)

func (w *world) pull(repository string, id ecrtypes.ImageIdentifier, accepted ...string) *ecr.BatchGetImageOutput {
	w.t.Helper()
	out, err := w.BatchGetImage(w.t.Context(), &ecr.BatchGetImageInput{
		RepositoryName: &repository, ImageIds: []ecrtypes.ImageIdentifier{id}, AcceptedMediaTypes: accepted,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestBatchGetImageAnswersTheIndexOrOneOfItsImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(`{"repository":"multi","tag":"1","platforms":["linux/arm64","linux/amd64"],"attestations":true,"scan":"none"}`)
	out := w.pull("multi", *byTag("1"), ociIndex, ociManifest)
	if len(out.Images) != 1 || *out.Images[0].ImageId.ImageDigest != image.Digest || *out.Images[0].ImageManifestMediaType != ociIndex {
		t.Fatalf("with an index accepted: %+v", out)
	}
	var index struct {
		Manifests []struct {
			Digest      string
			Annotations map[string]string
			Platform    struct{ OS, Architecture string }
		}
	}
	if err := json.Unmarshal([]byte(*out.Images[0].ImageManifest), &index); err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, m := range index.Manifests {
		got = append(got, m.Platform.OS+"/"+m.Platform.Architecture+" "+m.Annotations["vnd.docker.reference.type"])
		if m.Digest != image.Children[i].Digest {
			t.Errorf("manifest %d is %s, told was %s", i, m.Digest, image.Children[i].Digest)
		}
	}
	want := []string{"linux/arm64 ", "linux/amd64 ", "unknown/unknown attestation-manifest", "unknown/unknown attestation-manifest"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("index differs (-want +got):\n%s", diff)
	}
	if about := index.Manifests[2].Annotations["vnd.docker.reference.digest"]; about != index.Manifests[0].Digest {
		t.Errorf("the attestation is about %s", about)
	}
	child := w.pull("multi", *byTag("1"), ociManifest)
	if len(child.Images) != 1 || *child.Images[0].ImageId.ImageDigest != image.Children[1].Digest {
		t.Errorf("without: %+v, want the image for linux/amd64", child)
	}
	none := w.pull("multi", *byTag("1"), "application/vnd.docker.distribution.manifest.v2+json")
	if len(none.Images) != 0 || none.Failures[0].FailureCode != ecrtypes.ImageFailureCodeImageNotFound {
		t.Errorf("of another type: %+v", none)
	}
}

func TestABatchNamesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(`{"repository":"orders","tag":"1","scan":"none"}`)
	for want, id := range map[ecrtypes.ImageFailureCode]ecrtypes.ImageIdentifier{
		"ImageNotFound":              {ImageTag: aws.String("2")},
		"InvalidImageDigest":         {ImageDigest: aws.String("1")},
		"InvalidImageTag":            {ImageTag: aws.String("a:b")},
		"MissingDigestAndTag":        {},
		"ImageTagDoesNotMatchDigest": {ImageDigest: &image.Digest, ImageTag: aws.String("2")},
	} {
		if out := w.pull("orders", id); len(out.Failures) != 1 || out.Failures[0].FailureCode != want {
			t.Errorf("want %s, got %+v", want, out.Failures)
		}
	}
	multi := w.push(`{"repository":"orders","tag":"2","attestations":true,"scan":"none"}`)
	out, err := w.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("orders"), ImageIds: []ecrtypes.ImageIdentifier{{ImageDigest: &multi.Children[0].Digest}},
	})
	if err != nil || out.Failures[0].FailureCode != ecrtypes.ImageFailureCodeImageReferencedByManifestList {
		t.Errorf("deleted from under its index: %+v, %v", out, err)
	}
}

func TestATagMovesAndTheImageStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.push(`{"repository":"orders","tag":"live","scan":"none"}`)
	second := w.push(`{"repository":"orders","tag":"live","scan":"none"}`)
	if first.Digest == second.Digest {
		t.Fatal("two pushes have one digest")
	}
	manifest := *w.pull("orders", ecrtypes.ImageIdentifier{ImageDigest: &first.Digest}).Images[0].ImageManifest
	put := func(tag, digest string) error {
		in := &ecr.PutImageInput{RepositoryName: aws.String("orders"), ImageManifest: &manifest, ImageTag: &tag}
		if digest != "" {
			in.ImageDigest = &digest
		}
		_, err := w.PutImage(t.Context(), in)
		return err
	}
	if err := put("rollback", first.Digest); err != nil {
		t.Fatal(err)
	}
	refused(t, put("rollback", ""), "ImageAlreadyExistsException")
	refused(t, put("x", second.Digest), "ImageDigestDoesNotMatchException")
	out, err := w.ListImages(t.Context(), &ecr.ListImagesInput{RepositoryName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, id := range out.ImageIds {
		got[*id.ImageTag] = *id.ImageDigest
	}
	if diff := cmp.Diff(map[string]string{"live": second.Digest, "rollback": first.Digest}, got); diff != "" {
		t.Errorf("tags differ (-want +got):\n%s", diff)
	}
	_, err = w.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{
		RepositoryName: aws.String("orders"), ImageId: &ecrtypes.ImageIdentifier{ImageTag: aws.String("live"), ImageDigest: &first.Digest},
	})
	refused(t, err, "ImageNotFoundException")
}

func TestPutImageChecksManifests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{
		RepositoryName: aws.String("orders"), ImageTagMutability: ecrtypes.ImageTagMutabilityImmutable,
		ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	put := func(manifest, tag string) error {
		_, err := w.PutImage(t.Context(), &ecr.PutImageInput{RepositoryName: aws.String("orders"), ImageManifest: &manifest, ImageTag: &tag})
		return err
	}
	image := func(n string) string {
		return `{"schemaVersion":2,"mediaType":"` + ociManifest + `","config":{"mediaType":"a/b","digest":"sha256:` + n + `","size":1},"layers":[]}`
	}
	missing := `{"schemaVersion":2,"mediaType":"` + ociIndex + `","manifests":[{"digest":"sha256:00","size":1}]}`
	refused(t, put("{", "1"), "InvalidParameterException")
	refused(t, put(`{"schemaVersion":2}`, "1"), "InvalidParameterException")
	refused(t, put(missing, "1"), "ReferencedImagesNotFoundException")
	refused(t, put(image("1"), "a b"), "InvalidParameterException")
	layers := strings.Replace(image("1"), `[]`, `[`+strings.TrimSuffix(strings.Repeat(`{},`, 5000), ",")+`]`, 1)
	refused(t, put(layers, "1"), "LimitExceededException")
	if err := put(image("1"), "1"); err != nil {
		t.Fatal(err)
	}
	refused(t, put(image("2"), "1"), "ImageTagAlreadyExistsException")
	w.clock.Advance(time.Minute)
	out, err := w.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{RepositoryName: aws.String("orders"), ImageId: byTag("1")})
	if err != nil || out.ImageScanStatus.Status != ecrtypes.ScanStatusComplete {
		t.Errorf("scan on push: %+v, %v", out, err)
	}
}

func TestListsOfImagesComeInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.push(`{"repository":"orders","tag":"live","scan":"none"}`)
	}
	pages := ecr.NewDescribeImagesPaginator(w, &ecr.DescribeImagesInput{RepositoryName: aws.String("orders"), MaxResults: aws.Int32(2)})
	var sizes []int
	tagged := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(page.ImageDetails))
		for _, d := range page.ImageDetails {
			tagged += len(d.ImageTags)
		}
	}
	if !cmp.Equal(sizes, []int{2, 2, 1}) || tagged != 1 {
		t.Errorf("pages of %v with %d tags", sizes, tagged)
	}
	out, err := w.ListImages(t.Context(), &ecr.ListImagesInput{
		RepositoryName: aws.String("orders"), Filter: &ecrtypes.ListImagesFilter{TagStatus: ecrtypes.TagStatusUntagged},
	})
	if err != nil || len(out.ImageIds) != 4 {
		t.Errorf("untagged: %+v, %v", out, err)
	}
	_, err = w.ListImages(t.Context(), &ecr.ListImagesInput{RepositoryName: aws.String("orders"), NextToken: aws.String("made up")})
	refused(t, err, "InvalidParameterException")
}
