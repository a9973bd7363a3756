package deployment_test

import (
	"fmt"
	"slices"
)

// rulesPark: EventBridge gives an event up after a day, or at once when it is
// not allowed to deliver it. Without a dead-letter queue that is silent.
func rulesPark(t template) []string {
	var found []string
	for _, id := range t.resources(aRule) {
		targets := list(t.of(id, "Targets"))
		if len(targets) == 0 {
			found = append(found, id+": has no target")
		}
		for _, to := range targets {
			if !slices.Contains(t.resources(aQueue), target(at(to, "DeadLetterConfig", "Arn"))) {
				found = append(found, id+": a target has no dead-letter queue of ours")
			}
			if number(at(to, "RetryPolicy", "MaximumRetryAttempts")) < 1 || number(at(to, "RetryPolicy", "MaximumEventAgeInSeconds")) < 3600 {
				found = append(found, id+": a target has no RetryPolicy of an hour or more")
			}
			if !t.mayInvoke(target(at(to, "Arn")), "events.amazonaws.com", id) {
				found = append(found, id+": may not invoke its target")
			}
		}
	}
	return found
}

// mayInvoke reports whether a Lambda permission lets service call function on
// behalf of the resource source, and of no other.
func (t template) mayInvoke(function, service, source string) bool {
	return slices.ContainsFunc(t.resources("AWS::Lambda::Permission"), func(id string) bool {
		return target(t.of(id, "FunctionName")) == function && t.of(id, "Principal") == service &&
			references(t.of(id, "SourceArn"), source)
	})
}

// queuesTakeFromRules: a dead-letter queue without this policy takes nothing,
// silently; one with a wider policy takes from anybody's rule.
func queuesTakeFromRules(t template) []string {
	wanted := map[string][]string{}
	for _, id := range t.resources(aRule) {
		for _, to := range list(t.of(id, "Targets")) {
			queue := target(at(to, "DeadLetterConfig", "Arn"))
			wanted[queue] = append(wanted[queue], id)
		}
	}
	allowed := map[string][]string{}
	var found []string
	for _, policy := range t.resources("AWS::SQS::QueuePolicy") {
		for _, s := range list(t.of(policy, "PolicyDocument", "Statement")) {
			queue := target(at(s, "Resource"))
			if at(s, "Principal", "Service") != "events.amazonaws.com" || at(s, "Action") != "sqs:SendMessage" ||
				!slices.Equal(targets(t.of(policy, "Queues")), []string{queue}) {
				found = append(found, policy+": allows something else than EventBridge to send to its own queue")
			}
			allowed[queue] = append(allowed[queue], targets(at(s, "Condition", "ArnEquals", "aws:SourceArn"))...)
		}
	}
	for _, queue := range t.resources(aQueue) {
		want, got := slices.Sorted(slices.Values(wanted[queue])), slices.Sorted(slices.Values(allowed[queue]))
		if !slices.Equal(slices.Compact(want), got) {
			found = append(found, fmt.Sprintf("%s: takes from %v, and is the dead-letter queue of %v", queue, got, want))
		}
	}
	return found
}

// functionsPark: what a function fails at, twice more, is not seen by the
// rule's dead-letter queue. The function's own destination has to catch it.
func functionsPark(t template) []string {
	var found []string
	invoked := map[string]any{}
	for _, rule := range t.resources(aRule) {
		invoked[rule] = t.of(rule, "Targets")
	}
	for _, schedule := range t.resources(aSchedule) {
		invoked[schedule] = t.of(schedule, "Target")
	}
	for _, by := range keys(invoked) {
		for _, to := range list(invoked[by]) {
			id := target(at(to, "Arn"))
			if !slices.Contains(t.resources(aFunction), id) {
				continue
			}
			onFailure := t.of(id, "EventInvokeConfig", "DestinationConfig", "OnFailure")
			queue := target(at(onFailure, "Destination"))
			if at(onFailure, "Type") != "SQS" || !slices.Contains(t.resources(aQueue), queue) {
				found = append(found, id+": has no OnFailure queue of ours, and "+by+" invokes it asynchronously")
			}
		}
	}
	return found
}

// queuesAreEncrypted: they hold votes and events.
func queuesAreEncrypted(t template) []string {
	var found []string
	for _, id := range t.resources(aQueue) {
		if t.of(id, "SqsManagedSseEnabled") != true && t.of(id, "KmsMasterKeyId") == nil {
			found = append(found, id+": is not encrypted")
		}
		if number(t.of(id, "MessageRetentionPeriod")) != 1209600 {
			found = append(found, id+": does not keep messages for the fourteen days that SQS can")
		}
	}
	return found
}

