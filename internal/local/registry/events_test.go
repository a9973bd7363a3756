package registry_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/registry"
)

// fieldSet lists the paths of v with the JSON type at each.
func fieldSet(v any) []string {
	set := map[string]bool{}
	collect(set, "", v)
	return slices.Sorted(maps.Keys(set))
}

func collect(set map[string]bool, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		set[path+" object"] = true
		for k, e := range v {
			collect(set, path+"/"+k, e)
		}
	case []any:
		set[path+" list"] = true
		for _, e := range v {
			collect(set, path+"[]", e)
		}
	default:
		set[fmt.Sprintf("%s %T", path, v)] = true
	}
}

func TestEventsHaveTheFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := `"findings":[{"cve":"CVE-2099-0001","severity":"CRITICAL","package":"libexample","version":"1.2.3","fixed_in":"1.2.4","exploit":true,"epss":0.42},
		{"cve":"CVE-2099-0002","severity":"HIGH","package":"a","version":"1","fixed_in":"2","epss":0.1},
		{"cve":"CVE-2099-0003","severity":"MEDIUM","package":"b","version":"1","fixed_in":"2","epss":0.1}]`
	w.push(`{"repository":"orders","tag":"1","scan":"basic",` + strings.Replace(all, `"HIGH"`, `"MEDIUM"`, 1) + `}`)
	w.push(`{"repository":"orders","tag":"2","scan":"basic","status":"FAILED"}`)
	w.push(`{"repository":"orders","tag":"3","scan":"enhanced",` + all + `}`)
	w.clock.Advance(time.Minute)
	w.settings(ecrtypes.ScanTypeEnhanced, ecrtypes.ScanFrequencyScanOnPush, "orders")
	if _, err := w.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("orders"), ImageIds: []ecrtypes.ImageIdentifier{*byTag("2")},
	}); err != nil {
		t.Fatal(err)
	}
	w.sees(3 + 2 + 2 + 3 + 1 + 1 + 1) // pushes, basic scans, coverage, findings, Inspector's scan, settings, deletion
	sent := map[string][][]string{}
	for _, e := range w.bus.all() {
		raw, err := json.Marshal(envelope(e))
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		sent[e.DetailType] = append(sent[e.DetailType], fieldSet(v))
	}
	for _, name := range []string{
		"ecr-image-push.json", "ecr-image-delete.json", "ecr-scan-complete.json", "ecr-scan-failed.json",
		"ecr-scan-resource-change.json", "inspector2-scan.json", "inspector2-finding.json", "inspector2-coverage-ecr.json",
	} {
		s := sample(t, name)
		want := fieldSet(s)
		if !slices.ContainsFunc(sent[fmt.Sprint(s["detail-type"])], func(got []string) bool { return slices.Equal(want, got) }) {
			t.Errorf("%s: no event has its fields\n%s\nsent were:\n%v", name, strings.Join(want, "\n"), sent[fmt.Sprint(s["detail-type"])])
		}
	}
}

