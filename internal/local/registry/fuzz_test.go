package registry_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/registry"
)

// seeded is a registry with something of everything in it.
func seeded(f *testing.F) (*registry.Service, *clock.Manual) {
	f.Helper()
	c := clock.NewManual(morning)
	service, err := registry.New(f.Context(), registry.Options{Account: account, Region: region, Clock: c})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(service.Close)
	for _, engine := range []string{"basic", "enhanced", "none"} {
		_, err := service.Push(registry.NewImage{
			Repository: engine, Tag: "1", Scan: engine, Platforms: []string{"linux/amd64", "linux/arm64"}, Attestations: true,
			Findings: []registry.Finding{{Name: "CVE-2099-0001", Severity: "HIGH", Package: "a", Version: "1"}},
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	c.Advance(time.Minute)
	return service, c
}

// FuzzAPI looks for requests that crash the service or get an answer that is
// neither a result nor a refusal.
func FuzzAPI(f *testing.F) {
	f.Add("", "DescribeImageScanFindings", `{"repositoryName":"basic","imageId":{"imageTag":"1"},"maxResults":1,"nextToken":"ZmluZGluZ3M"}`)
	f.Add("", "DescribeImages", `{"repositoryName":"enhanced","imageIds":[{"imageTag":"1"}],"filter":{"tagStatus":"TAGGED"}}`)
	f.Add("", "BatchGetImage", `{"repositoryName":"none","imageIds":[{"imageTag":"1"},{}],"acceptedMediaTypes":["a"]}`)
	f.Add("", "PutImage", `{"repositoryName":"none","imageTag":"2","imageManifest":"{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"}`)
	f.Add("", "StartImageScan", `{"repositoryName":"none","imageId":{"imageTag":"1"}}`)
	f.Add("", "BatchDeleteImage", `{"repositoryName":"none","imageIds":[{"imageTag":"1"}]}`)
	f.Add("", "PutRegistryScanningConfiguration", `{"scanType":"ENHANCED","rules":[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*a*","filterType":"WILDCARD"}]}]}`)
	f.Add("", "CreateRepository", `{"repositoryName":"a/b"}`)
	f.Add("findings/list", "", `{"filterCriteria":{"severity":[{"comparison":"PREFIX","value":"H"}]},"sortCriteria":{"field":"SEVERITY","sortOrder":"ASC"}}`)
	f.Add("coverage/list", "", `{"filterCriteria":{"ecrImageTags":[{"comparison":"NOT_EQUALS","value":"1"}]},"maxResults":1}`)
	service, c := seeded(f)
	forECR, forInspector := models(f)
	h := service.Handler()
	f.Fuzz(func(t *testing.T, path, op, body string) {
		model := forECR
		if known, ok := inspectorPaths["/"+path]; ok {
			op, model = known, forInspector
		} else {
			path = ""
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+path, strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921."+op)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		c.Advance(time.Second)
		if w.Code == http.StatusOK {
			if err := fits(model, op, w.Body.Bytes()); err != nil {
				t.Errorf("%s %q answered %s: %v", op, body, w.Body, err)
			}
			return
		}
		var refusal struct{ Message string }
		if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || w.Code >= 500 || refusal.Message == "" || w.Header().Get("x-amzn-ErrorType") == "" {
			t.Errorf("%s %q answered %d %q", op, body, w.Code, w.Body)
		}
	})
}

// FuzzControl looks for bodies that crash the controls or are refused without a
// sentence.
func FuzzControl(f *testing.F) {
	f.Add("", `{"repository":"a/b","tag":"1","platforms":["linux/arm64"],"scan":"enhanced","status":"PENDING","findings":[{"cve":"C","severity":"LOW","package":"a","version":"1"}]}`)
	f.Add("/basic/1/findings", `{"add":[{"cve":"C","severity":"LOW","package":"a","version":"1","platform":"linux/arm64"}],"status":"FAILED"}`)
	f.Add("/enhanced/1/findings", `{"close":["CVE-2099-0001"],"status":"SCAN_ELIGIBILITY_EXPIRED"}`)
	service, c := seeded(f)
	h := service.Control()
	f.Fuzz(func(t *testing.T, path, body string) {
		if path != "" && path != "/basic/1/findings" {
			path = "/enhanced/1/findings"
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, images+path, strings.NewReader(body))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		c.Advance(time.Second)
		var refusal struct{ Error string }
		if w.Code == http.StatusOK {
			return
		}
		if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || w.Code >= 500 || refusal.Error == "" {
			t.Errorf("%s %q answered %d %q", path, body, w.Code, w.Body)
		}
	})
}
