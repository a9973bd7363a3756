package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/smithy-go"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/registry"
)

const (
	account = "111122223333"
	region  = "eu-west-1"
	images  = "/local/registry/images"
)

var morning = time.Date(2026, 3, 10, 9, 20, 20, 417e6, time.UTC)

// A world is a registry under a clock that tests move, and SDK clients of it.
// Every answer of its APIs is checked against the service models.
type world struct {
	*ecr.Client
	inspector *inspector2.Client
	t         *testing.T
	service   *registry.Service
	clock     *clock.Manual
	bus       *bus
	control   *httptest.Server
}

func newWorld(t *testing.T, change ...func(*registry.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(morning), bus: &bus{}}
	o := registry.Options{Account: account, Region: region, Clock: w.clock, Publisher: w.bus, ScanDelay: 8 * time.Second}
	for _, f := range change {
		f(&o)
	}
	service, err := registry.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	w.service = service
	apis := httptest.NewServer(checked(t, service.Handler()))
	w.control = httptest.NewServer(service.Control())
	t.Cleanup(apis.Close)
	t.Cleanup(w.control.Close)
	who := credentials.NewStaticCredentialsProvider("test", "test", "")
	w.Client = ecr.New(ecr.Options{Region: region, BaseEndpoint: &apis.URL, RetryMaxAttempts: 1, Credentials: who})
	w.inspector = inspector2.New(inspector2.Options{Region: region, BaseEndpoint: &apis.URL, RetryMaxAttempts: 1, Credentials: who})
	return w
}

// models reads the service models as the package has them.
func models(t testing.TB) (forECR, forInspector *api.Model) {
	t.Helper()
	read := func(file, invalid string) *api.Model {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := api.ReadModel(text, invalid)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	return read("ecr.json", "InvalidParameterException"), read("inspector2.json", "ValidationException")
}

// inspectorPaths are the operations of Inspector by path.
var inspectorPaths = map[string]string{"/findings/list": "ListFindings", "/coverage/list": "ListCoverage"}

// checked fails the test when an answer of h is not one that the service models
// allow.
func checked(t *testing.T, h http.Handler) http.Handler {
	t.Helper()
	forECR, forInspector := models(t)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		model, op := forECR, strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonEC2ContainerRegistry_V20150921.")
		if path, ok := inspectorPaths[r.URL.Path]; ok {
			model, op = forInspector, path
		}
		kind := rec.Header().Get("x-amzn-ErrorType")
		switch {
		case rec.Code == http.StatusOK:
			if err := fits(model, op, rec.Body.Bytes()); err != nil {
				t.Errorf("answer of %s does not fit the model: %v\n%s", op, err, rec.Body)
			}
		case kind != "AccessDeniedException" && !model.MayAnswer(op, kind):
			t.Errorf("%s may not answer %d %s %s", op, rec.Code, kind, rec.Body)
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// otherwise are places where production does not keep to the models: counts of
// UNTRIAGED findings, pages of more than 25, and a batch of which nothing is
// left.
var otherwise = []string{
	"at 'findings' failed to satisfy constraint: Member must have length less than or equal to 25",
	"Value of length 0 at 'imageIds'",
}

// fits checks an answer against the model.
func fits(m *api.Model, op string, body []byte) error {
	body = bytes.ReplaceAll(body, []byte(`"UNTRIAGED":`), []byte(`"UNDEFINED":`))
	err := m.Output(op, body)
	for _, o := range otherwise {
		if err != nil && strings.Contains(err.Error(), ": 1 validation error") && strings.Contains(err.Error(), o) {
			return nil
		}
	}
	return err
}

// push pushes through Control.
func (w *world) push(body string) registry.PushedImage {
	w.t.Helper()
	var p registry.PushedImage
	w.post(images, body, http.StatusOK, &p)
	return p
}

// post sends body to Control, wants the status, and reads the answer into out.
func (w *world) post(path, body string, status int, out any) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.control.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		w.t.Fatalf("POST %s: %d %s (%v), want %d", path, res.StatusCode, text, err, status)
	}
	if err := json.Unmarshal(text, out); err != nil {
		w.t.Fatal(err)
	}
}

// scan asks for the findings of an image.
func (w *world) scan(repository, digest string) (*ecr.DescribeImageScanFindingsOutput, error) {
	return w.DescribeImageScanFindings(w.t.Context(), &ecr.DescribeImageScanFindingsInput{
		RepositoryName: &repository, ImageId: &ecrtypes.ImageIdentifier{ImageDigest: &digest},
	})
}

// wantStatus asks for the status of a scan.
func (w *world) wantStatus(repository, digest string, want ecrtypes.ScanStatus) *ecr.DescribeImageScanFindingsOutput {
	w.t.Helper()
	out, err := w.scan(repository, digest)
	if err != nil {
		w.t.Fatal(err)
	}
	if out.ImageScanStatus.Status != want {
		w.t.Fatalf("status %s, want %s", out.ImageScanStatus.Status, want)
	}
	return out
}

// refused fails the test unless err is the API error of the type kind.
func refused(t *testing.T, err error, kind string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != kind {
		t.Errorf("got error %v, want %s", err, kind)
	}
}

func sample(t *testing.T, name string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../../events", name))
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// id names an image by tag.
func byTag(tag string) *ecrtypes.ImageIdentifier {
	return &ecrtypes.ImageIdentifier{ImageTag: aws.String(tag)}
}
