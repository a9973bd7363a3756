package mail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/people"
)

// ProtocolEmail is how SNS sends plain mail.
const ProtocolEmail = "email"

// Subscriptions is what Sync needs of SNS; *sns.Client has it.
type Subscriptions interface {
	ListSubscriptionsByTopic(context.Context, *sns.ListSubscriptionsByTopicInput, ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error)
	Subscribe(context.Context, *sns.SubscribeInput, ...func(*sns.Options)) (*sns.SubscribeOutput, error)
	GetSubscriptionAttributes(context.Context, *sns.GetSubscriptionAttributesInput, ...func(*sns.Options)) (*sns.GetSubscriptionAttributesOutput, error)
	SetSubscriptionAttributes(context.Context, *sns.SetSubscriptionAttributesInput, ...func(*sns.Options)) (*sns.SetSubscriptionAttributesOutput, error)
}

// Options say how people are subscribed.
type Options struct {
	// Protocol is SNS's protocol; empty means ProtocolEmail.
	Protocol string
	// EndpointFor is where a person's mail goes; empty for somebody who gets
	// none. Nil means the person's address.
	EndpointFor func(people.Person) string
}

// A Status is what Sync found, or did, about one person.
type Status string

// The statuses. Each is shown under this name.
const (
	// Created: subscribed just now, and not confirmed yet.
	Created Status = "created"
	// Unconfirmed: subscribed before, and not confirmed yet. SNS forgets such
	// a subscription after two days.
	Unconfirmed Status = "unconfirmed"
	// Confirmed: gets the mails meant for this person, and no others.
	Confirmed Status = "confirmed"
	// Repaired: confirmed, and its filter policy was wrong until now.
	Repaired Status = "repaired"
	// NoAddress: gets no mail.
	NoAddress Status = "no address"
)

// A Result is the status of one person.
type Result struct {
	Person   people.Person
	Endpoint string
	Status   Status
}

// A Foreign subscription belongs to nobody who is configured. Without a filter
// policy it gets everybody's links.
type Foreign struct {
	Protocol string
	Endpoint string
	ARN      string
}

// A Report is what Sync found.
type Report struct {
	// People are in the order they were given.
	People  []Result
	Foreign []Foreign
}

// Sync subscribes everybody in all to the topic, each to the messages for that
// person alone. It may be repeated: it creates what is missing, repairs filter
// policies, and removes nothing. The report holds whatever was achieved, also
// when there is an error, which has one line per person it is about.
func Sync(ctx context.Context, api Subscriptions, topicARN string, all []people.Person, o Options) (Report, error) {
	y := syncer{api: api, topic: topicARN, protocol: o.Protocol, endpoint: o.EndpointFor}
	if y.protocol == "" {
		y.protocol = ProtocolEmail
	}
	if y.endpoint == nil {
		y.endpoint = func(p people.Person) string { return p.Email }
	}
	owners, err := y.owners(all)
	if err != nil {
		return Report{}, err
	}
	present, err := y.list(ctx)
	if err != nil {
		return Report{}, err
	}
	var report Report
	var errs []error
	for _, p := range all {
		r := Result{Person: p, Endpoint: y.endpoint(p), Status: NoAddress}
		if r.Endpoint != "" {
			r.Status, err = y.ensure(ctx, p, present[y.key(y.protocol, r.Endpoint)])
			if err != nil {
				errs = append(errs, fmt.Errorf("subscribe %s: %w", p.ID, err))
				continue
			}
		}
		report.People = append(report.People, r)
	}
	for _, key := range slices.Sorted(maps.Keys(present)) {
		if _, ours := owners[key]; !ours {
			s := present[key]
			report.Foreign = append(report.Foreign, Foreign{aws.ToString(s.Protocol), aws.ToString(s.Endpoint), aws.ToString(s.SubscriptionArn)})
		}
	}
	return report, errors.Join(errs...)
}
