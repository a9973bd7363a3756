package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/pipeline"
)

func TestWaitsFindsWhatWaitsInEveryMode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]int{api.Superseded: 1, api.Queued: 1, api.Parallel: 3} {
		y := newYard(t, mode)
		var pushed []string
		for n := range 3 {
			pushed = append(pushed, y.push("Ada", fmt.Sprint("Change ", n)))
		}
		y.counted()
		got, next, err := y.Waits(t.Context(), "")
		if err != nil || next != "" || len(got) != want {
			t.Fatalf("%s: %+v, next %q, %v; want %d", mode, got, next, err, want)
		}
		t.Logf("%s: %d calls", mode, len(y.counted()))
		for _, a := range got {
			if w := y.waits(a.ExecutionID); w.Action != a || !slices.Contains(pushed, a.ExecutionID) {
				t.Errorf("%s: %+v, want %+v", mode, a, w.Action)
			}
		}
		y.answer(pushed[0], approval.Approve)
		if again, _, err := y.Waits(t.Context(), ""); err != nil || slices.ContainsFunc(again, func(a approval.Action) bool { return a.ExecutionID == pushed[0] }) {
			t.Errorf("%s: %+v, %v, though %s is answered", mode, again, err, pushed[0])
		}
	}
}

// many makes s have n pipelines, in each of which an approval waits.
func many(s *server, n int) {
	var all []object
	for i := range n {
		all = append(all, object{"name": fmt.Sprintf("p%03d", n-1-i), "executionMode": "QUEUED"})
	}
	s.answers["ListPipelines"] = []any{object{"pipelines": anySlice(all)}}
}

func TestSweepIsTakenUpWhereItStopped(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	many(s, 100)
	var names []string
	rounds, from := 0, ""
	for {
		found, next, err := c.Waits(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range found {
			names = append(names, a.Pipeline)
		}
		if rounds++; next == "" {
			break
		}
		from = next
	}
	if len(names) != 100 || !slices.IsSorted(names) || len(slices.Compact(names)) != 100 || rounds != 3 {
		t.Errorf("%d pipelines in %d rounds: %q", len(names), rounds, names)
	}
	got, next, err := c.Waits(t.Context(), "111122223333/eu-west-1/p098x") // one that was deleted
	if err != nil || len(got) != 1 || got[0].Pipeline != "p099" || next != "" {
		t.Errorf("%+v, next %q, %v", got, next, err)
	}
	if got, _, err := c.Waits(t.Context(), "999900001111/eu-west-1/p050"); err != nil || len(got) != 40 || got[0].Pipeline != "p000" {
		t.Errorf("a mark of a place that is not swept: %d, %v", len(got), err)
	}
}

func TestSweepStopsWhenTheTimeIsShort(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	many(s, 8)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	got, next, err := c.Waits(ctx, "")
	if err != nil || len(got) != 0 || next != "111122223333/eu-west-1/p000" {
		t.Errorf("%d found, next %q, %v", len(got), next, err)
	}
	s.answers["ListPipelines"] = []any{hang{}}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := c.Waits(ctx, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hanging list: %v", err)
	}
}

func TestPipelineThatCannotBeReadIsPassedOverAndTold(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	many(s, 6)
	normal := s.answers["GetPipelineState"][0]
	s.answers["GetPipelineState"] = []any{func(in object) any {
		switch in["name"] {
		case "p002":
			return fault{"AccessDeniedException", "no"}
		case "p003":
			return fault{"PipelineNotFoundException", "deleted"}
		}
		return normal
	}}
	got, next, err := c.Waits(t.Context(), "")
	if len(got) != 4 || next != "" || err == nil || !strings.Contains(err.Error(), "p002") || strings.Contains(err.Error(), "p003") {
		t.Errorf("%d found, next %q, %v", len(got), next, err)
	}
}

func TestEveryHomeIsSwept(t *testing.T) {
	t.Parallel()
	s, _ := serve(t)
	many(s, 1)
	second := pipeline.Place{Account: foreign, Region: "us-east-1"}
	third := pipeline.Place{Account: "777788889999", Region: "us-east-1"}
	all := pipeline.Across(func(p pipeline.Place) (pipeline.Calls, error) {
		if p == second {
			return pipeline.Calls{}, errors.New("no way there")
		}
		return s.reach, nil
	}, home, second, third)
	var found, failed []string
	for from, round := "", 0; round < 5; round++ {
		got, next, err := all.Waits(t.Context(), from)
		for _, a := range got {
			found = append(found, a.Account+" "+a.Region)
		}
		if err != nil {
			failed = append(failed, err.Error())
		}
		if from = next; next == "" {
			break
		}
	}
	if want := []string{"111122223333 eu-west-1", "777788889999 us-east-1"}; !slices.Equal(found, want) || len(failed) != 1 {
		t.Errorf("found %q, failed %q", found, failed)
	}
	if got, next, err := pipeline.New(s.reach).Waits(t.Context(), "x"); len(got) != 0 || next != "" || err != nil {
		t.Errorf("without a home: %v, %q, %v", got, next, err)
	}
}
