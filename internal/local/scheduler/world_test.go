package scheduler_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/scheduler"
)

const (
	account  = "000000000000"
	function = "arn:aws:lambda:eu-west-1:000000000000:function:approval"
	role     = "arn:aws:iam::000000000000:role/alarms"
	queue    = "arn:aws:sqs:eu-west-1:000000000000:dead"
)

var start = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

// outside is the functions and queues around a Scheduler.
type outside struct {
	mu       sync.Mutex
	invoked  []string
	errs     []error // of the next calls; then there are none
	letters  []map[string]string
	changed  chan struct{}
	tardy    chan struct{} // when set, every call waits for it
	begun    chan struct{}
	sendFail error
}

func (o *outside) Invoke(_ context.Context, arn string, payload []byte) error {
	if o.tardy != nil {
		o.begun <- struct{}{}
		<-o.tardy
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.change()
	if arn != function {
		return scheduler.ErrNoFunction
	}
	if len(o.errs) > 0 {
		err := o.errs[0]
		o.errs = o.errs[1:]
		if err != nil {
			return err
		}
	}
	o.invoked = append(o.invoked, string(payload))
	return nil
}

func (o *outside) Send(_ context.Context, arn, body string, attributes map[string]string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.change()
	attributes["queue"], attributes["body"] = arn, body
	o.letters = append(o.letters, attributes)
	return o.sendFail
}

func (o *outside) change() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// world is a Scheduler with a clock that stands still.
type world struct {
	*outside
	clock   *clock.Manual
	service *scheduler.Service
	client  *awsscheduler.Client
	url     string
}

func run(t *testing.T) *world {
	t.Helper()
	w := &world{outside: &outside{changed: make(chan struct{}, 1)}, clock: clock.NewManual(start)}
	var err error
	w.service, err = scheduler.New(t.Context(), scheduler.Options{
		Account: account, Region: "eu-west-1", Clock: w.clock, Functions: w.outside, Queues: w.outside,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.service.Close)
	mux := http.NewServeMux()
	mux.Handle("/local/", w.service.Control())
	mux.Handle("/", w.service.Handler())
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	w.url, w.client = web.URL, client(t, web.URL)
	return w
}

func client(t *testing.T, url string) *awsscheduler.Client {
	t.Helper()
	c, err := awsenv.Config(func(name string) string {
		return map[string]string{
			"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL_SCHEDULER": url,
		}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return awsscheduler.NewFromConfig(c)
}

// input is a schedule that hands its own name and its moment to the function.
func input(name, expression string) *awsscheduler.CreateScheduleInput {
	return &awsscheduler.CreateScheduleInput{
		Name: aws.String(name), ScheduleExpression: aws.String(expression),
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn: aws.String(function), RoleArn: aws.String(role), Input: aws.String(`"` + name + ` <aws.scheduler.scheduled-time>"`),
		},
		ActionAfterCompletion: types.ActionAfterCompletionDelete,
	}
}

func (w *world) create(t *testing.T, in *awsscheduler.CreateScheduleInput) {
	t.Helper()
	if _, err := w.client.CreateSchedule(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// until waits for the outside to be as ready says.
func (w *world) until(t *testing.T, what string, ready func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for {
		w.mu.Lock()
		ok := ready()
		w.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-w.changed:
		case <-time.After(2 * time.Millisecond): // the outside is not all that is waited for
		case <-deadline:
			t.Fatalf("waited in vain for %s; invoked %q, dead letters %v", what, w.invoked, w.letters)
		}
	}
}

// invokes waits for as many invocations as want has, and compares them.
func (w *world) invokes(t *testing.T, want ...string) {
	t.Helper()
	w.until(t, "invocations", func() bool { return len(w.invoked) >= len(want) })
	w.mu.Lock()
	defer w.mu.Unlock()
	got := make([]string, len(w.invoked))
	for i, payload := range w.invoked {
		got[i] = strings.Trim(payload, `"`)
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("invocations differ (-want +got):\n%s", diff)
	}
}

// names are those of the schedules that exist.
func (w *world) names(t *testing.T) []string {
	t.Helper()
	out, err := w.client.ListSchedules(t.Context(), &awsscheduler.ListSchedulesInput{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, x := range out.Schedules {
		names = append(names, aws.ToString(x.Name))
	}
	return names
}

func (w *world) gone(t *testing.T) {
	t.Helper()
	w.until(t, "the schedules to go", func() bool { return len(w.names(t)) == 0 })
}

var errBusy = errors.New("busy")
