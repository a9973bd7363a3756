package pipeline_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

const (
	execution = "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f"
	token     = "44dd55ee-66ff-47aa-98bb-99ccaaddbbee"
)

// started is when the approval of the samples began.
var started = time.Unix(1773134520, 250_000_000).UTC()

// home is the place that Waits looks at.
var home = pipeline.Place{Account: "111122223333", Region: "eu-west-1"}

func action() approval.Action {
	return approval.Action{
		Account: "111122223333", Region: "eu-west-1", Pipeline: "orders-release",
		ExecutionID: execution, Stage: "Approval", Name: "ApproveRelease",
	}
}

// object is a JSON object that tests change before it is served.
type object = map[string]any

// server speaks CodePipeline's JSON 1.1 with answers from testdata.
type server struct {
	mu      sync.Mutex
	answers map[string][]any // by operation; each is served once, the last again and again
	inputs  map[string][]object
	reach   pipeline.Calls // that come here
}

// answer changes what is served while a call that was given up may still be
// under way.
func (s *server) answer(operation string, with any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[operation] = []any{with}
}

// fault is an answer that is an error.
type fault struct{ kind, message string }

// hang is an answer that does not come.
type hang struct{}

// serve returns a server on which the approval of the samples waits.
func serve(t testing.TB) (*server, *pipeline.Client) {
	t.Helper()
	s := &server{inputs: map[string][]object{}, answers: map[string][]any{
		"GetPipeline":          {sample(t, "pipeline")},
		"GetPipelineExecution": {sample(t, "execution")},
		"GetPipelineState":     {sample(t, "state")},
		"ListActionExecutions": {sample(t, "actions")},
		"PutApprovalResult":    {object{"approvedAt": 1773134999.5}},
	}}
	s.actions("", sample(t, "source"), s.attempt())
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	c, err := awsenv.Config(func(name string) string {
		return map[string]string{
			"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
			"AWS_ENDPOINT_URL": web.URL,
		}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Retryer = func() aws.Retryer { // as in production, without the pauses
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	s.reach = pipeline.CallsOf(codepipeline.NewFromConfig(c))
	s.reach.Ask = signed.New(c, time.Now).JSON
	return s, pipeline.Across(func(pipeline.Place) (pipeline.Calls, error) { return s.reach, nil }, home)
}

// sample reads a fresh copy of a file in testdata.
func sample(t testing.TB, name string) object {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// attempt is the entry of the waiting approval in the list of actions.
func (s *server) attempt() object {
	list := s.answers["ListActionExecutions"][0].(object)["actionExecutionDetails"].([]any)
	return list[len(list)-1].(object)
}

// actions makes details the answer of ListActionExecutions, or one page of it
// when next names a following page.
func (s *server) actions(next string, details ...object) {
	page := object{"actionExecutionDetails": anySlice(details)}
	if next != "" {
		page["nextToken"] = next
	}
	s.answers["ListActionExecutions"] = []any{page}
}

func anySlice(all []object) []any {
	list := make([]any, len(all))
	for i, o := range all {
		list[i] = o
	}
	return list
}

// with returns o with one field changed.
func with(o object, field string, value any) object {
	changed := maps.Clone(o)
	changed[field] = value
	return changed
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var input object
	raw, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(raw, &input) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.inputs[operation] = append(s.inputs[operation], input)
	queue := s.answers[operation]
	answer := queue[0]
	if len(queue) > 1 {
		s.answers[operation] = queue[1:]
	}
	if f, ok := answer.(func(object) any); ok {
		answer = f(input)
	}
	if _, ok := answer.(hang); ok {
		s.mu.Unlock()
		<-r.Context().Done()
		s.mu.Lock()
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if f, ok := answer.(fault); ok {
		w.WriteHeader(http.StatusBadRequest)
		answer = object{"__type": f.kind, "message": f.message}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// calls lists the operations that were called, sorted, with repetitions.
func (s *server) calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for operation, inputs := range s.inputs {
		for range inputs {
			all = append(all, operation)
		}
	}
	slices.Sort(all)
	return all
}
