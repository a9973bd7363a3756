package mail_test

import (
	"context"
	"errors"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

type subscription struct {
	protocol, endpoint, arn string
	attributes              map[string]string
	confirmed               bool
}

// subscriptions is one SNS topic with the real one's rules: one subscription
// per protocol and endpoint, two to a page, nothing to read or set before it
// is confirmed.
type subscriptions struct {
	all    []*subscription
	writes []string
	broken map[string]error // by endpoint
	hangs  bool
}

func (s *subscriptions) add(protocol, endpoint string, confirmed bool, attributes map[string]string) {
	s.all = append(s.all, &subscription{protocol, endpoint, topicARN + ":" + strconv.Itoa(len(s.all)), attributes, confirmed})
}

func (s *subscriptions) ListSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput, _ ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error) {
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err := s.broken["list"]; err != nil {
		return nil, err
	}
	from, _ := strconv.Atoi(aws.ToString(in.NextToken))
	out := &sns.ListSubscriptionsByTopicOutput{}
	for _, x := range s.all[from:min(from+2, len(s.all))] {
		arn := x.arn
		if !x.confirmed {
			arn = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, types.Subscription{
			Protocol: aws.String(x.protocol), Endpoint: aws.String(x.endpoint), SubscriptionArn: aws.String(arn), TopicArn: in.TopicArn,
		})
	}
	if from+2 < len(s.all) {
		out.NextToken = aws.String(strconv.Itoa(from + 2))
	}
	return out, nil
}

func (s *subscriptions) Subscribe(_ context.Context, in *sns.SubscribeInput, _ ...func(*sns.Options)) (*sns.SubscribeOutput, error) {
	endpoint := aws.ToString(in.Endpoint)
	if err := s.broken[endpoint]; err != nil {
		return nil, err
	}
	for _, x := range s.all {
		if x.protocol == aws.ToString(in.Protocol) && x.endpoint == endpoint {
			return nil, errors.New("InvalidParameter: Subscription already exists with different attributes")
		}
	}
	s.writes = append(s.writes, "subscribe "+endpoint)
	s.add(aws.ToString(in.Protocol), endpoint, false, in.Attributes)
	return &sns.SubscribeOutput{SubscriptionArn: aws.String(s.all[len(s.all)-1].arn)}, nil
}

func (s *subscriptions) find(arn *string) (*subscription, error) {
	for _, x := range s.all {
		if x.arn == aws.ToString(arn) && x.confirmed {
			return x, s.broken[x.endpoint]
		}
	}
	return nil, errors.New("InvalidParameter: SubscriptionArn")
}

func (s *subscriptions) GetSubscriptionAttributes(_ context.Context, in *sns.GetSubscriptionAttributesInput, _ ...func(*sns.Options)) (*sns.GetSubscriptionAttributesOutput, error) {
	x, err := s.find(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return &sns.GetSubscriptionAttributesOutput{Attributes: x.attributes}, nil
}

func (s *subscriptions) SetSubscriptionAttributes(_ context.Context, in *sns.SetSubscriptionAttributesInput, _ ...func(*sns.Options)) (*sns.SetSubscriptionAttributesOutput, error) {
	x, err := s.find(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	if x.attributes == nil {
		x.attributes = map[string]string{}
	}
	x.attributes[aws.ToString(in.AttributeName)] = aws.ToString(in.AttributeValue)
	s.writes = append(s.writes, "set "+aws.ToString(in.AttributeName)+" "+x.endpoint)
	return &sns.SetSubscriptionAttributesOutput{}, nil
}
