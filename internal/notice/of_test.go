package notice_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// script makes the events of one execution, a minute apart.
type script struct {
	at     time.Time
	events []event.Event
}

func (s *script) next(state event.State, attempt int) (event.Meta, event.Execution) {
	s.at = s.at.Add(time.Minute)
	return event.Meta{ID: fmt.Sprint(len(s.events)), Account: "000000000000", Region: "eu-west-1", Time: s.at},
		event.Execution{Pipeline: "web-shop", ExecutionID: "e1", State: state, Attempt: attempt}
}

func (s *script) pipeline(state event.State, attempt int) {
	m, x := s.next(state, attempt)
	s.events = append(s.events, event.PipelineChanged{Meta: m, Execution: x})
}

func (s *script) stage(name string, state event.State, attempt int) {
	m, x := s.next(state, attempt)
	s.events = append(s.events, event.StageChanged{Meta: m, Execution: x, Stage: name})
}

func (s *script) action(stage, name, category string, state event.State, attempt int) {
	m, x := s.next(state, attempt)
	a := event.ActionChanged{
		Meta: m, Execution: x, Stage: stage, Action: name, ActionExecutionID: fmt.Sprintf("%s-%d", name, attempt),
		Type: event.ActionType{Owner: "AWS", Category: category, Provider: "X"},
	}
	if state == event.Failed {
		a.Result = event.Result{ErrorCode: "JobFailed", Summary: "It broke.", ExternalID: "web:1"}
	}
	s.events = append(s.events, a)
}

// retried is a release that fails in Build, is retried, waits for approval and
// succeeds.
func retried() []event.Event {
	s := &script{at: noon}
	s.pipeline(event.Started, 1)
	s.stage("Build", event.Started, 1)
	s.action("Build", "Compile", "Build", event.Started, 1)
	s.action("Build", "Test", "Test", event.Started, 1)
	s.action("Build", "Compile", "Build", event.Succeeded, 1)
	s.action("Build", "Test", "Test", event.Failed, 1)
	s.stage("Build", event.Failed, 1)
	s.pipeline(event.Failed, 1)
	s.pipeline(event.Resumed, 2)
	s.stage("Build", event.Resumed, 2)
	s.action("Build", "Test", "Test", event.Started, 2)
	s.action("Build", "Test", "Test", event.Succeeded, 2)
	s.stage("Build", event.Succeeded, 2)
	s.stage("Approval", event.Started, 2)
	s.action("Approval", "Approve", "Approval", event.Started, 2)
	s.action("Approval", "Approve", "Approval", event.Succeeded, 2)
	s.stage("Approval", event.Succeeded, 2)
	s.stage("Production", event.Started, 2)
	s.action("Production", "Deploy", "Deploy", event.Started, 2)
	s.action("Production", "Deploy", "Deploy", event.Succeeded, 2)
	s.stage("Production", event.Succeeded, 2)
	s.pipeline(event.Succeeded, 2)
	return s.events
}

var facts = release.Facts{
	At: noon, Usual: time.Hour, Previous: &release.Previous{ExecutionID: "e0", State: event.Failed},
	Revisions: []release.Commit{{ID: "c1", Summary: "Add refunds", Author: "Dana Whitfield", Email: "dana@example.com", URL: "https://example.com/c1"}},
	Failures:  []release.BuildFailure{{BuildID: "web:1", Context: "go test: exit status 1"}},
	Plan:      []release.PlannedStage{{Name: "Build"}, {Name: "Approval"}, {Name: "Production"}, {Name: "Smoke"}},
}

func record() release.Record {
	return release.NewRecord(release.ExecutionID{Account: "000000000000", Region: "eu-west-1", Pipeline: "web-shop", ID: "e1"}).Merge(facts)
}

