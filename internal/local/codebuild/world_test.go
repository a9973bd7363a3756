package codebuild_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

const (
	account = "111122223333"
	region  = "eu-west-1"
	// whole is how long a build takes here when nobody says anything else.
	whole = 100 * time.Second
)

var morning = time.Date(2026, 3, 10, 9, 16, 12, 0, time.UTC)

// A world is a Service under a clock that tests move, and an SDK client of it.
// Every answer of its API is checked against the service model.
type world struct {
	*sdk.Client
	t       *testing.T
	service *codebuild.Service
	clock   *clock.Manual
	bus     *bus
	api     *httptest.Server
	control *httptest.Server
}

// A bus collects events.
type bus struct {
	mu     sync.Mutex
	events []delivery.Event
}

func (b *bus) Publish(_ context.Context, e delivery.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
	return nil
}

// told waits until the bus has n events and returns them.
func (w *world) told(n int) []delivery.Event {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		w.bus.mu.Lock()
		events := append([]delivery.Event(nil), w.bus.events...)
		w.bus.mu.Unlock()
		if len(events) >= n {
			return events
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%d events within ten seconds, want %d", len(events), n)
		}
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(morning), bus: &bus{}}
	service, err := codebuild.New(t.Context(), codebuild.Options{
		Account: account, Region: region, Clock: w.clock, Publisher: w.bus,
		Pace: engine.Pace{Min: whole, Max: whole}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	w.service = service
	w.api = httptest.NewServer(checked(t, service.Handler()))
	w.control = httptest.NewServer(service.Control())
	t.Cleanup(w.api.Close)
	t.Cleanup(w.control.Close)
	// A server this quick sometimes answers before the client knows that it has
	// sent everything, and the client drops the connection: it must try again.
	w.Client = sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(w.api.URL), RetryMaxAttempts: 3,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	return w
}

// checked fails the test when an answer of h is not one that the service model
// of CodeBuild allows.
func checked(t *testing.T, h http.Handler) http.Handler {
	t.Helper()
	model, err := codebuild.LoadModel()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if op, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "CodeBuild_20161006."); ok {
			var refusal api.Error
			switch {
			case rec.Code == http.StatusOK:
				if err := fits(model, op, rec.Body.Bytes()); err != nil {
					t.Errorf("answer of %s does not fit the model: %v\n%s", op, err, rec.Body)
				}
			case json.Unmarshal(rec.Body.Bytes(), &refusal) != nil || !model.MayAnswer(op, refusal.Type):
				t.Errorf("%s may not answer %d %s", op, rec.Code, rec.Body)
			}
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// emptyList is a list of ids that the model has with a minimum of one for
// requests, and that answers have empty.
var emptyList = regexp.MustCompile(`"(ids|reports)":\[\],?`)

// fits reports what is wrong with an answer of op, by the model.
func fits(model *api.Model, op string, answer []byte) error {
	return model.Output(op, emptyList.ReplaceAll(answer, nil))
}

// standalone is a project that the API starts.
func standalone(name string) codebuild.Project {
	p := ofPipeline(name)
	p.Source = codebuild.Source{Type: "GITHUB", Location: "https://github.com/example/" + name + ".git"}
	p.Artifacts = codebuild.Artifacts{Type: "S3", Location: "builds", Path: "out/"}
	p.SourceVersion = "main"
	return p
}

// ofPipeline is a project that pipelines start.
func ofPipeline(name string) codebuild.Project {
	return codebuild.Project{
		Name: name, ServiceRole: "arn:aws:iam::" + account + ":role/build",
		Source:    codebuild.Source{Type: "CODEPIPELINE"},
		Artifacts: codebuild.Artifacts{Type: "CODEPIPELINE"},
		Environment: codebuild.Environment{
			Type: "LINUX_CONTAINER", Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
			ComputeType: "BUILD_GENERAL1_SMALL", PrivilegedMode: true,
			EnvironmentVariables: []codebuild.Variable{{Name: "REPOSITORY", Value: "orders"}},
		},
	}
}

func (w *world) declare(p codebuild.Project) {
	w.t.Helper()
	if err := w.service.Declare(p); err != nil {
		w.t.Fatalf("declare %s: %v", p.Name, err)
	}
}

func (w *world) start(project string) *types.Build {
	w.t.Helper()
	out, err := w.StartBuild(w.t.Context(), &sdk.StartBuildInput{ProjectName: &project})
	if err != nil {
		w.t.Fatalf("start %s: %v", project, err)
	}
	return out.Build
}

// order starts a build as a pipeline does, which is quicker than the API.
func (w *world) order(project string) string {
	w.t.Helper()
	id, err := w.service.StartBuild(engine.Build{Pipeline: "release", Project: project}, func(engine.BuildResult) {})
	if err != nil {
		w.t.Fatalf("order %s: %v", project, err)
	}
	return id
}

func (w *world) build(id string) types.Build {
	w.t.Helper()
	out, err := w.BatchGetBuilds(w.t.Context(), &sdk.BatchGetBuildsInput{Ids: []string{id}})
	if err != nil || len(out.Builds) != 1 {
		w.t.Fatalf("get build %s: %v, %+v", id, err, out)
	}
	return out.Builds[0]
}

// run starts a build of the project, which is scripted as s, and lets it end.
func (w *world) run(project string, s codebuild.Script) types.Build {
	w.t.Helper()
	if err := w.service.SetNext(project, s); err != nil {
		w.t.Fatal(err)
	}
	id := *w.start(project).Id
	w.clock.Advance(whole)
	return w.build(id)
}
