package schedule_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/schedule"
)

type object = map[string]any

// server is a Scheduler that notes what it is asked. Calls in a test come one
// after another.
type server struct {
	url    string
	lines  []string // method and path
	bodies []object
	// faults are answered first, one for each call.
	faults []fault
}

type fault struct {
	status int
	kind   string
}

func serve(t *testing.T, faults ...fault) *server {
	t.Helper()
	s := &server{faults: faults}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body object
	if raw, err := io.ReadAll(r.Body); err == nil && len(raw) > 0 {
		_ = json.Unmarshal(raw, &body) // nil is noticed by the test
	}
	s.lines, s.bodies = append(s.lines, r.Method+" "+r.RequestURI), append(s.bodies, body)
	w.Header().Set("Content-Type", "application/json")
	if len(s.faults) > 0 {
		f := s.faults[0]
		s.faults = s.faults[1:]
		w.Header().Set("X-Amzn-ErrorType", f.kind)
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(`{"Message":"so it is"}`))
		return
	}
	_, _ = w.Write([]byte(`{"ScheduleArn":"arn:aws:scheduler:eu-west-1:111122223333:schedule/signalbox/a"}`))
}

// client is the SDK's, as a function has it but for the pauses.
func (s *server) client(t *testing.T) *scheduler.Client {
	t.Helper()
	c, err := awsenv.Config(func(name string) string {
		return map[string]string{
			"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
			"AWS_ENDPOINT_URL_SCHEDULER": s.url,
		}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	return scheduler.NewFromConfig(c)
}

func (s *server) calls(t *testing.T) schedule.Calls {
	t.Helper()
	return schedule.CallsOf(s.client(t))
}

// both are the calls that may fail.
var both = map[string]func(context.Context, *schedule.Alarms) error{
	"set":   func(ctx context.Context, a *schedule.Alarms) error { return a.Set(ctx, request, now) },
	"clear": func(ctx context.Context, a *schedule.Alarms) error { return a.Clear(ctx, request, now) },
}

func TestOutages(t *testing.T) {
	t.Parallel()
	var (
		throttled = fault{http.StatusTooManyRequests, "ThrottlingException"}
		broken    = fault{http.StatusInternalServerError, "InternalServerException"}
		denied    = fault{http.StatusForbidden, "AccessDeniedException"}
		exists    = fault{http.StatusConflict, "ConflictException"}
		gone      = fault{http.StatusNotFound, "ResourceNotFoundException:http://internal.amazon.com/"}
	)
	tests := []struct {
		name   string
		call   string
		faults []fault
		calls  int
		want   string // in the error; empty for none
	}{
		{"set when throttled once", "set", []fault{throttled}, 2, ""},
		{"set when it breaks and is then found to exist", "set", []fault{broken, exists}, 2, ""},
		{"set what is set", "set", []fault{exists}, 1, ""},
		{"set without end of throttling", "set", []fault{throttled, throttled, throttled}, 3, "ThrottlingException"},
		{"set when not allowed", "set", []fault{denied}, 1, "AccessDenied"},
		{"set in a group that is gone", "set", []fault{gone}, 1, "ResourceNotFound"},
		{"clear when throttled once", "clear", []fault{throttled}, 2, ""},
		{"clear when it breaks and is then found gone", "clear", []fault{broken, gone}, 2, ""},
		{"clear what has rung", "clear", []fault{gone}, 1, ""},
		{"clear when not allowed", "clear", []fault{denied}, 1, "AccessDenied"},
		{"clear what is being changed", "clear", []fault{exists}, 1, "ConflictException"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.faults...)
			err := both[tt.call](t.Context(), alarms(t, s.calls(t), target))
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("answered %v, want %q", err, tt.want)
			}
			if err != nil && !strings.HasPrefix(err.Error(), tt.call+" the alarm of request "+request+": ") {
				t.Errorf("%q does not say what was being done", err)
			}
			if len(s.lines) != tt.calls {
				t.Errorf("called %d times, want %d: %q", len(s.lines), tt.calls, s.lines)
			}
		})
	}
}

func TestHangingSchedulerIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, call := range both {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // its clock jumps while everybody waits
				from := time.Now()
				err := call(t.Context(), alarms(t, schedule.Calls{
					CreateSchedule: hang[scheduler.CreateScheduleInput, scheduler.CreateScheduleOutput],
					DeleteSchedule: hang[scheduler.DeleteScheduleInput, scheduler.DeleteScheduleOutput],
				}, target))
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(from) > 5*time.Second {
					t.Errorf("gave up after %v with %v", time.Since(from), err)
				}
			})
		})
	}
}
