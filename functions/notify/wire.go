package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/cards"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
	"github.com/signalbox/signalbox/internal/trace"
)

// wire makes the Notifier out of the environment and the compiled
// configuration. It makes no call, so a start cannot fail for want of one.
func wire(_ context.Context, getenv func(string) string) (*telegraph.Notifier, error) {
	env, envErr := config.LoadNotify(getenv)
	c, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return nil, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))
	file, err := config.LoadFile(env.File)
	if err != nil {
		return nil, err
	}
	trace.Instrument(&c)
	return &telegraph.Notifier{
		Board: telegraph.Board{
			Routes: file.Routes(), Teller: notice.Teller{People: file.Directory().Index()}, Environment: file.Environment,
		},
		Records: store.New(store.CallsOf(dynamodb.NewFromConfig(c)), env.Table),
		Queue:   cards.New(cards.CallsOf(sqs.NewFromConfig(c)), env.CardsQueueURL),
		Now:     time.Now,
	}, nil
}
