package slack_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var executionID = release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "payments", ID: "3f1c2b4a-0d15-4c1e-9b52-8f0f2a5cbe11"}

// A diary makes a record of what happens, one minute after the other.
type diary struct {
	r       release.Record
	now     time.Time
	attempt int
	runs    map[string]string // the ids of the latest runs, by stage and action
	serial  int
}

func newDiary(plan ...release.PlannedStage) *diary {
	d := &diary{
		r: release.NewRecord(executionID), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), attempt: 1, runs: map[string]string{},
	}
	d.r = d.r.Merge(release.Facts{
		At: d.now, Mode: "SUPERSEDED", Plan: plan, TriggeredBy: "a push to the repository", Usual: 12*time.Minute + 30*time.Second,
		Revisions: []release.Commit{{
			Source: "App", ID: "0a9c4f7be1d24c0b9b7d1f6a5e3c2b1a0f9e8d7c", Summary: "Add refunds for partial orders", Author: "Dana Whitfield",
			Email: "dana@example.com", URL: "https://github.com/acme/payments/commit/0a9c4f7be1d24c0b9b7d1f6a5e3c2b1a0f9e8d7c",
		}},
		Authors: []release.Author{{Name: "Dana Whitfield", Email: "dana@example.com"}},
	})
	d.r.Git = release.Git{ID: "0a9c4f7be1d24c0b9b7d1f6a5e3c2b1a0f9e8d7c", Branch: "main"}
	d.pipeline(event.Started)
	return d
}

func (d *diary) meta() event.Meta {
	d.serial++
	return event.Meta{ID: fmt.Sprint(d.serial), Account: executionID.Account, Region: executionID.Region, Time: d.now}
}

func (d *diary) level(s event.State) event.Execution {
	return event.Execution{Pipeline: executionID.Pipeline, ExecutionID: executionID.ID, State: s, Attempt: d.attempt}
}

func (d *diary) fold(e event.Event) { d.r, _ = d.r.Fold(e) }

func (d *diary) wait(by time.Duration) *diary { d.now = d.now.Add(by); return d }

func (d *diary) pipeline(s event.State) *diary {
	e := event.PipelineChanged{Meta: d.meta(), Execution: d.level(s)}
	if s == event.Stopping {
		e.StopReason = "wrong branch, see #ops"
	}
	d.fold(e)
	return d
}

func (d *diary) stage(name string, s event.State) *diary {
	d.fold(event.StageChanged{Meta: d.meta(), Execution: d.level(s), Stage: name})
	return d
}

func (d *diary) action(stage, name string, kind release.Kind, s event.State, result event.Result) *diary {
	key := stage + "/" + name
	if s == event.Started {
		d.runs[key] = fmt.Sprintf("%s-%d", name, d.serial)
	}
	d.fold(event.ActionChanged{
		Meta: d.meta(), Execution: d.level(s), Stage: stage, Action: name, ActionExecutionID: d.runs[key], Result: result,
		Type: event.ActionType{Owner: kind.Owner, Category: kind.Category, Provider: kind.Provider},
	})
	return d
}

var (
	sources = release.Kind{Category: "Source", Owner: "AWS", Provider: "CodeStarSourceConnection"}
	builds  = release.Kind{Category: "Build", Owner: "AWS", Provider: "CodeBuild"}
	deploys = release.Kind{Category: "Deploy", Owner: "AWS", Provider: "CodeDeploy"}
	manual  = release.Kind{Category: "Approval", Owner: "AWS", Provider: "Manual"}
)

func plan() []release.PlannedStage {
	a := func(name string, order int, k release.Kind) release.PlannedAction {
		return release.PlannedAction{Name: name, RunOrder: order, Kind: k}
	}
	return []release.PlannedStage{
		{Name: "Source", Actions: []release.PlannedAction{a("App", 1, sources)}},
		{Name: "Build", Actions: []release.PlannedAction{a("Lint", 1, builds), a("Unit tests", 1, builds), a("Image", 2, builds)}},
		{Name: "Staging", Actions: []release.PlannedAction{a("Deploy", 1, deploys)}},
		{Name: "Approval", Actions: []release.PlannedAction{a("Go live", 1, manual)}},
		{Name: "Production", Actions: []release.PlannedAction{a("Deploy", 1, deploys), a("Smoke tests", 2, builds)}},
	}
}

var fine = event.Result{}

