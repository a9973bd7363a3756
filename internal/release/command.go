package release

import "github.com/signalbox/signalbox/internal/event"

// A Command is what people can have done about an execution.
type Command string

// The commands, in the order in which they are offered.
const (
	// RetryFailed runs the actions of the stage that failed again, and
	// RetryStage all actions of that stage.
	RetryFailed Command = "retry_failed"
	RetryStage  Command = "retry_stage"
	// RollBack releases to the stage that failed what was released to it last.
	RollBack Command = "roll_back"
	// Stop lets the actions that run come to an end, and starts no others.
	Stop Command = "stop"
)

// Commands are all that there are.
var Commands = []Command{RetryFailed, RetryStage, RollBack, Stop}

// Offers lists what can be done about r as it stands. What others have done
// meanwhile may rule it out: CodePipeline has the last word.
//
// A stage can be retried when it has failed, and rolled back if it is not the
// first, which has nothing to be rolled back to: the source.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
func (r Record) Offers() []Command {
	switch r.State() {
	case event.Failed:
		stage := r.FailedStage()
		if stage == "" {
			return nil
		}
		if train := r.Train(); train[0].Name == stage {
			return []Command{RetryFailed, RetryStage}
		}
		return []Command{RetryFailed, RetryStage, RollBack}
	case event.Started, event.Resumed:
		return []Command{Stop}
	default:
		return nil
	}
}

// FailedStage is the stage in which r failed, or empty.
func (r Record) FailedStage() string {
	for _, s := range r.Train() {
		if s.Status == Failed {
			return s.Name
		}
	}
	return ""
}
