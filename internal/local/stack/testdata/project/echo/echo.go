// Package echo is the handler of every function in this test project.
package echo

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// Serve logs each event and answers with the environment, as an HTTP response.
// It refuses to start when ECHO_REFUSES says why.
func Serve() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if why := os.Getenv("ECHO_REFUSES"); why != "" {
		slog.Error("cannot start", "err", why)
		os.Exit(1)
	}
	lambda.Start(func(ctx context.Context, event json.RawMessage) (map[string]any, error) {
		config, _ := os.ReadFile("signalbox.json")
		slog.InfoContext(ctx, "event", "event", string(event))
		body, err := json.Marshal(map[string]any{"environment": os.Environ(), "config": string(config), "event": event})
		return map[string]any{"statusCode": 200, "body": string(body)}, err
	})
}
