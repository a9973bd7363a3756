package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/signalbox/signalbox/internal/people"
)

// SNS's names for attributes of a subscription, and what it calls the ARN of
// one that is not confirmed, or no longer there.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
const (
	filterPolicy      = "FilterPolicy"
	filterPolicyScope = "FilterPolicyScope"
	scopeAttributes   = "MessageAttributes"
	pendingARN        = "PendingConfirmation"
	deletedARN        = "Deleted"
)

// syncTimeout bounds each call of a synchronisation.
const syncTimeout = 10 * time.Second

// A syncer holds what the steps of one Sync share.
type syncer struct {
	api      Subscriptions
	topic    string
	protocol string
	endpoint func(people.Person) string
}

// key identifies a subscription of a topic. SNS keeps one per protocol and
// endpoint; addresses differ in case only by accident.
func (y syncer) key(protocol, endpoint string) string {
	if protocol == ProtocolEmail {
		endpoint = strings.ToLower(endpoint)
	}
	return protocol + " " + endpoint
}

// owners knows whose each endpoint is. Two people cannot share one: each would
// get, and could answer, the other's links.
func (y syncer) owners(all []people.Person) (map[string]people.Person, error) {
	owners := make(map[string]people.Person, len(all))
	for _, p := range all {
		e := y.endpoint(p)
		if e == "" {
			continue
		}
		if o, taken := owners[y.key(y.protocol, e)]; taken {
			return nil, fmt.Errorf("%s and %s have the same address %s: give each their own", o.ID, p.ID, e)
		}
		owners[y.key(y.protocol, e)] = p
	}
	return owners, nil
}

// list reads all subscriptions of the topic, a hundred at a time.
func (y syncer) list(ctx context.Context) (map[string]types.Subscription, error) {
	present := map[string]types.Subscription{}
	in := &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(y.topic)}
	for {
		out, err := bounded(ctx, y.api.ListSubscriptionsByTopic, in)
		if err != nil {
			return nil, fmt.Errorf("list the subscriptions of %s: %w", y.topic, err)
		}
		for _, s := range out.Subscriptions {
			if aws.ToString(s.SubscriptionArn) != deletedARN {
				present[y.key(aws.ToString(s.Protocol), aws.ToString(s.Endpoint))] = s
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return present, nil
		}
		in = &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(y.topic), NextToken: out.NextToken}
	}
}

// ensure brings one person's subscription s, which may not exist, into order.
func (y syncer) ensure(ctx context.Context, p people.Person, s types.Subscription) (Status, error) {
	switch aws.ToString(s.SubscriptionArn) {
	case "":
		return Created, y.subscribe(ctx, p)
	case pendingARN: // its attributes can be neither read nor set
		return Unconfirmed, nil
	}
	return y.repair(ctx, p, aws.ToString(s.SubscriptionArn))
}

func (y syncer) subscribe(ctx context.Context, p people.Person) error {
	_, err := bounded(ctx, y.api.Subscribe, &sns.SubscribeInput{
		TopicArn: aws.String(y.topic),
		Protocol: aws.String(y.protocol),
		Endpoint: aws.String(y.endpoint(p)),
		Attributes: map[string]string{
			filterPolicy:      policyFor(p),
			filterPolicyScope: scopeAttributes,
		},
		ReturnSubscriptionArn: true,
	})
	return err
}

// repair compares by meaning, since SNS may write a policy differently. The
// scope comes first: with another one, the policy would match nothing.
func (y syncer) repair(ctx context.Context, p people.Person, arn string) (Status, error) {
	out, err := bounded(ctx, y.api.GetSubscriptionAttributes, &sns.GetSubscriptionAttributesInput{SubscriptionArn: aws.String(arn)})
	if err != nil {
		return "", err
	}
	if out.Attributes["PendingConfirmation"] == "true" {
		return Unconfirmed, nil
	}
	status := Confirmed
	if scope := out.Attributes[filterPolicyScope]; scope != "" && scope != scopeAttributes {
		status = Repaired
		if err := y.set(ctx, arn, filterPolicyScope, scopeAttributes); err != nil {
			return "", err
		}
	}
	if !admitsOnly(out.Attributes[filterPolicy], p) {
		status = Repaired
		if err := y.set(ctx, arn, filterPolicy, policyFor(p)); err != nil {
			return "", err
		}
	}
	return status, nil
}

func (y syncer) set(ctx context.Context, arn, name, value string) error {
	_, err := bounded(ctx, y.api.SetSubscriptionAttributes, &sns.SetSubscriptionAttributesInput{
		SubscriptionArn: aws.String(arn), AttributeName: aws.String(name), AttributeValue: aws.String(value),
	})
	return err
}

// policyFor lets through what is for p.
func policyFor(p people.Person) string {
	// A map of strings always encodes.
	policy, _ := json.Marshal(map[string][]string{attributeRecipient: {p.ID}})
	return string(policy)
}

func admitsOnly(policy string, p people.Person) bool {
	var got map[string][]string
	if json.Unmarshal([]byte(policy), &got) != nil {
		return false
	}
	return maps.EqualFunc(got, map[string][]string{attributeRecipient: {p.ID}}, slices.Equal)
}

// bounded makes one call with a time limit.
func bounded[I, O any](ctx context.Context, call func(context.Context, *I, ...func(*sns.Options)) (*O, error), in *I) (*O, error) {
	ctx, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	return call(ctx, in)
}
