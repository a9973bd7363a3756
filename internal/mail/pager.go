package mail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// A Pager tells those who look after Signalbox of what cannot wait.
type Pager struct {
	publish Call
	arn     string
}

// NewPager returns the pager that publishes to the topic with the given ARN.
func NewPager(publish Call, topicARN string) *Pager { return &Pager{publish: publish, arn: topicARN} }

// Page publishes text under subject, of which SNS takes one line of less than
// 100 characters: the rest is cut off.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (p *Pager) Page(ctx context.Context, subject, text string) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	_, err := p.publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(p.arn), Subject: aws.String(oneLine(subject, maxSubject)), Message: aws.String(text),
	})
	if err != nil {
		return fmt.Errorf("publish the page: %w", err)
	}
	return nil
}
