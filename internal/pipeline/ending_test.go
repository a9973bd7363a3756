package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
)

const lee = "arn:aws:sts::111122223333:assumed-role/Release/lee"

// deadline is when the approval of the requests here times out.
var deadline = started.Add(time.Hour)

func TestEndingTellsHowTheAttemptEnded(t *testing.T) {
	t.Parallel()
	const expired = "The approval request expired before a response was received"
	early := started.Add(10 * time.Minute)
	tests := []struct {
		name, status, summary, by string
		at                        time.Time
		want                      approval.How
	}{
		{"approved elsewhere", "Succeeded", "Approved by " + lee, lee, early, approval.EndedApproved},
		{"rejected elsewhere", "Failed", "not today", lee, early, approval.EndedRejected},
		{"rejected with words of a time-out", "Failed", "the certificate has expired", lee, deadline.Add(-time.Second), approval.EndedRejected},
		{"rejected by nobody that is named", "Failed", "the certificate has expired", "", early, approval.EndedRejected},
		{"timed out", "Failed", expired, "", deadline.Add(2 * time.Second), approval.EndedTimedOut},
		{"timed out without a word", "Failed", "", "", deadline, approval.EndedTimedOut},
		{"timed out at the full minute before", "Failed", expired, "", deadline.Add(-20 * time.Second), approval.EndedTimedOut},
		{"stopped", "Abandoned", "", "", early, approval.EndedAbandoned},
		{"canceled", "Cancelled", "", "", early, approval.EndedCanceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t)
			ended(s, tt.status, tt.summary, tt.by, tt.at)
			r := decided(approval.Pending, approval.Approve)
			r.Vote = nil
			got, over, err := c.Ending(t.Context(), r)
			if err != nil || !over {
				t.Fatalf("Ending = %v, %v", over, err)
			}
			want := approval.Ending{How: tt.want, Summary: tt.summary, By: tt.by, At: tt.at}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ending (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOurOwnLateRejectionIsNoTimeout(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	r := decided(approval.Rejected, approval.Reject)
	ended(s, "Failed", approval.Summary(r), lee, deadline.Add(time.Second))
	if got, _, err := c.Ending(t.Context(), r); err != nil || got.How != approval.EndedRejected {
		t.Errorf("Ending = %s, %v; want a rejection", got.How, err)
	}
}

func TestEndingFallsBackToTheErrorMessage(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	ended(s, "Failed", "", lee, started)
	s.attempt()["output"] = object{"executionResult": object{"errorDetails": object{"code": "JobFailed", "message": "Rejected."}}}
	if got, _, err := c.Ending(t.Context(), decided(approval.Approved, approval.Approve)); err != nil || got.Summary != "Rejected." {
		t.Errorf("summary %q, %v", got.Summary, err)
	}
}

func TestAttemptThatWaitsHasNotEndedWhateverOthersDid(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.actions("", with(with(s.attempt(), "status", "Failed"), "actionExecutionId", "former"), s.attempt())
	if _, over, err := c.Ending(t.Context(), decided(approval.Pending, approval.Approve)); over || err != nil {
		t.Errorf("Ending = %v, %v; want that it still waits", over, err)
	}
}

func TestAttemptThatIsNotKnownAnyMoreIsGone(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*server){
		"not in the list":  func(s *server) { s.actions("") },
		"pipeline deleted": func(s *server) { s.answers["ListActionExecutions"] = []any{fault{"PipelineNotFoundException", ""}} },
		"execution too old": func(s *server) {
			s.answers["ListActionExecutions"] = []any{fault{"PipelineExecutionNotFoundException", ""}}
		},
	} {
		s, c := serve(t)
		prepare(s)
		got, over, err := c.Ending(t.Context(), decided(approval.Pending, approval.Approve))
		if err != nil || !over || got != (approval.Ending{How: approval.EndedGone}) {
			t.Errorf("%s: %+v, %v, %v; want that it is gone", name, got, over, err)
		}
	}
}

func TestUnknownStatusAndFailedCallAreErrors(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.attempt()["status"] = "Paused"
	if _, over, err := c.Ending(t.Context(), decided(approval.Pending, approval.Approve)); err == nil || over {
		t.Errorf("unknown status: %v, %v; want an error", over, err)
	}
	s.answers["ListActionExecutions"] = []any{fault{"AccessDeniedException", "no"}}
	if _, over, err := c.Ending(t.Context(), decided(approval.Pending, approval.Approve)); err == nil || over {
		t.Errorf("denied: %v, %v; want an error", over, err)
	}
}

// ended makes the attempt of the samples one that has ended.
func ended(s *server, status, summary, by string, at time.Time) {
	d := s.attempt()
	d["status"], d["updatedBy"] = status, by
	d["lastUpdateTime"] = float64(at.UnixMilli()) / 1000
	d["output"] = object{"executionResult": object{"externalExecutionId": token, "externalExecutionSummary": summary}}
}
