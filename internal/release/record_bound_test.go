package release_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// maxRecordBytes is what a record may take as JSON. DynamoDB takes 400 KB, and
// bills every write by its size.
const maxRecordBytes = 100 << 10

// crowded are n events of one execution, of as many stages, actions, attempts
// and builds, with names as long as CodePipeline allows and texts far longer.
func crowded(n int, states ...event.State) []event.Event {
	var all []event.Event
	m := event.Meta{ID: "x", Account: journeyOf.Account, Region: journeyOf.Region, Time: monday}
	for i := range n {
		name := func(kind string, n int) string { return fmt.Sprintf("%s-%0*d", kind, 99-len(kind), n) }
		x := event.Execution{
			Pipeline: "orders", ExecutionID: "e1", State: states[i%len(states)], Attempt: 1 + i%199,
			StartedAt: monday.Add(time.Duration(i) * 1001 * time.Millisecond),
		}
		text := strings.Repeat("<!channel> \u202e 日本 \U0001F525\x00", 30)
		url := "https://example.com/" + strings.Repeat("x", 200)
		switch i % 8 {
		case 0:
			all = append(all, event.StageChanged{Meta: m, Execution: x, Stage: name("stage", i%50)})
		case 1:
			all = append(all, event.PipelineChanged{
				Meta: m, Execution: x, StopReason: text, Trigger: event.Trigger{Type: text, Detail: text},
				Commit: &event.Commit{ID: text, Message: text, AuthorName: text, AuthorEmail: text, Branch: text, Tag: text, Repository: text},
			})
		case 2:
			b := event.Build{Pipeline: "orders", BuildID: name("build", i), StartedAt: x.StartedAt, LogsURL: url}
			all = append(all, event.BuildPhaseChanged{Meta: m, Build: b, Completed: event.BuildPhase{Name: "BUILD", Status: text, Context: text}})
		default:
			all = append(all, event.ActionChanged{
				Meta: m, Execution: x, Stage: name("stage", i%50), Action: name("action", i%700), ActionExecutionID: fmt.Sprintf("%036d", i),
				Type: event.ActionType{Owner: "ThirdParty", Category: "Approval", Provider: strings.Repeat("p", 35)}, ActionRegion: "ap-northeast-1",
				Result: event.Result{ExternalID: text, Summary: text, URL: url, ErrorCode: text},
			})
		}
	}
	return all
}

// fullFacts are as large as facts get.
func fullFacts(text string) release.Facts {
	f := release.Facts{Mode: text, RollsBackTo: text, SupersededBy: text, TriggeredBy: text, Previous: &release.Previous{ExecutionID: "e0", State: event.Failed}}
	for i := range 100 {
		s := release.PlannedStage{Name: fmt.Sprintf("stage-%093d", i)}
		for k := range 20 {
			s.Actions = append(s.Actions, release.PlannedAction{Name: fmt.Sprintf("action-%092d", k), Kind: release.Kind{Provider: text}})
		}
		f.Plan = append(f.Plan, s)
		f.Revisions = append(f.Revisions, release.Commit{ID: "c", Summary: text})
		f.Authors = append(f.Authors, release.Author{Name: "Dana"})
		f.Holds = append(f.Holds, release.Hold{Stage: text, By: text, Text: text})
		f.Failures = append(f.Failures, release.BuildFailure{BuildID: "b", Context: text, Tests: make([]string, 100)})
	}
	return f
}

func TestTenThousandEventsStaySmall(t *testing.T) {
	t.Parallel()
	for _, states := range [][]event.State{{event.Failed}, {event.Started, event.Succeeded, "A STATE THAT NOBODY HAS HEARD OF, EVER", event.Failed}} {
		events := crowded(10_000, states...)
		want := fold(events)
		if got := fold(shuffled(rand.New(rand.NewPCG(1, 2)), events)); !reflect.DeepEqual(want, got) {
			t.Errorf("another order, another record")
		}
		whole := want.Merge(fullFacts(strings.Repeat("<\U0001F525", 1000)))
		raw, err := json.Marshal(whole)
		if err != nil || len(raw) > maxRecordBytes {
			t.Errorf("%d bytes of JSON, %v; want %d at most", len(raw), err, maxRecordBytes)
		}
		facts, _ := json.Marshal(whole.Facts)
		t.Logf("%d bytes of JSON, of which %d are facts; %d runs, %d more, %d more builds",
			len(raw), len(facts), len(want.Runs), want.MoreRuns.Count(), want.MoreBuilds.Count())
		if want.MoreRuns.Count() == 0 || want.MoreBuilds.Count() == 0 {
			t.Errorf("%d runs and %d builds more; want them counted", want.MoreRuns.Count(), want.MoreBuilds.Count())
		}
		if whole.Hash() == "" || len(whole.Train()) == 0 || whole.Attempt() != 199 {
			t.Errorf("hash %q, %d stages, attempt %d", whole.Hash(), len(whole.Train()), whole.Attempt())
		}
	}
}

func TestAnOrdinaryRecordIsKeptWhole(t *testing.T) {
	t.Parallel()
	var events []event.Event
	for seed := uint64(0); len(events) < 40; seed++ {
		events = newJourney(seed).Events
	}
	r := fold(events)
	raw, err := json.Marshal(r)
	t.Logf("%d events, %d bytes of JSON", len(events), len(raw))
	if err != nil || r.MoreRuns.Count() != 0 || r.MoreBuilds.Count() != 0 {
		t.Errorf("%v, %d runs and %d builds left out", err, r.MoreRuns.Count(), r.MoreBuilds.Count())
	}
}