// sourced has passed the first stage.
func sourced() *diary {
	return newDiary(plan()...).stage("Source", event.Started).action("Source", "App", sources, event.Started, fine).
		wait(4*time.Second).action("Source", "App", sources, event.Succeeded, fine).stage("Source", event.Succeeded).wait(time.Second)
}

// building runs two builds.
func building() *diary {
	return sourced().stage("Build", event.Started).action("Build", "Lint", builds, event.Started, fine).
		action("Build", "Unit tests", builds, event.Started, fine).wait(40 * time.Second)
}

// built has passed the second.
func built() *diary {
	return building().action("Build", "Lint", builds, event.Succeeded, fine).wait(50*time.Second).
		action("Build", "Unit tests", builds, event.Succeeded, fine).action("Build", "Image", builds, event.Started, fine).wait(70*time.Second).
		action("Build", "Image", builds, event.Succeeded, fine).stage("Build", event.Succeeded).wait(time.Second)
}

func staged(d *diary) *diary {
	return d.stage("Staging", event.Started).action("Staging", "Deploy", deploys, event.Started, fine).wait(95*time.Second).
		action("Staging", "Deploy", deploys, event.Succeeded, fine).stage("Staging", event.Succeeded).wait(time.Second)
}

func asked(d *diary) *diary {
	return staged(d).stage("Approval", event.Started).action("Approval", "Go live", manual, event.Started, fine).wait(3 * time.Minute)
}

func asking() *diary { return asked(built()) }

func released(d *diary) *diary {
	return asked(d).action("Approval", "Go live", manual, event.Succeeded, event.Result{Summary: "Approved"}).stage("Approval", event.Succeeded).
		stage("Production", event.Started).action("Production", "Deploy", deploys, event.Started, fine).wait(2*time.Minute).
		action("Production", "Deploy", deploys, event.Succeeded, fine).action("Production", "Smoke tests", builds, event.Started, fine).wait(30*time.Second).
		action("Production", "Smoke tests", builds, event.Succeeded, fine).stage("Production", event.Succeeded).pipeline(event.Succeeded)
}

func live() *diary { return released(built()) }

const failedBuildID = "payments-unit:6e1f2d3c-1111-4222-8333-444455556666"

func failing() *diary {
	return building().action("Build", "Unit tests", builds, event.Failed, event.Result{
		ErrorCode: "JobFailed", Summary: "Build terminated with state: FAILED", ExternalID: failedBuildID,
		URL: "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/payments-unit/build/x",
	})
}

func failed() *diary {
	d := failing().wait(5*time.Second).action("Build", "Lint", builds, event.Succeeded, fine).stage("Build", event.Failed).pipeline(event.Failed)
	return d.facts(func(f *release.Facts) {
		f.Failures = []release.BuildFailure{{
			BuildID: failedBuildID, Phase: "BUILD", Context: "Error while executing command: go test ./.... Reason: exit status 1",
			Tests: []string{"TestRefundIsBooked", "TestRefundOfPartialOrder"}, LogsURL: "https://eu-west-1.console.aws.amazon.com/cloudwatch/home#logs",
		}}
	})
}

func retried() *diary {
	d := failed().wait(4 * time.Minute)
	d.attempt = 2
	return d.pipeline(event.Resumed).stage("Build", event.Resumed).action("Build", "Unit tests", builds, event.Started, fine)
}

func rejectedDiary() *diary {
	return asking().action("Approval", "Go live", manual, event.Failed, event.Result{Summary: "The migration is missing.\nSee ORD-42."}).
		stage("Approval", event.Failed).pipeline(event.Failed)
}

func rolledBack(end bool) *diary {
	d := newDiary(plan()...)
	d.r.Trigger = release.Trigger{Type: "ManualRollback", Detail: "arn:aws:sts::111122223333:assumed-role/Ops/lee@example.com"}
	d.facts(func(f *release.Facts) {
		f.RollsBackTo, f.TriggeredBy = "0c0ffee0-0000-4000-8000-000000000000", "Lee Okafor"
	})
	d.stage("Production", event.Started).action("Production", "Deploy", deploys, event.Started, fine).wait(2 * time.Minute)
	if end {
		d.action("Production", "Deploy", deploys, event.Succeeded, fine).stage("Production", event.Succeeded).pipeline(event.Succeeded)
	}
	return d
}

func heldBy(h release.Hold) *diary {
	return built().facts(func(f *release.Facts) { f.Holds = []release.Hold{h} })
}

