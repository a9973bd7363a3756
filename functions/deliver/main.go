// Command deliver brings Slack, and whatever else is told of releases, up to
// their records. Once in a while it looks at those of which nothing is heard.
//
// Trigger: SQS, the cards queue; Scheduler, sweeps.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/cards"
	"github.com/signalbox/signalbox/internal/event"
)

func main() {
	d, queue, err := wire(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("deliver cannot start", "err", err)
		os.Exit(1)
	}
	worker := cards.Worker{Queue: queue, Deliver: d.Deliver, Stuck: d.Stuck}
	router := event.Router{Events: event.On(d.Sweep), Batch: worker.Handle}
	lambda.Start(router.Handle)
}
