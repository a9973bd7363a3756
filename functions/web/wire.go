package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/kms"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/trace"
	"github.com/signalbox/signalbox/internal/votes"
	"github.com/signalbox/signalbox/internal/web"
)

// wire makes the page out of the environment. It can verify links, and has
// nothing with which to make one.
func wire(getenv func(string) string) (*web.Page, error) {
	env, envErr := config.LoadWeb(getenv)
	aws, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return nil, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))
	trace.Instrument(&aws)

	table := store.New(store.CallsOf(dynamodb.NewFromConfig(aws)), env.Table)
	key := awskms.NewFromConfig(aws)
	return web.New(web.Ports{
		Links:    table,
		Requests: table,
		Verifier: kms.NewVerifier(key.VerifyMac, env.LinkKeyID),
		Votes:    votes.New(sqs.NewFromConfig(aws).SendMessage, env.VotesQueueURL),
		Now:      time.Now,
	}), nil
}
