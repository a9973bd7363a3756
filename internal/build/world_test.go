package build_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

var here = build.Place{Account: "111122223333", Region: "eu-west-1"}

// The secrets of the tests, put together so that they are in no source.
const (
	password  = "hunter2" + "-hunter3"
	accessKey = "AKIA" + "IOSFODNN7EXAMPLE"
)

// A world is a CodeBuild with its logs, and a Reader that asks it.
type world struct {
	*build.Reader
	*codebuild.Service
	t     *testing.T
	clock *clock.Manual

	mu     sync.Mutex
	calls  []string
	broken map[string]http.HandlerFunc // by operation
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 3, 10, 9, 15, 0, 0, time.UTC)), broken: map[string]http.HandlerFunc{}}
	var err error
	w.Service, err = codebuild.New(t.Context(), codebuild.Options{
		Account: here.Account, Region: here.Region, Clock: w.clock, Pace: engine.Pace{Min: time.Minute, Max: time.Minute}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if err := w.Declare(project("orders", "ENABLED")); err != nil {
		t.Fatal(err)
	}
	ask := ask(t, http.HandlerFunc(w.serve))
	w.Reader = build.New(func(p build.Place) (build.Ask, error) {
		if p != here {
			return nil, fmt.Errorf("no role is configured for account %s", p.Account)
		}
		return ask, nil
	})
	return w
}

func project(name, logs string) codebuild.Project {
	return codebuild.Project{
		Name: name, ServiceRole: "arn:aws:iam::" + here.Account + ":role/build",
		Source: codebuild.Source{Type: "CODEPIPELINE"}, Artifacts: codebuild.Artifacts{Type: "CODEPIPELINE"},
		LogsConfig: &codebuild.LogsConfig{CloudWatchLogs: &codebuild.CloudWatchLogs{Status: logs}},
		Environment: codebuild.Environment{
			Type: "LINUX_CONTAINER", Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0", ComputeType: "BUILD_GENERAL1_SMALL",
		},
	}
}

// ask makes signed calls of a server.
func ask(t *testing.T, h http.Handler) build.Ask {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return signed.New(aws.Config{
		Region: here.Region, BaseEndpoint: aws.String(web.URL), HTTPClient: web.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	}, time.Now).JSON
}

func (w *world) serve(response http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.mu.Lock()
	w.calls = append(w.calls, operation)
	instead := w.broken[operation]
	w.mu.Unlock()
	if instead != nil {
		instead(response, r)
		return
	}
	w.Handler().ServeHTTP(response, r)
}

// breaks has operation answered otherwise from now on.
func (w *world) breaks(operation string, answer http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken[operation] = answer
}

// counted returns the operations called, sorted.
func (w *world) counted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(slices.Values(w.calls))
}

// refusing answers with an error of the service.
func refusing(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": kind, "message": "User: arn:aws:sts::111122223333:x with " + password})
	}
}

// saying answers with a JSON text.
func saying(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// hanging does not answer. A server notices that a client has gone once it has
// read what the client sent.
func hanging(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// start begins a build that goes as s says.
func (w *world) start(project string, s codebuild.Script) string {
	w.t.Helper()
	if err := w.SetNext(project, s); err != nil {
		w.t.Fatal(err)
	}
	id, err := w.StartBuild(engine.Build{Pipeline: "release", Project: project}, func(engine.BuildResult) {})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// run lets a build go as s says, to its end.
func (w *world) run(s codebuild.Script) string {
	w.t.Helper()
	id := w.start("orders", s)
	w.clock.Advance(time.Hour)
	return id
}

// failure reads why a build failed, which must not be an error.
func (w *world) failure(id string) build.Failure {
	w.t.Helper()
	f, err := w.Failure(w.t.Context(), here, id)
	if err != nil {
		w.t.Fatalf("failure of %s: %v", id, err)
	}
	bounded(w.t, f)
	return f
}

// bounded fails the test if f is too big to be stored.
func bounded(t *testing.T, f build.Failure) {
	t.Helper()
	raw, err := json.Marshal(f)
	if err != nil || len(raw) > 8<<10 {
		t.Errorf("a failure of %d bytes, %v", len(raw), err)
	}
	if strings.Contains(string(raw), password) || strings.Contains(string(raw), accessKey) {
		t.Errorf("a secret is shown: %s", raw)
	}
}