func (d *diary) facts(change func(*release.Facts)) *diary {
	f := d.r.Facts
	change(&f)
	f.At = d.now
	d.r = d.r.Merge(f)
	return d
}

// view is what a card shows of d.
func (d *diary) view() telegraph.View { return viewOf(d.r, "production", d.now) }

func viewOf(r release.Record, environment string, now time.Time) telegraph.View {
	return telegraph.View{
		Record: r, Release: notice.Of(r, environment), Delivery: notice.Delivery{Channel: "C0RELEASES", Mode: notice.Card}, Commands: r.Offers(), Now: now,
	}
}

// releases are the states in which the card of a release can be, by the name of
// its golden file.
func releases() map[string]telegraph.View {
	since := time.Date(2026, 11, 23, 9, 3, 0, 0, time.UTC)
	all := map[string]*diary{
		"started":           newDiary(plan()...),
		"source":            sourced(),
		"building-parallel": building(),
		"staging":           staged(built()),
		"waiting-approval":  asking(),
		"waiting-entry":     built(),
		"waiting-transition": heldBy(release.Hold{
			Reason: release.ForTransition, Stage: "Staging", By: "arn:aws:sts::111122223333:assumed-role/Ops/priya@example.com",
			Text: "Freeze until the incident is over", Since: since,
		}),
		"waiting-stage":     heldBy(release.Hold{Reason: release.ForStage, Stage: "Staging", By: "0c0ffee0-0000-4000-8000-000000000000", Since: since}),
		"waiting-condition": heldBy(release.Hold{Reason: release.ForCondition, Stage: "Staging", Since: since}),
		"failing":           failing(),
		"failed-build":      failed(),
		"rejected":          rejectedDiary(),
		"retried":           retried(),
		"succeeded":         live(),
		"fixed":             live().facts(func(f *release.Facts) { f.Previous = &release.Previous{ExecutionID: "e0", State: event.Failed} }),
		"rolling-back":      rolledBack(false),
		"rolled-back":       rolledBack(true),
		"superseded":        built().pipeline(event.Superseded).facts(func(f *release.Facts) { f.SupersededBy = "5aa5aa5a-0000-4000-8000-000000000000" }),
		"stopping":          building().pipeline(event.Stopping),
		"stopped": building().pipeline(event.Stopping).wait(20*time.Second).action("Build", "Lint", builds, event.Abandoned, fine).
			action("Build", "Unit tests", builds, event.Abandoned, fine).stage("Build", event.Stopped).pipeline(event.Stopped),
		"retried-succeeded": released(retried().wait(time.Minute).action("Build", "Unit tests", builds, event.Succeeded, fine).
			action("Build", "Image", builds, event.Started, fine).wait(time.Minute).action("Build", "Image", builds, event.Succeeded, fine).
			stage("Build", event.Succeeded)),
		"failed-deploy": built().stage("Staging", event.Started).action("Staging", "Deploy", deploys, event.Started, fine).wait(time.Minute).
			action("Staging", "Deploy", deploys, event.Failed, event.Result{Summary: "The overall deployment failed because too many individual instances failed.\nSee the log."}).
			stage("Staging", event.Failed).pipeline(event.Failed),
		"failed-without-action": built().stage("Staging", event.Started).stage("Staging", event.Failed).pipeline(event.Failed),
		"many-revisions": building().facts(func(f *release.Facts) {
			f.Revisions = append(f.Revisions,
				release.Commit{Source: "Image", ID: "sha256:9b2cf535f27731c974343645a3985328a9b2cf535f27731c974343645a398532"},
				release.Commit{Source: "Config", ID: "Ab3dE9xKq8PzR7t5vW", Summary: "config.zip"}, release.Commit{ID: "1"}, release.Commit{ID: "2"}, release.Commit{ID: "3"})
		}),
		"no-text": building().facts(func(f *release.Facts) {
			f.Revisions, f.Authors = []release.Commit{{ID: "0a9c4f7be1d24c0b9b7d1f6a5e3c2b1a0f9e8d7c", Summary: " \n\t"}}, []release.Author{{Email: "dana@example.com"}}
		}),
		"canceled":      built().stage("Staging", event.Started).stage("Staging", event.Canceled).pipeline(event.Canceled),
		"unknown-state": building().action("Build", "Lint", release.Kind{Category: "Compute", Owner: "Custom", Provider: "Abacus"}, "FROZEN", fine).stage("Build", "THAWING").pipeline("HIBERNATED"),
	}
	views := map[string]telegraph.View{
		"nothing-known": viewOf(release.NewRecord(executionID), "", since),
		"no-id":         {},
		"no-plan":       viewOf(withoutFacts(asking().r), "", since),
		"huge":          huge(release.Running),
		"huge-failed":   huge(release.Failed),
		"hostile":       hostileRelease(),
	}
	for name, d := range all {
		views[name] = d.view()
	}
	return views
}

