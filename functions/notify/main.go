// Command notify folds what happens to releases into their records, and queues
// what is to be told of it.
//
// Trigger: EventBridge, state changes of CodePipeline's pipelines, stages and
// actions, state and phase changes of CodeBuild's builds.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/event"
)

func main() {
	n, err := wire(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("notify cannot start", "err", err)
		os.Exit(1)
	}
	router := event.Router{Events: n.Changed}
	lambda.Start(router.Handle)
}
