package notice_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// ten is a release with ten actions in five stages.
func ten() notice.Release {
	r := notice.Release{
		Pipeline: "web-shop", Execution: "e1", State: notice.StateStarted, Attempt: 1, Began: noon, Usual: time.Hour,
		Revisions: []notice.Revision{{ID: "0123456789", Subject: "Add refunds"}}, Authors: []release.Author{{Email: "dana@example.com"}},
	}
	for _, s := range []struct {
		name     string
		category string
		actions  int
	}{{"Source", "Source", 2}, {"Build", "Build", 3}, {"Staging", "Deploy", 2}, {"Approval", "Approval", 1}, {"Production", "Deploy", 2}} {
		st := notice.Stage{Name: s.name}
		for i := range s.actions {
			st.Actions = append(st.Actions, notice.Action{Name: fmt.Sprintf("%s%d", s.name, i), Category: s.category})
		}
		r.Stages = append(r.Stages, st)
	}
	return r
}

func clone(r notice.Release) notice.Release {
	r.Stages = append([]notice.Stage(nil), r.Stages...)
	for i := range r.Stages {
		r.Stages[i].Actions = append([]notice.Action(nil), r.Stages[i].Actions...)
	}
	return r
}

// film is how the release stands after each event of its life: stages begin
// and end, and so do their actions. If failing is the name of a stage, its
// first action fails once and is retried.
func film(failing string) []notice.Release {
	r := ten()
	at := noon
	frames := []notice.Release{clone(r)}
	snap := func() { at = at.Add(30 * time.Second); frames = append(frames, clone(r)) }
	for i := range r.Stages {
		s := &r.Stages[i]
		for attempt := 1; attempt <= 2; attempt++ {
			r.State, s.State, s.Attempt, s.Began, s.Retried = notice.StateStarted, notice.StateStarted, attempt, at, attempt > 1
			snap()
			last := notice.StateSucceeded
			for j := range s.Actions {
				a := &s.Actions[j]
				if a.State == notice.StateSucceeded {
					continue
				}
				a.State, a.Attempt, a.Began = notice.StateStarted, attempt, at
				snap()
				a.State, a.Ended = notice.StateSucceeded, at
				if s.Name == failing && j == 0 && attempt == 1 {
					a.State, last = notice.StateFailed, notice.StateFailed
				}
				snap()
			}
			s.State, s.Ended = last, at
			snap()
			if last == notice.StateSucceeded {
				break
			}
			r.State, r.Ended = notice.StateFailed, at
			snap()
		}
	}
	r.State, r.Ended = notice.StateSucceeded, at
	snap()
	return frames
}

func TestTenActionReleaseSaysAFewThings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		failing     string
		most, loud  int
		description string
	}{{"", 5, 1, "smooth"}, {"Staging", 8, 3, "one retry"}} {
		said := notice.Said{notice.CardKey: true}
		replies, loud, called := 0, 0, 0
		frames := film(tt.failing)
		for i, r := range frames {
			for _, reply := range teller.Plan(r, card, said, noon.Add(time.Duration(i)*30*time.Second)).Replies {
				t.Log(line(reply))
				said[reply.Key] = true
				replies++
				called += len(reply.Mention)
				if reply.Broadcast {
					loud++
				}
			}
		}
		t.Logf("%s: %d states of the record, %d replies, %d of them loud, %d people and groups called", tt.description, len(frames), replies, loud, called)
		if replies > tt.most || loud != tt.loud {
			t.Errorf("%s: %d replies, %d loud; want at most %d, %d", tt.description, replies, loud, tt.most, tt.loud)
		}
	}
}

// TestEveryKeyIsSaidOnceHoweverPlansAreReplayed lets readers of the record see
// whatever state of it, again and again, and crash between any two replies.
func TestEveryKeyIsSaidOnceHoweverPlansAreReplayed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	frames := film("Staging")
	end := frames[len(frames)-1]
	streams, sent := 5_000, 0
	for stream := range streams {
		said, times := notice.Said{notice.CardKey: true}, map[string]int{}
		loud := map[string]int{}
		for at := 0; at < len(frames); at += r.IntN(12) { // some states nobody sees, some are seen again
			frame := frames[at]
			if stream%2 == 1 {
				frame = frames[r.IntN(len(frames))] // a reader that is behind, or ahead
			}
			p := teller.Plan(frame, card, said, noon)
			for _, reply := range p.Replies[:r.IntN(len(p.Replies)+1)] {
				times[reply.Key]++
				said[reply.Key] = true
				if reply.Broadcast {
					loud[string(reply.Kind)]++
				}
				sent++
			}
		}
		for _, reply := range teller.Plan(end, card, said, noon).Replies {
			times[reply.Key]++
			said[reply.Key] = true
		}
		for key, n := range times {
			if n != 1 {
				t.Fatalf("%s is said %d times", key, n)
			}
		}
		for kind, n := range loud {
			if n != 1 {
				t.Fatalf("%s is loud %d times", kind, n)
			}
		}
		if again := teller.Plan(end, card, said, noon); len(again.Replies) != 0 || !said["succeeded/1"] {
			t.Fatalf("at the end there is still to say %q, said %v", lines(again), said)
		}
	}
	t.Logf("%d streams, %d replies", streams, sent)
}

func TestPlanDoesNotDependOnHowOftenItIsMade(t *testing.T) {
	t.Parallel()
	for _, r := range film("Build") {
		said := notice.Said{"stage_succeeded/1/Source": true}
		first, second := teller.Plan(r, card, said, noon), teller.Plan(r, card, said, noon)
		if fmt.Sprint(first) != fmt.Sprint(second) || len(said) != 1 {
			t.Fatalf("planned %v and then %v; said became %v", first, second, said)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	r, said := film("Staging")[20], notice.Said{notice.CardKey: true}
	b.ReportAllocs()
	for b.Loop() {
		teller.Plan(r, card, said, noon)
	}
}
