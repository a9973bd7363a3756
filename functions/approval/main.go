// Command approval opens and closes approvals: it asks the approvers in Slack
// and by e-mail, counts their votes, and tells CodePipeline. It reminds,
// escalates and expires when an alarm rings, and puts right what was missed.
//
// Trigger: EventBridge, CodePipeline Action Execution State Change of manual
// approval actions; Scheduler, alarms and reconciliations; SQS, the votes queue.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/event"
)

func main() {
	w, err := wire(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("approval cannot start", "err", err)
		os.Exit(1)
	}
	router := event.Router{Events: w.event, Messages: w.message}
	lambda.Start(router.Handle)
}
