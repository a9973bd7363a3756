package slack_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/release/journey"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// TestEveryJourneyCanBeShown draws the card after every event of many
// executions, with and without facts.
func TestEveryJourneyCanBeShown(t *testing.T) {
	t.Parallel()
	seen := map[release.Status]int{}
	for seed := range uint64(120) {
		j := journey.New(executionID, seed)
		r := release.NewRecord(executionID)
		if seed%2 == 0 {
			r = r.Merge(release.Facts{At: journey.Monday, Plan: j.Plan, Usual: time.Minute})
		}
		for i, e := range j.Events {
			r, _ = r.Fold(e)
			m := slack.ReleaseCard(viewOf(r, "", journey.Monday))
			if i%5 == 0 || i == len(j.Events)-1 {
				checkRelease(t, m)
			}
		}
		seen[r.Outcome()]++
	}
	for _, s := range []release.Status{release.Succeeded, release.Failed, release.Running, release.GaveWay} {
		if seen[s] == 0 {
			t.Errorf("no journey ended as %q: %v", s, seen)
		}
	}
}

// FuzzReleaseFitsSlack puts one text everywhere.
func FuzzReleaseFitsSlack(f *testing.F) {
	for _, s := range []string{"", "x", "<!channel>", "`", "```", "&lt;", "\u202e", "👩‍👩‍👧", "|", "a|b", "\xff", "*_~", "https://a.example/<|>", evilText()} {
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, s string, n uint8) {
		if len(s) > 4000 {
			s = s[:4000]
		}
		v := everywhere(s, int(n)%60)
		checkRelease(t, slack.ReleaseCard(v))
		say := telegraph.Saying{View: v, Reply: notice.Reply{Key: s, Kind: notice.Failed, Stage: s, Action: s}, Card: s}
		say.Failure = &build.Failure{
			Status: s, Phase: s, Code: s, Message: s, Command: s, Exit: s, URL: s, LogURL: s, Log: []string{s, s}, Missing: []string{s}, MoreTests: int(n),
			Tests: []build.Test{{Suite: s, Name: s, Message: s}},
		}
		say.Mention = []notice.Who{{Group: s}, {Person: people.Person{ID: s, Name: s, Slack: s}}}
		for _, alone := range []bool{true, false} {
			for _, k := range []notice.Kind{notice.Failed, notice.Approval, notice.Kind(s)} {
				say.Kind = k
				checkReply(t, slack.ReleaseReply(say, alone))
			}
		}
		d := notice.Digest{More: int(n), Lines: []notice.Line{{Pipeline: s, Execution: s, Subject: s, Events: []notice.Held{{Kind: notice.Failed, Stage: s}}}}}
		checkRelease(t, slack.ReleaseDigest(d, nil))
	})
}

// everywhere is a release in which every outside text is s, with n stages of n
// actions.
func everywhere(s string, n int) telegraph.View {
	r := release.NewRecord(release.ExecutionID{Account: s, Region: s, Pipeline: s, ID: s})
	r.StopReason, r.Trigger, r.Git = s, release.Trigger{Type: s, Detail: s}, release.Git{ID: s, Summary: s, Branch: s, Author: s}
	r.Passes = []release.Pass{{Attempt: n, State: "STARTED"}}
	for i := range n {
		name := fmt.Sprint(s, i)
		stage := release.PlannedStage{Name: name}
		for k := range n {
			stage.Actions = append(stage.Actions, release.PlannedAction{Name: fmt.Sprint(s, k), RunOrder: k % 3, Kind: release.Kind{Category: s, Provider: s}})
		}
		r.Facts.Plan = append(r.Facts.Plan, stage)
		r.Facts.Revisions = append(r.Facts.Revisions, release.Commit{Source: s, ID: s, Summary: s, Author: s, URL: s})
		r.Facts.Authors = append(r.Facts.Authors, release.Author{Name: s})
		r.Facts.Holds = append(r.Facts.Holds, release.Hold{Reason: release.WaitReason(s), Stage: name, By: s, Text: s, Since: time.Unix(int64(n), 0)})
		if i < n/2 {
			r.Passes = append(r.Passes, release.Pass{Stage: name, Attempt: 1, State: "FAILED"})
			r.Runs = append(r.Runs, release.Run{Stage: name, Action: fmt.Sprint(s, 0), Attempt: 1, ID: name, State: "FAILED"})
			r.Results = append(r.Results, release.Result{Stage: name, Action: fmt.Sprint(s, 0), Attempt: 1, ID: name, State: "FAILED", Ending: release.Ending{Code: s, Summary: s, URL: s, ExternalID: s}})
		}
	}
	r.Facts.Failures = []release.BuildFailure{{BuildID: s, Phase: s, Context: s, Tests: []string{s, s}, LogsURL: s}}
	r.Facts.RollsBackTo, r.Facts.SupersededBy, r.Facts.TriggeredBy = s, s, s
	v := viewOf(r, s, time.Unix(0, 0))
	v.Commands = append(append([]release.Command{}, release.Commands...), release.Command(s))
	return v
}
