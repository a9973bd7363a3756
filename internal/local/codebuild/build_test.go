package codebuild_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

var success = []string{
	"SUBMITTED SUCCEEDED", "QUEUED SUCCEEDED", "PROVISIONING SUCCEEDED", "DOWNLOAD_SOURCE SUCCEEDED", "INSTALL SUCCEEDED",
	"PRE_BUILD SUCCEEDED", "BUILD SUCCEEDED", "POST_BUILD SUCCEEDED", "UPLOAD_ARTIFACTS SUCCEEDED", "FINALIZING SUCCEEDED", "COMPLETED",
}

func TestBuildGoesThroughEveryPhase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	first := w.start("orders")
	if first.BuildStatus != types.StatusTypeInProgress || *first.CurrentPhase != "QUEUED" || *first.BuildNumber != 1 || first.BuildComplete {
		t.Errorf("started: %s in %s, number %d", first.BuildStatus, *first.CurrentPhase, *first.BuildNumber)
	}
	w.clock.Advance(whole - time.Second)
	if b := w.build(*first.Id); b.BuildStatus != types.StatusTypeInProgress || *b.CurrentPhase != "FINALIZING" || b.EndTime != nil {
		t.Errorf("a second before its end: %s in %s", b.BuildStatus, *b.CurrentPhase)
	}
	w.clock.Advance(time.Second)
	b := w.build(*first.Id)
	if diff := cmp.Diff(success, steps(b)); diff != "" || b.BuildStatus != types.StatusTypeSucceeded || !b.BuildComplete {
		t.Errorf("%s (-want +got):\n%s", b.BuildStatus, diff)
	}
	if !b.EndTime.Equal(morning.Add(whole)) || *b.Phases[6].DurationInSeconds != 40 || !b.Phases[6].StartTime.Equal(morning.Add(48*time.Second)) {
		t.Errorf("ended %s, BUILD took %d s from %s", b.EndTime, *b.Phases[6].DurationInSeconds, b.Phases[6].StartTime)
	}
	if *b.Artifacts.Location != "arn:aws:s3:::builds/out/orders" || *b.SourceVersion != "main" || *b.Arn != "arn:aws:codebuild:eu-west-1:111122223333:build/"+*b.Id {
		t.Errorf("artifact %s, source version %s, ARN %s", *b.Artifacts.Location, *b.SourceVersion, *b.Arn)
	}
	if second := w.start("orders"); *second.BuildNumber != 2 {
		t.Errorf("second build has number %d", *second.BuildNumber)
	}
}

func TestScriptSaysHowABuildEnds(t *testing.T) {
	t.Parallel()
	const npm = "Error while executing command: npm test. Reason: exit status 1"
	tests := []struct {
		name   string
		script codebuild.Script
		status types.StatusType
		want   []string // from the phase that goes wrong
	}{
		{
			"failed in BUILD by default", codebuild.Script{Outcome: "FAILED"}, "FAILED",
			append(append(success[:6:6], "BUILD FAILED COMMAND_EXECUTION_ERROR: Error while executing command: make test. Reason: exit status 2"), success[7:]...),
		},
		{
			"failed before the build", codebuild.Script{Outcome: "FAILED", Phase: "PRE_BUILD", Message: npm}, "FAILED",
			append(success[:5:5], "PRE_BUILD FAILED COMMAND_EXECUTION_ERROR: "+npm, "FINALIZING SUCCEEDED", "COMPLETED"),
		},
		{
			"failed to upload", codebuild.Script{Outcome: "FAILED", Phase: "UPLOAD_ARTIFACTS", Message: "no matching artifact paths found"}, "FAILED",
			append(success[:8:8], "UPLOAD_ARTIFACTS FAILED CLIENT_ERROR: no matching artifact paths found", "FINALIZING SUCCEEDED", "COMPLETED"),
		},
		{
			"faulted", codebuild.Script{Outcome: "FAULT"}, "FAULT",
			append(success[:2:2], "PROVISIONING FAULT INTERNAL_SERVICE_ERROR: CodeBuild is experiencing an issue", "FINALIZING SUCCEEDED", "COMPLETED"),
		},
		{
			"timed out", codebuild.Script{Outcome: "TIMED_OUT", Phase: "INSTALL"}, "TIMED_OUT",
			append(success[:4:4], "INSTALL TIMED_OUT BUILD_TIMED_OUT: Build has timed out.", "FINALIZING SUCCEEDED", "COMPLETED"),
		},
		{"stopped by somebody", codebuild.Script{Outcome: "STOPPED"}, "STOPPED", append(success[:6:6], "BUILD STOPPED", "FINALIZING SUCCEEDED", "COMPLETED")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.declare(standalone("orders"))
			b := w.run("orders", test.script)
			if diff := cmp.Diff(test.want, steps(b)); diff != "" || b.BuildStatus != test.status {
				t.Errorf("%s (-want +got):\n%s", b.BuildStatus, diff)
			}
			if again := w.run("orders", codebuild.Script{}); again.BuildStatus != types.StatusTypeSucceeded {
				t.Errorf("the build after it is %s too", again.BuildStatus)
			}
		})
	}
}

func TestScriptSaysHowLongABuildTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	ten := 10 * time.Second
	b := w.run("orders", codebuild.Script{Delay: &ten, Durations: map[string]time.Duration{"BUILD": 30 * time.Second}})
	if took := b.EndTime.Sub(*b.StartTime); took != 36*time.Second || *b.Phases[6].DurationInSeconds != 30 {
		t.Errorf("took %s, BUILD %d s; want 36 s and 30 s", took, *b.Phases[6].DurationInSeconds)
	}
}

func TestBuildTimesOutAtItsTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := standalone("orders")
	p.TimeoutInMinutes, p.QueuedTimeoutInMinutes = 5, 6
	w.declare(p)
	for phase, want := range map[string]time.Duration{"BUILD": 5*time.Minute + 4*time.Second, "QUEUED": 6 * time.Minute} {
		if err := w.service.SetNext("orders", codebuild.Script{Durations: map[string]time.Duration{phase: time.Hour}}); err != nil {
			t.Fatal(err)
		}
		id := *w.start("orders").Id
		w.clock.Advance(time.Hour)
		b := w.build(id)
		if took := b.EndTime.Sub(*b.StartTime); took != want || b.BuildStatus != types.StatusTypeTimedOut {
			t.Errorf("long %s: %s after %s, want TIMED_OUT after %s", phase, b.BuildStatus, took, want)
		}
	}
}

func TestStopBuildEndsItAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	id := *w.start("orders").Id
	w.clock.Advance(50 * time.Second)
	out, err := w.StopBuild(t.Context(), &sdk.StopBuildInput{Id: aws.String("arn:aws:codebuild:eu-west-1:111122223333:build/" + id)})
	if err != nil || out.Build.BuildStatus != types.StatusTypeStopped || !out.Build.BuildComplete {
		t.Fatalf("stop: %v, %+v", err, out)
	}
	want := append(success[:6:6], "BUILD STOPPED", "FINALIZING SUCCEEDED", "COMPLETED")
	if diff := cmp.Diff(want, steps(*out.Build)); diff != "" {
		t.Errorf("phases differ (-want +got):\n%s", diff)
	}
	w.clock.Advance(whole)
	again, err := w.StopBuild(t.Context(), &sdk.StopBuildInput{Id: &id})
	if err != nil || !again.Build.EndTime.Equal(morning.Add(50*time.Second)) || w.clock.Pending() != 0 {
		t.Errorf("stopping again: %v; %d timers left", err, w.clock.Pending())
	}
	_, err = w.StopBuild(t.Context(), &sdk.StopBuildInput{Id: aws.String("orders:00000000-0000-4000-8000-000000000000")})
	refused(t, err, "ResourceNotFoundException")
	_, err = w.StopBuild(t.Context(), &sdk.StopBuildInput{Id: aws.String("orders")})
	refused(t, err, "InvalidInputException")
}

func TestUsualScriptFillsInWhatTheNextOneLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	err := w.service.SetUsual("orders", codebuild.Script{
		Variables: map[string]string{"IMAGE_DIGEST": "sha256:0", "TAG": "1"}, Outcome: "FAULT",
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.run("orders", codebuild.Script{Variables: map[string]string{"TAG": "2"}})
	got := map[string]string{}
	for _, v := range b.ExportedEnvironmentVariables {
		got[*v.Name] = *v.Value
	}
	want := map[string]string{"IMAGE_DIGEST": "sha256:0", "TAG": "2"}
	if diff := cmp.Diff(want, got); diff != "" || b.BuildStatus != types.StatusTypeSucceeded {
		t.Errorf("%s, exported (-want +got):\n%s", b.BuildStatus, diff)
	}
	id := *w.start("orders").Id
	w.clock.Advance(whole)
	if b := w.build(id); b.BuildStatus != types.StatusTypeFault {
		t.Errorf("usually %s, want FAULT", b.BuildStatus)
	}
}