func TestReleaseIsWhatTheRecordShows(t *testing.T) {
	t.Parallel()
	r := record()
	for _, e := range retried()[:8] {
		r, _ = r.Fold(e)
	}
	got := notice.Of(r, "production")
	if got.State != notice.StateFailed || got.Environment != "production" || got.Before != notice.StateFailed || got.Usual != time.Hour || len(got.Stages) != 4 {
		t.Errorf("release %+v", got)
	}
	want := notice.Action{
		Name: "Test", Category: "Test", Provider: "X", State: notice.StateFailed, Attempt: 1,
		Began: noon.Add(4 * time.Minute), Ended: noon.Add(6 * time.Minute), ErrorCode: "JobFailed", Summary: "go test: exit status 1",
	}
	if diff := cmp.Diff(want, got.Stages[0].Actions[1]); diff != "" {
		t.Errorf("action that failed (-want +got):\n%s", diff)
	}
	if s := got.Stages[1]; s.Name != "Approval" || s.State != "" || s.Attempt != 0 {
		t.Errorf("stage that it has not come to: %+v", s)
	}
	if diff := cmp.Diff([]string{"failed/1/Build/Test ! @dana"}, lines(teller.Plan(got, card, nil, noon))); diff != "" {
		t.Errorf("says (-want +got):\n%s", diff)
	}
	early, _ := release.NewRecord(r.ExecutionID).Fold(event.PipelineChanged{
		Meta: event.Meta{Account: r.Account, Region: r.Region, Time: noon}, Execution: event.Execution{Pipeline: "web-shop", ExecutionID: "e1", State: event.Failed, Attempt: 1},
		Commit: &event.Commit{ID: "c2", Message: "Fix it\n\nat last", Branch: "main", AuthorName: "Dana", AuthorEmail: "dana@example.com"},
	})
	end := notice.Of(early, "")
	if diff := cmp.Diff([]string{"failed/1// ! @dana"}, lines(teller.Plan(end, card, nil, noon))); diff != "" || end.Branch() != "main" {
		t.Errorf("of an end that came first, on %q, it says (-want +got):\n%s", end.Branch(), diff)
	}
	bare := notice.Of(release.NewRecord(release.ExecutionID{Pipeline: "web-shop", ID: "e1"}), "")
	if p := teller.Plan(bare, card, nil, noon); p.Card != notice.PostCard || len(p.Replies) != 0 {
		t.Errorf("of an execution that nothing is known of it plans %+v", p)
	}
}

func TestReleaseInOrderSaysEachThingInTime(t *testing.T) {
	t.Parallel()
	r, said := record(), notice.Said{notice.CardKey: true}
	var got []string
	for _, e := range retried() {
		r, _ = r.Fold(e)
		for _, reply := range teller.Plan(notice.Of(r, ""), card, said, noon).Replies {
			said[reply.Key] = true
			got = append(got, line(reply))
		}
	}
	want := []string{
		"failed/1/Build/Test ! @dana", "stage_started/2/Build", "stage_succeeded/2/Build",
		"approval/2/Approval/Approve ! @S0APPROVERS", "stage_succeeded/2/Approval",
		"stage_succeeded/2/Production", // a stage behind it has yet to come
		"succeeded/1 as fixed !",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("says (-want +got):\n%s", diff)
	}
}

// TestBadDeliverySaysNothingTwice folds the events in any order, some twice
// and some never until the end, and plans after each of them.
func TestBadDeliverySaysNothingTwice(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	const streams = 2000
	sent, worst := 0, 0
	for range streams {
		events := slices.Concat(retried(), retried()[:rnd.IntN(10)])
		rnd.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		r, said, loud, replies := record(), notice.Said{notice.CardKey: true}, map[string]int{}, 0
		for _, e := range events {
			var changed bool
			if r, changed = r.Fold(e); !changed && rnd.IntN(4) > 0 {
				continue
			}
			for _, reply := range teller.Plan(notice.Of(r, ""), card, said, noon).Replies {
				if said[reply.Key] {
					t.Fatalf("%s is said twice", reply.Key)
				}
				said[reply.Key] = true
				replies++
				if reply.Broadcast {
					kind, _, _ := strings.Cut(reply.Key, "/")
					loud[kind]++
				}
			}
		}
		for kind, n := range loud {
			if n > 1 {
				t.Fatalf("%s was loud %d times: %v", kind, n, said)
			}
		}
		if p := teller.Plan(notice.Of(r, ""), card, said, noon); len(p.Replies) > 0 || !said["succeeded/1"] {
			t.Fatalf("still to say %q after %v", lines(p), said)
		}
		sent, worst = sent+replies, max(worst, replies)
	}
	t.Logf("%d streams of %d events, %.1f replies each, %d at most", streams, len(retried()), float64(sent)/streams, worst)
}
