package event

import "encoding/json"

// A Format is an outer form of JSON that AWS hands to programs. A Format that
// a function cannot serve is named in its error, so that whoever wired the
// wrong thing to it knows what arrived.
type Format string

// The formats.
const (
	Unknown Format = "unknown JSON"
	// EventBridge is what Parse reads.
	EventBridge Format = "EventBridge event"
	// QueueBatch is what ParseQueue reads.
	QueueBatch Format = "SQS batch"
	// HTTP is payload version 2, of an HTTP API or a function URL.
	HTTP Format = "HTTP request"
	// PipelineJob is CodePipeline's invocation of a Lambda action. It holds
	// credentials: never log it.
	PipelineJob Format = "CodePipeline job"
	// NotificationRule is an event as a Developer Tools notification rule
	// sends it, to chat or to a topic: like EventBridge's, but with other keys
	// and without an id. Refusal says what to subscribe instead.
	NotificationRule Format = "notification rule event"
	// TopicRecords is an SNS topic's invocation of a function.
	TopicRecords Format = "SNS records"
	// ApprovalNotice is the text that CodePipeline publishes for an approval
	// with a NotificationArn. It holds the token: never log it.
	ApprovalNotice Format = "CodePipeline approval notice"
	// SingleMessage is one message as read from a queue.
	SingleMessage Format = "SQS message"
	// FailureRecord is what Lambda sends to an on-failure destination.
	FailureRecord Format = "Lambda failure record"
	// APIAnswer is the answer to a call of CodePipeline or ECR.
	APIAnswer Format = "AWS API answer"
)

// telltales are the keys by which a format is known, the surest first.
var telltales = []struct {
	key    string
	format Format
}{
	{"CodePipeline.job", PipelineJob},
	{"notificationRuleArn", NotificationRule},
	{"detail-type", EventBridge},
	{"rawPath", HTTP},
	{"requestPayload", FailureRecord},
	{"receiptHandle", SingleMessage},
	{"approval", ApprovalNotice},
	{"jobDetails", APIAnswer},
	{"stageStates", APIAnswer},
	{"pipelineExecutionSummaries", APIAnswer},
	{"actionExecutionDetails", APIAnswer},
	{"imageScanStatus", APIAnswer},
}

// FormatOf tells the format of raw by its keys. It does not say that raw is
// complete.
func FormatOf(raw json.RawMessage) Format {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return Unknown
	}
	for _, t := range telltales {
		if _, ok := keys[t.key]; ok {
			return t.format
		}
	}
	var records []struct {
		Source string `json:"eventSource"` // matches SNS's "EventSource" too
	}
	if json.Unmarshal(keys["Records"], &records) != nil || len(records) == 0 {
		return Unknown
	}
	switch records[0].Source {
	case "aws:sqs":
		return QueueBatch
	case "aws:sns":
		return TopicRecords
	}
	return Unknown
}
