package codepipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// Topics publishes to SNS topics what approvals tell them. It must return when
// ctx ends. An error fails the approval. The message holds the approval's
// token: it must not be logged.
type Topics interface {
	Publish(ctx context.Context, topicARN, subject, message string) error
}

// notifyTimeout bounds one publish (chosen).
const notifyTimeout = 10 * time.Second

// notifier carries the engine's notifications out in the background.
type notifier struct {
	ctx        context.Context //nolint:containedctx // the life of the Service, which the engine knows nothing of
	topics     Topics
	background *sync.WaitGroup
	log        *slog.Logger
}

// Notify publishes on its own goroutine.
func (n *notifier) Notify(m engine.Notification, ended func(error)) {
	if n.ctx.Err() != nil {
		return
	}
	n.background.Go(func() {
		ctx, cancel := context.WithTimeout(n.ctx, notifyTimeout)
		defer cancel()
		err := n.topics.Publish(ctx, m.Topic, m.Subject, m.Message)
		if n.ctx.Err() != nil { // we are closing
			return
		}
		if err != nil {
			n.log.Warn("approval was not published", "topic", m.Topic, "err", err)
		}
		ended(err)
	})
}

// publish is the part of *sns.Client used here.
type publish interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// SNS is Topics that calls an SNS service.
type SNS struct{ api publish }

// NewSNS is Topics that calls client.
func NewSNS(client *sns.Client) *SNS { return &SNS{api: client} }

// Publish publishes one message. Its error says what SNS says, without the
// message.
func (s *SNS) Publish(ctx context.Context, topicARN, subject, message string) error {
	_, err := s.api.Publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(topicARN), Subject: aws.String(subject), Message: aws.String(message),
	})
	if refusal := smithy.APIError(nil); errors.As(err, &refusal) {
		return fmt.Errorf("SNS refuses it: %s: %s", refusal.ErrorCode(), refusal.ErrorMessage())
	}
	if err != nil {
		return fmt.Errorf("publish to %s: %w", topicARN, err)
	}
	return nil
}
