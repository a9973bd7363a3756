package e2e_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// later steps CodePipeline's clock, which is the scheduler's, too.
func (s *system) later(t *testing.T, by string) {
	t.Helper()
	tell[map[string]any](t, s, "/local/time", map[string]string{"advance": by}, http.StatusOK)
}

// wakes waits until an alarm is set for r, and steps the clock.
func (r *release) wakes(m said, by string) {
	r.t.Helper()
	request := r.request(m)
	eventually(r.t, "an alarm is set for "+r.pipeline, func() ([]planned, bool) {
		all := list[[]planned](r.t, r.system, "/local/schedules")
		for _, p := range all {
			if len(p.Name) > len(request) && p.Name[:len(request)] == request {
				return nil, true
			}
		}
		return all, false
	})
	r.later(r.t, by)
}

// It steps the clock that all tests share, so it does not run beside them.
func TestAnApprovedReleaseIsHeldUntilItsHoursBegin(t *testing.T) {
	r := begin(t, nightly)
	m := r.asked()
	r.click(ada, m, approve)
	r.says("is approved, and held", "start only")
	r.stillWaits()
	r.wakes(m, "3h")
	r.goesOn()
	r.says("Approved by *" + ada.Name + "*")
	r.recorded("HELD", "RELEASED", "APPLIED")
}

// It steps the clock that all tests share, so it does not run beside them.
func TestARequestThatNobodyAnswersIsRejectedByItsRule(t *testing.T) {
	r := begin(t, hasty)
	r.wakes(r.asked(), "1h10m")
	r.stopsHere()
	r.wantSummary("Rejected by Signalbox", "Not enough approvals within 1 hour")
	r.recorded("EXPIRED")
}

func TestThreeApprovalsOfAParallelPipelineAreDecidedEachByItself(t *testing.T) {
	t.Parallel()
	first := begin(t, ruled)
	first.asked()
	d := first.declaration()
	d.ExecutionMode, d.Name = types.ExecutionModeParallel, aws.String(first.pipeline+"-parallel")
	if _, err := first.pipelines.CreatePipeline(t.Context(), &codepipeline.CreatePipelineInput{Pipeline: d}); err != nil {
		t.Fatal(err)
	}
	at := "/local/codepipeline/" + *d.Name
	tell[struct{}](t, first.system, at+"/Source/Source", map[string]any{"outcome": "Succeeded", "delay_ms": 0}, http.StatusOK)
	var all []*release
	for range 3 {
		r := &release{system: first.system, t: t, pipeline: *d.Name, channel: testChannel}
		r.execution = tell[struct {
			ID string `json:"execution_id"`
		}](t, r.system, at+"/start", map[string]string{"message": message, "author": author}, http.StatusOK).ID
		all = append(all, r)
	}
	cards := []said{all[0].asked(), all[1].asked(), all[2].asked()}
	all[1].rejects(bo, cards[1], "the second is broken")
	all[1].closed("the second is broken")
	all[2].click(ada, cards[2], approve)
	all[2].closed("Approved by *" + ada.Name + "*")
	if m := all[0].asked(); !m.open() {
		t.Error("the first no longer asks")
	}
	all[0].click(bo, cards[0], approve)
	all[0].closed("Approved by *" + bo.Name + "*")
}
