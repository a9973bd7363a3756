package registry_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/registry"
)

const (
	basicImage = `{"repository":"team/orders","tag":"1.8.0","scan":"basic","findings":[
		{"cve":"CVE-2099-0001","severity":"CRITICAL","package":"libexample","version":"1.2.3"},
		{"cve":"CVE-2099-0002","severity":"UNTRIAGED","package":"tinylib","version":"0.9"}]}`
	enhancedImage = `{"repository":"team/orders","tag":"1.8.0","scan":"enhanced","findings":[
		{"cve":"CVE-2099-0001","severity":"CRITICAL","package":"libexample","version":"1.2.3","fixed_in":"1.2.4","exploit":true,"epss":0.42},
		{"cve":"CVE-2099-0002","severity":"LOW","package":"left-pad","version":"0.9","type":"NPM","path":"app/package.json"}]}`
)

func TestABasicScanTakesItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(basicImage)
	_, err := w.scan("team/orders", image.Digest)
	refused(t, err, "ScanNotFoundException")
	w.clock.Advance(2 * time.Second)
	w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusPending)
	w.clock.Advance(2 * time.Second)
	if out := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusInProgress); out.ImageScanFindings != nil {
		t.Errorf("findings before the end: %+v", out.ImageScanFindings)
	}
	w.clock.Advance(4 * time.Second)
	out := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusComplete)
	want := map[string]int32{"CRITICAL": 1, "UNDEFINED": 1}
	if diff := cmp.Diff(want, out.ImageScanFindings.FindingSeverityCounts); diff != "" {
		t.Errorf("counts differ (-want +got):\n%s", diff)
	}
	if n := len(out.ImageScanFindings.Findings); n != 2 || out.ImageScanFindings.EnhancedFindings != nil {
		t.Errorf("%d basic findings and %v", n, out.ImageScanFindings.EnhancedFindings)
	}
	if at := out.ImageScanFindings.ImageScanCompletedAt; !at.Equal(morning.Add(8 * time.Second)) {
		t.Errorf("completed at %v", at)
	}
	described, err := w.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("team/orders")})
	if err != nil || described.ImageDetails[0].ImageScanFindingsSummary.FindingSeverityCounts["CRITICAL"] != 1 {
		t.Errorf("described as %+v, %v", described, err)
	}
}

func TestAnEnhancedScanIsActiveAndHasItsOwnFindings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(enhancedImage)
	w.clock.Advance(8 * time.Second)
	out := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusActive)
	f := out.ImageScanFindings
	if len(f.EnhancedFindings) != 2 || f.Findings != nil || f.ImageScanCompletedAt == nil {
		t.Fatalf("findings %+v", f)
	}
	first, second := f.EnhancedFindings[0], f.EnhancedFindings[1]
	if *first.FixAvailable != "YES" || *first.ExploitAvailable != "YES" || *second.FixAvailable != "NO" {
		t.Errorf("%+v\n%+v", first, second)
	}
	p := second.PackageVulnerabilityDetails.VulnerablePackages[0]
	if *p.PackageManager != "NPM" || *p.FilePath != "app/package.json" || *p.FixedInVersion != "NotAvailable" {
		t.Errorf("package %+v", p)
	}
}

func TestAScanEndsAsTold(t *testing.T) {
	t.Parallel()
	for _, status := range ecrtypes.ScanStatus("").Values() {
		for _, engine := range []string{"basic", "enhanced"} {
			t.Run(engine+" "+string(status), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				body := `{"repository":"orders","tag":"1","scan":"` + engine + `","status":"` + string(status) + `","findings":[
					{"name":"CVE-2099-0001","severity":"HIGH","package":"a","version":"1"}]}`
				belongs := map[ecrtypes.ScanStatus]string{"COMPLETE": "basic", "ACTIVE": "enhanced", "SCAN_ELIGIBILITY_EXPIRED": "enhanced"}
				if only := belongs[status]; only != "" && only != engine {
					var refusal struct{ Error string }
					w.post(images, body, 400, &refusal)
					return
				}
				image := w.push(body)
				w.clock.Advance(time.Hour)
				out := w.wantStatus("orders", image.Digest, status)
				result := status == ecrtypes.ScanStatusComplete || status == ecrtypes.ScanStatusActive
				if (out.ImageScanFindings != nil) != result || *out.ImageScanStatus.Description == "" {
					t.Errorf("findings %+v, %+v", out.ImageScanFindings, out.ImageScanStatus)
				}
				if w.clock.Pending() != 0 {
					t.Errorf("%d timers left", w.clock.Pending())
				}
			})
		}
	}
}

