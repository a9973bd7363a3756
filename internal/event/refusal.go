package event

import (
	"encoding/json"
	"fmt"
)

// A RefusalError is JSON that a function does not serve. Running it again will
// not help: something is wired to the function that should not be.
type RefusalError struct {
	Format Format
	// Instead says what to wire to the function in its place, or is empty. It
	// repeats nothing of the JSON but the names of a kind.
	Instead string
}

// Error says what arrived, and what to do about it.
func (e *RefusalError) Error() string {
	text := "this function does not serve: " + string(e.Format)
	if e.Instead != "" {
		text += ": " + e.Instead
	}
	return text
}

// Refusal is the error to answer raw with where nothing serves it. It knows the
// copies of events that AWS's other services send to topics, bare or in SNS
// records, and says which rule brings the event itself.
func Refusal(raw json.RawMessage) *RefusalError {
	format := FormatOf(raw)
	inner := raw
	if format == TopicRecords {
		inner = publishedCopy(raw)
	}
	return &RefusalError{Format: format, Instead: insteadOf(inner)}
}

// publishedCopy returns the first message of SNS records that is a copy of an
// event, or nil.
func publishedCopy(raw json.RawMessage) json.RawMessage {
	var records struct {
		Records []struct {
			Sns struct{ Message string }
		}
	}
	if json.Unmarshal(raw, &records) != nil {
		return nil
	}
	for _, r := range records.Records {
		if message := json.RawMessage(r.Sns.Message); insteadOf(message) != "" {
			return message
		}
	}
	return nil
}

// insteadOf says what to subscribe in place of a copy of an event; empty if raw
// is none.
func insteadOf(raw json.RawMessage) string {
	switch FormatOf(raw) {
	case NotificationRule:
		var kind struct{ Source, DetailType string }
		if json.Unmarshal(raw, &kind) != nil || kind.Source == "" || kind.DetailType == "" {
			kind.Source, kind.DetailType = "aws.codepipeline", "CodePipeline Pipeline Execution State Change"
		}
		return "it is a notification rule's copy of an event (AWS CodeStar Notifications, Amazon Q), which has no id; " +
			subscribe(Kind{Source: kind.Source, DetailType: kind.DetailType}) +
			", and take the function off the rule's topic"
	case ApprovalNotice:
		return "it is CodePipeline's notice of an approval, from the action's NotificationArn; " +
			subscribe(Kind{Source: "aws.codepipeline", DetailType: "CodePipeline Action Execution State Change"}) +
			", and take the function off the action's topic"
	}
	return ""
}

func subscribe(k Kind) string {
	return fmt.Sprintf("subscribe an EventBridge rule for source %q and detail-type %q instead", clip(k.Source), clip(k.DetailType))
}
