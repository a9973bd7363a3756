package pipeline

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/release"
)

// maxUsual is how many executions say how long one usually takes.
const maxUsual = 10

// usual is the median duration of the newest executions in all, which is
// newest first, that succeeded: id itself does not count, and neither do
// roll-backs, which run one stage only. It is zero if there is none.
func usual(all []types.PipelineExecutionSummary, id string) time.Duration {
	var took []time.Duration
	for _, s := range all {
		d := aws.ToTime(s.LastUpdateTime).Sub(aws.ToTime(s.StartTime))
		if s.Status != types.PipelineExecutionStatusSucceeded || rollsBack(s) || aws.ToString(s.PipelineExecutionId) == id ||
			s.StartTime == nil || d <= 0 {
			continue
		}
		if took = append(took, d); len(took) == maxUsual {
			break
		}
	}
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	middle := len(took) / 2
	if len(took)%2 == 1 {
		return took[middle]
	}
	return (took[middle-1] + took[middle]) / 2
}

func rollsBack(s types.PipelineExecutionSummary) bool {
	return s.ExecutionType == types.ExecutionTypeRollback || s.RollbackMetadata != nil
}

// previous is the execution in all that was the last to succeed or fail before
// until; zero is now. One that gave way, was stopped or was canceled says
// nothing about whether releases go well, so it is passed over.
func previous(all []types.PipelineExecutionSummary, id string, until time.Time) *release.Previous {
	var found *release.Previous
	var at time.Time
	for _, s := range all {
		verdict := s.Status == types.PipelineExecutionStatusSucceeded || s.Status == types.PipelineExecutionStatusFailed
		end := aws.ToTime(s.LastUpdateTime)
		if !verdict || aws.ToString(s.PipelineExecutionId) == id || !until.IsZero() && !end.Before(until) || found != nil && !end.After(at) {
			continue
		}
		found, at = &release.Previous{ExecutionID: aws.ToString(s.PipelineExecutionId), State: release.StateOf(string(s.Status))}, end
	}
	return found
}

// superseder is the execution in all, newest first, that took the place of the
// one at own, which gave way; empty if it is not known.
//
// Executions do not overtake each other, so it is the next that began and was
// still under way at that moment. An execution that the status names is it.
func superseder(all []types.PipelineExecutionSummary, own int) string {
	gave := all[own]
	if gave.Status != types.PipelineExecutionStatusSuperseded {
		return ""
	}
	for _, s := range all[:own] {
		if id := aws.ToString(s.PipelineExecutionId); id != "" && strings.Contains(aws.ToString(gave.StatusSummary), id) {
			return id
		}
	}
	for _, s := range slices.Backward(all[:own]) {
		over := ended(s) && aws.ToTime(s.LastUpdateTime).Before(aws.ToTime(gave.LastUpdateTime))
		late := aws.ToTime(s.StartTime).After(aws.ToTime(gave.LastUpdateTime))
		if !over && !late && !rollsBack(s) {
			return aws.ToString(s.PipelineExecutionId)
		}
	}
	return ""
}

// ended reports whether s is over.
func ended(s types.PipelineExecutionSummary) bool {
	return s.Status != types.PipelineExecutionStatusInProgress && s.Status != types.PipelineExecutionStatusStopping
}
