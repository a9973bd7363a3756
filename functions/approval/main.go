// Command approval opens and closes approvals: it asks the approvers in Slack
// and by e-mail, counts their votes, and tells CodePipeline.
//
// Trigger: EventBridge, CodePipeline Action Execution State Change of manual
// approval actions; SQS, the votes queue.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/event"
)

func main() {
	gate, err := wire(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("approval cannot start", "err", err)
		os.Exit(1)
	}
	router := event.Router{Events: event.On(gate.ActionChanged), Messages: count(gate.Decider)}
	lambda.Start(router.Handle)
}
