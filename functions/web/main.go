// Command web is the function behind the links in approval mails: it shows the
// page that a link opens, and puts the answers given there on the votes queue.
//
// Trigger: HTTP API, GET and POST /approve.
package main

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/logging"
)

func main() {
	slog.SetDefault(logging.New(os.Stderr, slog.LevelInfo))
	page, err := wire(os.Getenv)
	if err != nil {
		slog.Error("web cannot start", "err", err)
		os.Exit(1)
	}
	lambda.Start(event.ServeHTTP(page.Serve))
}
