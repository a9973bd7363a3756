package registry_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
)

// many is the JSON of n findings.
func many(n int) string {
	var all []string
	for i := range n {
		severity := []string{"LOW", "HIGH", "UNDEFINED"}[i%3]
		all = append(all, fmt.Sprintf(`{"cve":"CVE-2099-%05d","severity":"%s","package":"p","version":"1"}`, i, severity))
	}
	return `"findings":[` + strings.Join(all, ",") + `]`
}

func equals(value string) []types.StringFilter {
	return []types.StringFilter{{Comparison: types.StringComparisonEquals, Value: &value}}
}

func TestCountsAreRepeatedOnEveryPageOfFindings(t *testing.T) {
	t.Parallel()
	for engine, unknown := range map[string]string{"basic": "UNDEFINED", "enhanced": "UNTRIAGED"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			image := w.push(`{"repository":"orders","tag":"1","scan":"` + engine + `",` + many(250) + `}`)
			w.clock.Advance(time.Minute)
			pages := ecr.NewDescribeImageScanFindingsPaginator(w, &ecr.DescribeImageScanFindingsInput{
				RepositoryName: aws.String("orders"), ImageId: &ecrtypes.ImageIdentifier{ImageDigest: &image.Digest},
			})
			seen := map[string]bool{}
			for n := 0; pages.HasMorePages(); n++ {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				counts := page.ImageScanFindings.FindingSeverityCounts
				if counts["LOW"] != 84 || counts["HIGH"] != 83 || counts[unknown] != 83 {
					t.Errorf("page %d counts %v", n, counts)
				}
				for _, f := range page.ImageScanFindings.Findings {
					seen[*f.Name] = true
				}
				for _, f := range page.ImageScanFindings.EnhancedFindings {
					seen[*f.PackageVulnerabilityDetails.VulnerabilityId] = true
				}
			}
			if len(seen) != 250 {
				t.Errorf("%d findings", len(seen))
			}
		})
	}
}

func TestListFindingsFiltersSortsAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(basicImage) // Inspector knows nothing of it
	image := w.push(enhancedImage)
	w.push(`{"repository":"other","tag":"1","scan":"enhanced",` + many(250) + `}`)
	w.clock.Advance(time.Minute)
	list := func(c types.FilterCriteria, sort *types.SortCriteria) []types.Finding {
		t.Helper()
		pages := inspector2.NewListFindingsPaginator(w.inspector, &inspector2.ListFindingsInput{FilterCriteria: &c, SortCriteria: sort})
		var all []types.Finding
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page.Findings...)
		}
		return all
	}
	if n := len(list(types.FilterCriteria{}, nil)); n != 252 {
		t.Errorf("%d findings in all", n)
	}
	got := list(types.FilterCriteria{EcrImageHash: equals(image.Digest), Severity: equals("CRITICAL"), FindingStatus: equals("ACTIVE")}, nil)
	if len(got) != 1 || *got[0].Epss != (types.EpssDetails{Score: 0.42}) || *got[0].InspectorScore != 9.8 ||
		*got[0].Resources[0].Details.AwsEcrContainerImage.ImageHash != image.Digest || !got[0].FirstObservedAt.Equal(morning.Add(8*time.Second)) {
		t.Errorf("findings %+v", got)
	}
	for want, c := range map[int]types.FilterCriteria{
		250: {EcrImageRepositoryName: equals("other")},
		2:   {EcrImageTags: []types.StringFilter{{Comparison: types.StringComparisonPrefix, Value: aws.String("1.8")}}},
		0:   {EcrImageTags: equals("2")},
		169: {Severity: []types.StringFilter{{Comparison: types.StringComparisonNotEquals, Value: aws.String("HIGH")}}},
		84:  {Severity: append(equals("CRITICAL"), equals("HIGH")...)},
	} {
		if got := list(c, nil); len(got) != want {
			t.Errorf("%d findings, want %d, for %+v", len(got), want, c)
		}
	}
	worst := list(types.FilterCriteria{}, &types.SortCriteria{Field: types.SortFieldSeverity, SortOrder: types.SortOrderDesc})
	if worst[0].Severity != types.SeverityCritical || worst[251].Severity != types.SeverityUntriaged {
		t.Errorf("sorted from %s to %s", worst[0].Severity, worst[251].Severity)
	}
}

func TestClosedFindingsAreListedByInspectorAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(enhancedImage)
	w.clock.Advance(time.Minute)
	var changed any
	w.post(images+"/team/orders/1.8.0/findings", `{"close":["CVE-2099-0001"]}`, http.StatusOK, &changed)
	out, err := w.inspector.ListFindings(t.Context(), &inspector2.ListFindingsInput{FilterCriteria: &types.FilterCriteria{FindingStatus: equals("CLOSED")}})
	if err != nil || len(out.Findings) != 1 || out.Findings[0].Status != types.FindingStatusClosed {
		t.Errorf("closed findings %+v, %v", out, err)
	}
	scan := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusActive)
	if len(scan.ImageScanFindings.EnhancedFindings) != 1 {
		t.Errorf("ECR shows %+v", scan.ImageScanFindings)
	}
}

func TestListCoverageSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(`{"repository":"multi","tag":"1","platforms":["linux/amd64"],"attestations":true,"scan":"enhanced"}`)
	w.push(`{"repository":"old","tag":"1","scan":"enhanced","status":"SCAN_ELIGIBILITY_EXPIRED"}`)
	coverage := func(c *types.CoverageFilterCriteria) map[string]string {
		t.Helper()
		out, err := w.inspector.ListCoverage(t.Context(), &inspector2.ListCoverageInput{FilterCriteria: c})
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, r := range out.CoveredResources {
			all[*r.ResourceId] = string(r.ScanStatus.StatusCode) + " " + string(r.ScanStatus.Reason)
		}
		return all
	}
	if all := coverage(nil); len(all) != 0 {
		t.Errorf("covered at once: %v", all)
	}
	arn := "arn:aws:ecr:eu-west-1:111122223333:repository/multi/"
	w.clock.Advance(2 * time.Second)
	if got := coverage(nil)[arn+image.Children[0].Digest]; got != "ACTIVE PENDING_INITIAL_SCAN" {
		t.Errorf("before the scan: %s", got)
	}
	w.clock.Advance(time.Minute)
	all := coverage(nil)
	if len(all) != 4 || all[arn+image.Digest] != "INACTIVE UNSUPPORTED_MEDIA_TYPE" || all[arn+image.Children[0].Digest] != "ACTIVE SUCCESSFUL" {
		t.Errorf("after the scan: %v", all)
	}
	expired := coverage(&types.CoverageFilterCriteria{ScanStatusReason: []types.CoverageStringFilter{
		{Comparison: types.CoverageStringComparisonEquals, Value: aws.String("SCAN_ELIGIBILITY_EXPIRED")},
	}})
	if len(expired) != 1 {
		t.Errorf("expired: %v", expired)
	}
}

func TestInspectorRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.inspector.ListFindings(t.Context(), &inspector2.ListFindingsInput{MaxResults: aws.Int32(101)})
	refused(t, err, "ValidationException")
	_, err = w.inspector.ListFindings(t.Context(), &inspector2.ListFindingsInput{NextToken: aws.String("made up")})
	refused(t, err, "ValidationException")
	_, err = w.inspector.ListFindings(t.Context(), &inspector2.ListFindingsInput{FilterCriteria: &types.FilterCriteria{LambdaFunctionName: equals("f")}})
	refused(t, err, "NotImplementedException")
}