// settings has the repositories scanned that the filter names.
func (w *world) settings(kind ecrtypes.ScanType, frequency ecrtypes.ScanFrequency, filter string) {
	w.t.Helper()
	_, err := w.PutRegistryScanningConfiguration(w.t.Context(), &ecr.PutRegistryScanningConfigurationInput{
		ScanType: kind, Rules: []ecrtypes.RegistryScanningRule{{
			ScanFrequency:     frequency,
			RepositoryFilters: []ecrtypes.ScanningRepositoryFilter{{Filter: &filter, FilterType: ecrtypes.ScanningRepositoryFilterTypeWildcard}},
		}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAnIndexIsPushedAfterItsChildrenWhichHaveNoTag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(`{"repository":"multi","tag":"1","platforms":["linux/amd64","linux/arm64/v8"],"attestations":true,"scan":"none"}`)
	if len(image.Children) != 4 {
		t.Fatalf("children %+v", image.Children)
	}
	events := w.sees(5)
	for i, e := range events {
		pushed, ok := e.(event.ImageChanged)
		if !ok || pushed.Action != "PUSH" || pushed.Repository != "multi" {
			t.Fatalf("event %d is %+v", i, e)
		}
		digest, tags := image.Digest, []string{"1"}
		if i < 4 {
			digest, tags = image.Children[i].Digest, nil
		}
		if pushed.Digest != digest || !cmp.Equal(pushed.Tags, tags) {
			t.Errorf("event %d is about %s %v", i, pushed.Digest, pushed.Tags)
		}
	}
	if raw := string(w.bus.all()[0].Detail); strings.Contains(raw, "image-tag") {
		t.Errorf("a child has a tag: %s", raw)
	}
}

func TestInspectorTellsOfFindingsAndOfItsFirstScanOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(enhancedImage)
	w.clock.Advance(time.Minute)
	events := w.sees(6) // push, coverage twice, scan, two findings
	scanned, ok := events[3].(event.InspectorScanned)
	if !ok || scanned.Digest != image.Digest || !cmp.Equal(scanned.Counts, map[string]int{"CRITICAL": 1, "TOTAL": 2}) {
		t.Errorf("scan event %+v", events[3])
	}
	if raw := string(w.bus.all()[3].Detail); !strings.Contains(raw, `"repository-name":"arn:aws:ecr:eu-west-1:111122223333:repository/team/orders"`) {
		t.Errorf("repository-name is no ARN: %s", raw)
	}
	var changed struct{ Images []registry.ChangedImage }
	w.post(images+"/team/orders/"+image.Digest+"/findings", `{"add":[{"cve":"CVE-2099-0003","severity":"HIGH","package":"zlib","version":"1"}],"close":["CVE-2099-0001"]}`, 200, &changed)
	if diff := cmp.Diff([]registry.ChangedImage{{Digest: image.Digest, Added: 1, Closed: 1, Shown: true}}, changed.Images); diff != "" {
		t.Errorf("change differs (-want +got):\n%s", diff)
	}
	events = w.sees(8)
	was, closed, opened := finding(t, events[4]), finding(t, events[6]), finding(t, events[7])
	if closed.Status != "CLOSED" || closed.ARN != was.ARN || closed.Vulnerability != "CVE-2099-0001" {
		t.Errorf("closed %+v", closed)
	}
	if opened.Status != "ACTIVE" || opened.Severity != "HIGH" || opened.Images[0].Digest != image.Digest || !opened.FirstSeenAt.Equal(w.clock.Now()) {
		t.Errorf("opened %+v", opened)
	}
	out := w.wantStatus("team/orders", image.Digest, ecrtypes.ScanStatusActive)
	if diff := cmp.Diff(map[string]int32{"LOW": 1, "HIGH": 1}, out.ImageScanFindings.FindingSeverityCounts); diff != "" {
		t.Errorf("counts differ (-want +got):\n%s", diff)
	}
	w.post(images+"/team/orders/1.8.0/findings", `{"add":[{"cve":"CVE-2099-0001","severity":"CRITICAL","package":"libexample","version":"1.2.3"}]}`, 200, &changed)
	again := finding(t, w.sees(9)[8])
	if again.ARN != was.ARN || again.Status != "ACTIVE" || !again.FirstSeenAt.Equal(was.FirstSeenAt) || !again.UpdatedAt.After(was.UpdatedAt) {
		t.Errorf("came back as %+v, was %+v", again, was)
	}
}

func finding(t *testing.T, e event.Event) event.FindingChanged {
	t.Helper()
	f, ok := e.(event.FindingChanged)
	if !ok {
		t.Fatalf("no finding: %+v", e)
	}
	return f
}

func TestAnEventThatTheBusRefusesIsSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bus.mu.Lock()
	w.bus.fail = 2
	w.bus.mu.Unlock()
	w.push(`{"repository":"orders","tag":"1","scan":"none"}`)
	w.sees(1)
}
