package build_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/local/codebuild"
)

var failing = codebuild.Script{
	Outcome: "FAILED", Message: "Error while executing command: npm test -- --token " + password + ". Reason: exit status 1",
	Log: []string{"> orders@1.2.3 test", "", "DB_PASSWORD=" + password, "\x1b[31m1 failing\x1b[0m <!channel>"},
	Tests: map[string][]codebuild.Test{
		"unit": {
			{Name: "adds VAT"},
			{Name: "rounds VAT", Suite: "invoice", Status: "FAILED", Message: "\n want 1.07, got " + accessKey + "\n at invoice.js:12"},
			{Name: "prints", Status: "ERROR", Message: "timeout"},
		},
		"lint": {{Name: "vet"}},
	},
}

func TestFailureTellsPhaseCommandLogAndTests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.run(failing)
	uuid := strings.TrimPrefix(id, "orders:")
	want := build.Failure{
		BuildID: id, Status: "FAILED", Phase: "BUILD", Seconds: 24, Code: "COMMAND_EXECUTION_ERROR",
		Message: "Error while executing command: npm test -- --token [hidden]. Reason: exit status 1",
		Command: "npm test -- --token [hidden]", Exit: "exit status 1", EndedAt: time.Date(2026, 3, 10, 9, 16, 0, 0, time.UTC),
		URL:    "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/orders/build/orders%3A" + uuid + "/?region=eu-west-1",
		LogURL: "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logEvent:group=/aws/codebuild/orders;stream=" + uuid,
		Log: []string{
			"Running command npm test -- --token [hidden]", "> orders@1.2.3 test", "DB_PASSWORD=[hidden]", "1 failing <!channel>",
			"Command did not exit successfully npm test -- --token [hidden] exit status 1", "Phase complete: BUILD State: FAILED",
			"Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: npm test -- --token [hidden]. Reason: exit status 1",
		},
		Tests: []build.Test{
			{Report: "orders-unit", Suite: "invoice", Name: "rounds VAT", Message: "want 1.07, got [hidden]"},
			{Report: "orders-unit", Name: "prints", Message: "timeout"},
		},
	}
	got := w.failure(id)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("failure (-want +got):\n%s", diff)
	}
	calls := []string{"BatchGetBuilds", "BatchGetReports", "DescribeTestCases", "DescribeTestCases", "GetLogEvents"}
	if diff := cmp.Diff(calls, w.counted()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if again := w.failure("arn:aws:codebuild:eu-west-1:111122223333:build/" + id); !cmp.Equal(again, got) {
		t.Errorf("by its ARN:\n%s", cmp.Diff(got, again))
	}
}