func withoutFacts(r release.Record) release.Record {
	r.Facts = release.Facts{}
	r.Git = release.Git{}
	return r
}

// huge is a pipeline of fifty stages with fifty parallel actions each, all with
// the longest names there are.
func huge(outcome release.Status) telegraph.View {
	name := func(i, k int) string { return fmt.Sprintf("%03d-%03d-", i, k) + strings.Repeat("W", 92) }
	var stages []release.PlannedStage
	for i := range 50 {
		s := release.PlannedStage{Name: name(i, 999)}
		for k := range 50 {
			s.Actions = append(s.Actions, release.PlannedAction{Name: name(i, k), RunOrder: 1, Kind: builds})
		}
		stages = append(stages, s)
	}
	d := newDiary()
	d.r.Facts.Plan = stages // more than Merge would keep
	for i := range 25 {
		d.stage(stages[i].Name, event.Started)
		for _, a := range stages[i].Actions {
			d.action(stages[i].Name, a.Name, builds, event.Started, fine)
			if i < 24 {
				d.wait(time.Second).action(stages[i].Name, a.Name, builds, event.Succeeded, fine)
			}
		}
		if i < 24 {
			d.stage(stages[i].Name, event.Succeeded)
		}
	}
	if outcome == release.Failed {
		last := stages[24]
		d.action(last.Name, last.Actions[49].Name, builds, event.Failed, event.Result{ErrorCode: "JobFailed", Summary: strings.Repeat("It broke. ", 500)})
		d.stage(last.Name, event.Failed).pipeline(event.Failed)
	}
	return d.view()
}

// evilText is what a commit message may hold.
func evilText() string {
	return strings.Repeat("<!channel> <@U0DANA00001> `rm -rf` ```x``` & <https://evil.example|good> *b* _i_ ~s~ \u202egnp.exe\u202c 👩‍👩‍👧 שלום \"\\|", 400)
}

// hostileRelease is one in which all outside text is bad and long.
func hostileRelease() telegraph.View {
	evil := evilText()
	d := failed()
	r := d.r
	r.ID, r.Region, r.Account, r.Pipeline = "`<!channel>`|x", "evil.example/x", "<!here>", "p|<!channel>"+evil[:200]
	r.StopReason, r.Trigger = evil, release.Trigger{Type: evil, Detail: evil}
	r.Git = release.Git{ID: "`<!here>`", Summary: evil, Branch: evil, Author: evil}
	r.Facts.RollsBackTo, r.Facts.SupersededBy, r.Facts.TriggeredBy = evil, evil, evil
	r.Facts.Revisions = nil
	for range 40 {
		r.Facts.Revisions = append(r.Facts.Revisions, release.Commit{Source: evil, ID: "`<!here>`", Summary: evil, Author: evil, URL: "https://good.example/<!here>|x>y"})
	}
	r.Facts.Authors = []release.Author{{Name: evil}}
	for i := range r.Facts.Plan {
		r.Facts.Plan[i].Actions = append(r.Facts.Plan[i].Actions, release.PlannedAction{Name: evil, RunOrder: 9, Kind: release.Kind{Category: evil, Provider: evil}})
	}
	for i := range r.Facts.Failures {
		f := &r.Facts.Failures[i]
		f.Phase, f.Context, f.Tests, f.LogsURL = evil, evil, []string{evil, evil, evil, evil, evil, evil}, "javascript:alert(1)"
	}
	for i := range r.Results {
		r.Results[i].Code, r.Results[i].Summary, r.Results[i].URL = evil, evil, "https://user:password@evil.example/"
	}
	r.Facts.Holds = []release.Hold{{Reason: release.ForTransition, Stage: "Staging", By: evil, Text: evil, Since: d.now}}
	v := viewOf(r, "prod\n<!here>"+evil, d.now)
	v.Commands = append(v.Commands, "explode")
	return v
}
