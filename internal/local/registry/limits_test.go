package registry_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/registry"
)

// TestAFullRegistryRefusesAndGivesItsRoomBack fills one with findings, which are
// what takes the most memory.
func TestAFullRegistryRefusesAndGivesItsRoomBack(t *testing.T) {
	w := newWorld(t) // not parallel: it measures memory
	full := `{"repository":"big","tag":"1","scan":"enhanced",` + many(10_000) + `}`
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 20 {
		w.push(full)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 250<<20 {
		t.Errorf("200,000 findings take %d MiB", grown>>20)
	}
	var refusal map[string]string
	w.post(images, full, http.StatusConflict, &refusal)
	want := "The registry is full: it holds 20 images and 200000 findings. Delete some with BatchDeleteImage."
	if diff := cmp.Diff(map[string]string{"error": want}, refusal); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
	operation := func(op, body string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921."+op)
		rec := httptest.NewRecorder()
		w.service.Handler().ServeHTTP(rec, r)
		return rec.Code
	}
	if code := operation("DeleteRepository", `{"repositoryName":"big","force":true}`); code != http.StatusOK {
		t.Fatalf("deletion answered %d", code)
	}
	w.push(full)
}

func TestOverviewShowsTheNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(basicImage)
	multi := w.push(`{"repository":"multi","tag":"1","attestations":true,"scan":"none"}`)
	w.clock.Advance(time.Minute)
	rec := httptest.NewRecorder()
	w.service.Control().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, images+"?repository=multi", nil))
	var got []registry.ImageOverview
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || len(got) != 3 {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	if got[0].Digest != multi.Digest || got[0].Platform != "" || !cmp.Equal(got[0].Children, multi.Children) {
		t.Errorf("index shown as %+v", got[0])
	}
	all := w.service.Images("")
	if last := all[len(all)-1]; last.Status != "COMPLETE" || last.Counts["CRITICAL"] != 1 {
		t.Errorf("oldest shown as %+v", last)
	}
}

// TestManyAtOnce is for the race detector.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	service, err := registry.New(t.Context(), registry.Options{
		Account: account, Region: region, Clock: clock.System{}, Publisher: &bus{}, ScanDelay: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				p, err := service.Push(registry.NewImage{Repository: "orders", Tag: "live", Scan: "enhanced", Attestations: true})
				if err != nil {
					t.Error(err)
					return
				}
				add := registry.FindingsChange{Add: []registry.Finding{{Name: "CVE-2099-0001", Severity: "LOW", Package: "a", Version: "1"}}}
				if _, err := service.ChangeFindings("orders", p.Digest, add); err != nil {
					t.Error(err)
				}
				service.Images("orders")
			}
		})
	}
	all.Wait()
	service.Close()
	service.Close()
}