func TestBuildsThatEndOtherwiseAreToldApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Declare(project("silent", "DISABLED")); err != nil {
		t.Fatal(err)
	}
	silent := w.start("silent", codebuild.Script{Outcome: "FAILED"})
	w.clock.Advance(time.Hour)
	const noLog = "The log of the build is not there: it was deleted, or the build has gone wrong before it could write one."
	tests := []struct {
		name, id string
		want     build.Failure
	}{
		{"no image", w.run(codebuild.Script{Outcome: "FAILED", Phase: "PROVISIONING"}), build.Failure{
			Status: "FAILED", Phase: "PROVISIONING", Code: "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
			Message: "Unable to pull customer's container image. CannotPullContainerError: image not found",
			Log:     []string{"Phase complete: PROVISIONING State: FAILED"}, Missing: []string{noLog},
		}},
		{"a fault of AWS", w.run(codebuild.Script{Outcome: "FAULT"}), build.Failure{
			Status: "FAULT", Phase: "PROVISIONING", Code: "INTERNAL_SERVICE_ERROR", Message: "CodeBuild is experiencing an issue", Missing: []string{noLog},
		}},
		{"too slow", w.run(codebuild.Script{Outcome: "TIMED_OUT", Log: []string{"still going"}}), build.Failure{
			Status: "TIMED_OUT", Phase: "BUILD", Code: "BUILD_TIMED_OUT", Message: "Build has timed out.",
			Log: []string{"still going", "Phase complete: BUILD State: TIMED_OUT", "Phase context status code: BUILD_TIMED_OUT Message: Build has timed out."},
		}},
		{"stopped", w.run(codebuild.Script{Outcome: "STOPPED", Log: []string{"still going"}}), build.Failure{
			Status: "STOPPED", Phase: "BUILD", Log: []string{"still going", "Phase complete: BUILD State: STOPPED"},
		}},
		{"a log that is switched off", silent, build.Failure{
			Status: "FAILED", Phase: "BUILD", Code: "COMMAND_EXECUTION_ERROR", Message: "Error while executing command: make test. Reason: exit status 2",
			Command: "make test", Exit: "exit status 2", Missing: []string{"The project of the build writes no log to CloudWatch Logs."},
		}},
		{"success", w.run(codebuild.Script{}), build.Failure{Status: "SUCCEEDED", Missing: []string{"The build has succeeded."}}},
		{"unknown", "orders:00000000-0000-4000-8000-000000000000", build.Failure{
			Missing: []string{"CodeBuild does not know the build: it has been deleted, or is over for more than a year."},
		}},
		{"no id at all", "<!channel>\n" + accessKey, build.Failure{
			BuildID: "<!channel> [hidden]", Missing: []string{`"<!channel> [hidden]" is not the id of a build of CodeBuild.`},
		}},
	}
	ignored := cmpopts.IgnoreFields(build.Failure{}, "Seconds", "EndedAt", "URL", "LogURL")
	for _, tt := range tests {
		got := w.failure(tt.id)
		if tt.want.BuildID == "" {
			tt.want.BuildID = tt.id
		}
		if tt.name == "no image" || tt.name == "a fault of AWS" {
			tt.want.Log, got.Log = nil, nil
		}
		if diff := cmp.Diff(tt.want, got, ignored); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBuildThatIsNotOverIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, err := w.Failure(t.Context(), here, w.start("orders", failing))
	if err == nil || f.Status != "IN_PROGRESS" || slices.Contains(w.counted(), "GetLogEvents") {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestPlaceThatIsNotReachedIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f, err := w.Failure(t.Context(), build.Place{Account: "999999999999", Region: "eu-west-1"}, "orders:1")
	if err != nil || !slices.Equal(f.Missing, []string{"The build could not be read: no role is configured for account 999999999999."}) {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestWhatCannotBeReadIsOneSentenceEach(t *testing.T) {
	t.Parallel()
	const log, reports, cases = "The log of the build could not be read: ", "The test reports could not be read: ", "The tests that failed could not all be read: "
	server := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	tests := []struct {
		name, operation string
		answer          http.HandlerFunc
		want            string
		again           bool
	}{
		{"a log that may not be read", "GetLogEvents", refusing("AccessDeniedException"), log + "Signalbox is not allowed to (logs:GetLogEvents).", false},
		{"a log that is gone", "GetLogEvents", refusing("ResourceNotFoundException"), "The log of the build is not there: it was deleted, or the build has gone wrong before it could write one.", false},
		{"a log that has expired", "GetLogEvents", saying(`{"events":[]}`), "The log of the build is empty: its lines have expired, or it has written none.", false},
		{"a log asked for too often", "GetLogEvents", refusing("ThrottlingException"), log + "AWS was asked too often at that time.", false},
		{"a log that is no JSON", "GetLogEvents", saying("<html>"), log + "there was no answer.", false},
		{"another refusal", "GetLogEvents", refusing("InvalidParameterException"), log + "AWS answered InvalidParameterException.", false},
		{"reports that may not be read", "BatchGetReports", refusing("AccessDeniedException"), reports + "Signalbox is not allowed to (codebuild:BatchGetReports).", false},
		{"reports that have expired", "BatchGetReports", saying(`{"reports":[],"reportsNotFound":["a","b"]}`), "CodeBuild does not have 2 of the test reports: it keeps them for 30 days.", false},
		{"tests that may not be read", "DescribeTestCases", refusing("AccessDeniedException"), cases + "Signalbox is not allowed to (codebuild:DescribeTestCases).", false},
		{"a build that may not be read", "BatchGetBuilds", refusing("AccessDeniedException"), "The build could not be read: Signalbox is not allowed to (codebuild:BatchGetBuilds).", false},
		{"a build asked for too often", "BatchGetBuilds", refusing("ThrottlingException"), "The build could not be read: AWS was asked too often at that time.", true},
		{"a build while CodeBuild is down", "BatchGetBuilds", server, "The build could not be read: there was no answer.", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.run(failing)
			w.breaks(tt.operation, tt.answer)
			f, err := w.Failure(t.Context(), here, id)
			if (err != nil) != tt.again || !slices.Equal(f.Missing, []string{tt.want}) {
				t.Errorf("missing %q, %v", f.Missing, err)
			}
			if tt.operation == "BatchGetBuilds" {
				return
			}
			noLog := tt.operation == "GetLogEvents"
			if f.Phase != "BUILD" || noLog != (len(f.Log) == 0) || noLog != (len(f.Tests) > 0) {
				t.Errorf("of the rest, something is missing too: %+v", f)
			}
			bounded(t, f)
		})
	}
}

func TestServicesThatHangTakeTheirOwnTimeOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.run(failing)
	w.breaks("GetLogEvents", hanging)
	w.breaks("DescribeTestCases", hanging)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	f, err := w.Failure(ctx, here, id)
	if err != nil || f.Phase != "BUILD" || len(f.Missing) != 2 || f.MoreTests != 2 || strings.Count(strings.Join(f.Missing, ""), "there was no answer in time.") != 2 {
		t.Errorf("%+v, %v", f, err)
	}
	w.breaks("BatchGetBuilds", hanging)
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := w.Failure(short, here, id); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that the time is over", err)
	}
}
