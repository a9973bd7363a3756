// Package mail asks approvers by e-mail, through SNS.
//
// Every approver has a subscription of their own, whose filter policy lets
// only messages for that person through: so a link belongs to one person, and
// one Publish is one mail. CodePipeline's own notification cannot be used: it
// goes to everybody alike, and carries the approval's token.
//
// The texts are plain. Nothing in them but our own words begins a line, so
// that a commit message can pass neither for a code nor for a link.
package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// The message attributes that subscriptions filter on.
const (
	attributeRecipient = "recipient"
	attributeKind      = "kind"
	attributePipeline  = "pipeline"
	attributeStage     = "stage"

	// kindApproval asks for an answer.
	kindApproval = "approval"
)

// publishTimeout bounds one Publish with its repetitions.
const publishTimeout = 5 * time.Second

// A Call is the method Publish of a client. The method alone is handed over,
// see docs/decisions/0009-calls-not-clients.md.
type Call func(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)

// A Topic publishes mails. SNS sends no more than ten a second to one address,
// which a request, one mail per approver, does not come near.
type Topic struct {
	publish Call
	arn     string
}

// New returns the topic with the given ARN.
func New(publish Call, topicARN string) *Topic { return &Topic{publish: publish, arn: topicARN} }

// Ask publishes the mail that asks i.To about r. Publishing it again sends the
// same mail again. No error names the link or the code.
func (t *Topic) Ask(ctx context.Context, r approval.Request, i approval.Invitation) error {
	if i.To.ID == "" { // without a recipient, no filter policy would hold it back
		return errors.New("publish approval mail: it has no recipient")
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	_, err := t.publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(t.arn),
		Subject:  aws.String(Subject(r)),
		Message:  aws.String(Text(r, i)),
		MessageAttributes: map[string]types.MessageAttributeValue{
			attributeRecipient: attribute(i.To.ID),
			attributeKind:      attribute(kindApproval),
			attributePipeline:  attribute(r.Pipeline),
			attributeStage:     attribute(r.Stage),
		},
	})
	if err != nil {
		return fmt.Errorf("publish approval mail: %w", withhold(err, i.URL, i.Code))
	}
	return nil
}

func attribute(s string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(s)}
}

// withheld is an error whose text does not contain what it must not. It does
// not unwrap to the original, whose text may.
type withheld struct {
	text  string
	cause error
}

func withhold(err error, secrets ...string) error {
	text := err.Error()
	for _, s := range secrets {
		if s == "" {
			continue
		}
		text = strings.ReplaceAll(text, s, "[withheld]")
		if _, token, ok := strings.Cut(s, "t="); ok && token != "" {
			text = strings.ReplaceAll(text, token, "[withheld]")
		}
	}
	return withheld{text: text, cause: err}
}

// Error is the text without the secrets.
func (w withheld) Error() string { return w.text }

// Is lets callers ask what kind of error it was.
func (w withheld) Is(target error) bool { return errors.Is(w.cause, target) }