// queuesRaiseAlarms: somebody learns of every dead letter, and of work that
// waits.
func queuesRaiseAlarms(t template) []string {
	var found []string
	for _, id := range t.resources(aQueue) {
		metric, threshold := "ApproximateNumberOfMessagesVisible", 0
		if redrive := t.of(id, "RedrivePolicy"); redrive != nil {
			metric, threshold = "ApproximateAgeOfOldestMessage", 300
			letters := target(at(redrive, "deadLetterTargetArn"))
			if !slices.Contains(t.resources(aQueue), letters) || t.of(letters, "FifoQueue") != t.of(id, "FifoQueue") {
				found = append(found, id+": its dead-letter queue is not of its kind")
			}
		}
		if !slices.ContainsFunc(t.resources(anAlarm), func(alarm string) bool {
			return t.of(alarm, "MetricName") == metric && number(t.of(alarm, "Threshold")) <= threshold &&
				t.of(alarm, "ComparisonOperator") == "GreaterThanThreshold" &&
				t.of(alarm, "Dimensions", "0", "Name") == "QueueName" && target(t.of(alarm, "Dimensions", "0", "Value")) == id
		}) {
			found = append(found, fmt.Sprintf("%s: no alarm watches its %s above %d", id, metric, threshold))
		}
	}
	for _, source := range t.resources("AWS::Lambda::EventSourceMapping") {
		if queue := target(t.of(source, "EventSourceArn")); t.of(queue, "RedrivePolicy") == nil {
			found = append(found, queue+": is worked on and has no dead-letter queue")
		}
	}
	return found
}

// functionsRaiseAlarms: somebody learns of it when one fails repeatedly.
func functionsRaiseAlarms(t template) []string {
	var found []string
	for _, id := range t.resources(aFunction) {
		if !slices.ContainsFunc(t.resources(anAlarm), func(alarm string) bool {
			return t.of(alarm, "Namespace") == "AWS/Lambda" && t.of(alarm, "MetricName") == "Errors" && number(t.of(alarm, "Threshold")) <= 3 &&
				t.of(alarm, "Dimensions", "0", "Name") == "FunctionName" && target(t.of(alarm, "Dimensions", "0", "Value")) == id
		}) {
			found = append(found, id+": no alarm watches its Errors")
		}
	}
	return found
}

// queuesKeepOrder: a queue that is worked on is first in, first out in each of
// its groups, one group does not slow the others down, and its messages say
// themselves what is a repetition.
func queuesKeepOrder(t template) []string {
	var found []string
	for _, source := range t.resources("AWS::Lambda::EventSourceMapping") {
		id := target(t.of(source, "EventSourceArn"))
		if t.of(id, "FifoQueue") != true || t.of(id, "DeduplicationScope") != "messageGroup" || t.of(id, "FifoThroughputLimit") != "perMessageGroupId" {
			found = append(found, id+": its groups share one order or one limit")
		}
		if t.of(id, "ContentBasedDeduplication") != nil {
			found = append(found, id+": drops messages that look alike")
		}
		if n := number(t.of(source, "ScalingConfig", "MaximumConcurrency")); n < 2 || n > 5 {
			found = append(found, source+": its function may take up a whole account of 10 executions")
		}
	}
	return found
}

// alarmsReachOperations: and so does the news that all is well again.
func alarmsReachOperations(t template) []string {
	var found []string
	for _, id := range t.resources(anAlarm) {
		for _, actions := range []string{"AlarmActions", "OKActions"} {
			if !slices.Equal(targets(t.of(id, actions)), []string{"OperationsTopic"}) {
				found = append(found, id+": "+actions+" is not the operations topic")
			}
		}
		if d, _ := t.of(id, "AlarmDescription").(string); len(d) < 20 {
			found = append(found, id+": does not say what has happened")
		}
	}
	return found
}

// visibilityFactor is what AWS advises, so that a message that is worked on is
// not handed out again: six times the function's timeout.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const visibilityFactor = 6

// batchesFailOneByOne: one bad vote does not bring back the good ones.
func batchesFailOneByOne(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::Lambda::EventSourceMapping") {
		if !slices.Contains(words(t.of(id, "FunctionResponseTypes")), "ReportBatchItemFailures") {
			found = append(found, id+": lacks ReportBatchItemFailures")
		}
		queue, function := target(t.of(id, "EventSourceArn")), target(t.of(id, "FunctionName"))
		if least := visibilityFactor * number(t.of(function, "Timeout")); number(t.of(queue, "VisibilityTimeout")) < least {
			found = append(found, fmt.Sprintf("%s: the VisibilityTimeout of %s is below %d seconds, six times that of %s", id, queue, least, function))
		}
	}
	return found
}
