// Command slack is the function behind Slack's requests: it takes votes and
// puts them on the votes queue.
//
// Trigger: HTTP API, POST /slack/interactions, /slack/commands, /slack/options.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/logging"
)

func main() {
	slog.SetDefault(logging.New(os.Stderr, slog.LevelInfo))
	door, err := wire(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("slack cannot start", "err", err)
		os.Exit(1)
	}
	lambda.Start(event.ServeHTTP(door.Serve))
}
