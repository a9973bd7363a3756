package pipeline_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/local/codebuild"
	local "github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/registry"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

// A yard is a CodePipeline, a CodeBuild and an ECR that know each other, under
// a clock that the test moves. Its pipeline "orders" has the stages Source,
// Build, Gate (an approval) and Production.
type yard struct {
	*pipeline.Client
	t      *testing.T
	sdk    *codepipeline.Client
	builds *codebuild.Service
	clock  *clock.Manual
	local  http.Handler // Control of all

	mu    sync.Mutex
	calls []string // operations, in order
}

func newYard(t *testing.T, mode string) *yard {
	t.Helper()
	y := &yard{t: t, clock: clock.NewManual(time.Date(2026, 3, 10, 9, 15, 0, 0, time.UTC))}
	pace := engine.Pace{Min: time.Second, Max: time.Second}
	images, err := registry.New(t.Context(), registry.Options{Account: own, Region: "eu-west-1", Clock: y.clock, ScanDelay: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	y.builds, err = codebuild.New(t.Context(), codebuild.Options{Account: own, Region: "eu-west-1", Clock: y.clock, Pace: pace, Seed: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := local.New(t.Context(), local.Options{
		Account: own, Region: "eu-west-1", Clock: y.clock, Strict: true, Pace: pace, Seed: [32]byte{1}, Builds: y.builds,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(images.Close)
	t.Cleanup(y.builds.Close)
	t.Cleanup(lines.Close)
	if err := y.builds.Declare(project()); err != nil {
		t.Fatal(err)
	}
	if err := lines.CreatePipeline(orders(mode)); err != nil {
		t.Fatal(err)
	}
	y.local = byPath{"/local/registry/": images.Control(), "/local/": lines.Control()}
	y.connect(byTarget{"CodePipeline": lines.Handler(), "CodeBuild": y.builds.Handler(), "AmazonEC2": images.Handler()})
	return y
}

// connect makes the clients that call services and are counted.
func (y *yard) connect(services http.Handler) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		y.mu.Lock()
		y.calls = append(y.calls, operation)
		y.mu.Unlock()
		services.ServeHTTP(w, r)
	}))
	y.t.Cleanup(web.Close)
	c := aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(web.URL), HTTPClient: web.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     func() aws.Retryer { return retry.NewStandard() },
	}
	y.sdk = codepipeline.NewFromConfig(c)
	calls := pipeline.CallsOf(y.sdk)
	calls.Ask = signed.New(c, time.Now).JSON
	y.Client = pipeline.Across(func(pipeline.Place) (pipeline.Calls, error) { return calls, nil }, home)
}

// byTarget serves by the beginning of X-Amz-Target, byPath by that of the path.
type (
	byTarget map[string]http.Handler
	byPath   map[string]http.Handler
)

func (b byTarget) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for prefix, h := range b {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), prefix) {
			h.ServeHTTP(w, r)
		}
	}
}

func (b byPath) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	longest := ""
	for prefix := range b {
		if strings.HasPrefix(r.URL.Path, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	b[longest].ServeHTTP(w, r)
}

func project() codebuild.Project {
	return codebuild.Project{
		Name: "orders", ServiceRole: "arn:aws:iam::" + own + ":role/build",
		Source: codebuild.Source{Type: "CODEPIPELINE"}, Artifacts: codebuild.Artifacts{Type: "CODEPIPELINE"},
		Environment: codebuild.Environment{
			Type: "LINUX_CONTAINER", Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0", ComputeType: "BUILD_GENERAL1_SMALL",
		},
	}
}

func orders(mode string) api.Declaration {
	d := local.Demo(own, "eu-west-1")[2] // Source, Build, Approval, Publish
	d.Name, d.ExecutionMode = "orders", mode
	d.Stages[1].Actions[0].Configuration["ProjectName"] = "orders"
	d.Stages[2].Name, d.Stages[2].Actions[0].Name = "Gate", "Ask"
	d.Stages[3].Name = "Production"
	return d
}

// do posts body to Control and reads the answer.
func (y *yard) do(path string, body, out any) {
	y.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		y.t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(y.t.Context(), http.MethodPost, path, bytes.NewReader(text))
	y.local.ServeHTTP(answer, r)
	if err := json.Unmarshal(answer.Body.Bytes(), out); err != nil || answer.Code != http.StatusOK {
		y.t.Fatalf("POST %s: %d %s", path, answer.Code, answer.Body)
	}
}

// push starts an execution with a commit and lets it run up to the gate.
func (y *yard) push(author, message string) string {
	y.t.Helper()
	var out struct {
		ExecutionID string `json:"execution_id"`
	}
	y.do("/local/codepipeline/orders/start", map[string]string{"author": author, "message": message}, &out)
	y.clock.Advance(time.Minute)
	return out.ExecutionID
}

// waits reads the approval of an execution.
func (y *yard) waits(execution string) approval.Waiting {
	y.t.Helper()
	w, err := y.Waiting(y.t.Context(), approval.Action{
		Account: own, Region: "eu-west-1", Pipeline: "orders", ExecutionID: execution, Stage: "Gate", Name: "Ask",
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return w
}

// answer approves or rejects, and lets the execution run to its end.
func (y *yard) answer(execution string, verdict approval.Verdict) {
	y.t.Helper()
	state := map[approval.Verdict]approval.State{approval.Approve: approval.Approved, approval.Reject: approval.Rejected}[verdict]
	r := decided(state, verdict)
	r.Waiting = y.waits(execution)
	if err := y.Resolve(y.t.Context(), r); err != nil {
		y.t.Fatal(err)
	}
	y.clock.Advance(time.Minute)
}

// counted returns the operations that were called since it was last asked.
func (y *yard) counted() []string {
	y.mu.Lock()
	defer y.mu.Unlock()
	calls := y.calls
	y.calls = nil
	return calls
}