func TestAStrictInspectorIsActiveBeforeItHasLooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *registry.Options) { o.Strict = true })
	image := w.push(enhancedImage)
	w.clock.Advance(6 * time.Second)
	out := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusActive)
	if f := out.ImageScanFindings; f.ImageScanCompletedAt != nil || f.Findings == nil || len(f.FindingSeverityCounts) != 0 {
		t.Errorf("findings %+v", f)
	}
	w.clock.Advance(2 * time.Second)
	out = w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusActive)
	if f := out.ImageScanFindings; f.ImageScanCompletedAt == nil || len(f.EnhancedFindings) != 2 {
		t.Errorf("findings %+v", f)
	}
}

func TestABasicScanIsStartedOnceADayAndTheOneOnPushCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(basicImage)
	w.push(`{"repository":"later","tag":"1","scan":"none","findings":[{"cve":"CVE-2099-0001","severity":"LOW","package":"a","version":"1"}]}`)
	start := func(repository, tag string) error {
		_, err := w.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: &repository, ImageId: byTag(tag)})
		return err
	}
	w.clock.Advance(time.Hour)
	refused(t, start("team/orders", "1.8.0"), "LimitExceededException")
	if err := start("later", "1"); err != nil {
		t.Errorf("first scan of an image without a scan: %v", err)
	}
	refused(t, start("later", "1"), "LimitExceededException")
	w.clock.Advance(23 * time.Hour)
	if err := start("team/orders", "1.8.0"); err != nil {
		t.Errorf("after a day: %v", err)
	}
	refused(t, start("later", "1"), "LimitExceededException")
	refused(t, start("later", "2"), "ImageNotFoundException")
	refused(t, start("nowhere", "2"), "RepositoryNotFoundException")
	out, err := w.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{RepositoryName: aws.String("later"), ImageId: byTag("1")})
	if err != nil || out.ImageScanFindings.FindingSeverityCounts["LOW"] != 1 {
		t.Errorf("the started scan found %+v, %v", out, err)
	}
}

func TestAScanIsNotStartedByHandWhenInspectorScansOrTheImageIsArchived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(enhancedImage)
	w.push(`{"repository":"old","tag":"1","scan":"basic","status":"IMAGE_ARCHIVED"}`)
	w.clock.Advance(48 * time.Hour)
	_, err := w.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("team/orders"), ImageId: byTag("1.8.0")})
	refused(t, err, "ValidationException")
	_, err = w.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("old"), ImageId: byTag("1")})
	refused(t, err, "ImageArchivedException")
}

func TestNeitherEngineScansAnIndex(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"basic", "enhanced"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			image := w.push(`{"repository":"multi","tag":"1","platforms":["linux/amd64","linux/arm64"],"attestations":true,"scan":"` + engine + `",
				"findings":[{"cve":"CVE-2099-0001","severity":"CRITICAL","package":"a","version":"1","platform":"linux/arm64"}]}`)
			w.clock.Advance(time.Minute)
			out, err := w.scan("multi", image.Digest)
			if engine == "basic" {
				refused(t, err, "ScanNotFoundException")
				_, err = w.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("multi"), ImageId: byTag("1")})
				refused(t, err, "UnsupportedImageTypeException")
			} else if err != nil || out.ImageScanStatus.Status != ecrtypes.ScanStatusUnsupportedImage {
				t.Errorf("index is %+v, %v", out, err)
			}
			want := map[string]int32{"linux/amd64": 0, "linux/arm64": 1}
			for _, c := range image.Children {
				out, err := w.scan("multi", c.Digest)
				if err != nil {
					t.Fatal(err)
				}
				if c.Attestation {
					if out.ImageScanFindings != nil {
						t.Errorf("an attestation has findings: %+v", out)
					}
					continue
				}
				if got := out.ImageScanFindings.FindingSeverityCounts["CRITICAL"]; got != want[c.Platform] {
					t.Errorf("%s has %d critical findings", c.Platform, got)
				}
			}
		})
	}
}

func TestADeletedImageIsNoLongerScanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(enhancedImage)
	if _, err := w.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("team/orders"), ImageIds: []ecrtypes.ImageIdentifier{{ImageDigest: &image.Digest}},
	}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour)
	_, err := w.scan("team/orders", image.Digest)
	refused(t, err, "ImageNotFoundException")
	events := w.sees(2)
	if e, ok := events[1].(event.ImageChanged); !ok || e.Action != "DELETE" || e.Digest != image.Digest || !cmp.Equal(e.Tags, []string{"1.8.0"}) {
		t.Errorf("last event %+v", events[1])
	}
}
