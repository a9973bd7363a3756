package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/people"
)

// peopleCmd groups the commands about people.
type peopleCmd struct {
	Sync syncCmd `cmd:"" help:"Subscribe each approver to the mails meant for them, and list who has not confirmed."`
}

// syncCmd subscribes approvers to the topic of the approval mails.
type syncCmd struct {
	sourceFile `embed:""`
	Topic      string `required:"" placeholder:"ARN" help:"ARN of the approvals topic: the output ApprovalsTopicArn of the stack."`
	JSON       bool   `name:"json" help:"Print the result as JSON."`
}

// Help is shown by --help.
func (syncCmd) Help() string {
	return "Uses the credentials that the AWS CLI would use, and the region of the topic. It can be repeated: it creates " +
		"what is missing and removes nothing. Each new subscriber gets one mail from AWS and has to confirm there."
}

// credentialsTimeout bounds the look for credentials; mail.Sync bounds its own
// calls.
const credentialsTimeout = 10 * time.Second

// Run subscribes.
func (c syncCmd) Run(ctx context.Context, w world) error {
	topic, err := arn.Parse(c.Topic)
	if err != nil || topic.Service != "sns" {
		return fmt.Errorf("--topic is %q, and has to be the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME", c.Topic)
	}
	f, err := c.compiled(w, w.stderr)
	if err != nil {
		return err
	}
	client, err := topicClient(ctx, topic.Region)
	if err != nil {
		return err
	}
	report, err := mail.Sync(ctx, client, c.Topic, approvers(f), mail.Options{})
	r := resultOf(report)
	if c.JSON {
		return errors.Join(printJSON(w.stdout, r), err)
	}
	return errors.Join(r.print(w.stdout), err)
}

// topicClient makes a client from the same places as the AWS CLI does.
func topicClient(ctx context.Context, region string) (*sns.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, credentialsTimeout)
	defer cancel()
	c, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(region))
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	return sns.NewFromConfig(c), nil
}

// approvers lists who may be asked by mail, in the order of the file. Nobody
// else gets mails, and nobody else should be asked to confirm a subscription.
// Anybody could be in a Slack user group, so a rule with one asks all.
func approvers(f config.File) []people.Person {
	asked := map[string]bool{}
	for _, r := range f.Policies {
		if r.Shadow || r.Tell.NoMail {
			continue
		}
		all := r.Approvers()
		for _, e := range r.Escalate {
			if e.For != "" {
				all = append(all, e.To...)
			}
		}
		if len(r.Groups()) > 0 {
			all = f.Directory().People()
		}
		for _, p := range all {
			asked[p.ID] = true
		}
	}
	var out []people.Person
	for _, p := range f.Directory().People() {
		if asked[p.ID] {
			out = append(out, p)
		}
	}
	return out
}

// syncResult is what people sync --json prints.
type syncResult struct {
	People []subscriber `json:"people"`
	// Others are subscriptions of the topic that belong to no approver.
	Others []otherSubscription `json:"others"`
}

type subscriber struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Address string      `json:"address,omitempty"`
	Status  mail.Status `json:"status"`
}

type otherSubscription struct {
	Protocol string `json:"protocol"`
	Endpoint string `json:"endpoint"`
	ARN      string `json:"arn"`
}

func resultOf(report mail.Report) syncResult {
	r := syncResult{People: []subscriber{}, Others: []otherSubscription{}} // [] rather than null
	for _, p := range report.People {
		r.People = append(r.People, subscriber{p.Person.ID, p.Person.Name, p.Endpoint, p.Status})
	}
	for _, f := range report.Foreign {
		r.Others = append(r.Others, otherSubscription(f))
	}
	return r
}

// statusWords say a status to people.
var statusWords = map[mail.Status]string{
	mail.Created:     "created, waiting for confirmation",
	mail.Unconfirmed: "waiting for confirmation",
	mail.Confirmed:   "subscribed",
	mail.Repaired:    "subscribed; its filter was wrong and has been put right",
	mail.NoAddress:   "no e-mail address, asked in Slack only",
}

// print writes r for people.
func (r syncResult) print(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	var errs []error
	say := func(format string, args ...any) {
		_, err := fmt.Fprintf(t, format, args...)
		errs = append(errs, err)
	}
	waiting := 0
	for _, p := range r.People {
		say("%s\t%s\t%s\n", p.Name, p.Address, statusWords[p.Status])
		if p.Status == mail.Created || p.Status == mail.Unconfirmed {
			waiting++
		}
	}
	if waiting > 0 {
		say("\n%s to confirm: the mail is from AWS Notifications. A subscription that nobody confirms\n"+
			"is forgotten after two days; then run this again.\n", count(waiting, "person has", "people have"))
	}
	for i, o := range r.Others {
		if i == 0 {
			say("\nNot of any approver; remove what you do not know with `aws sns unsubscribe --subscription-arn ARN`:\n")
		}
		say("%s\t%s\t%s\n", o.Protocol, o.Endpoint, o.ARN)
	}
	return errors.Join(append(errs, t.Flush())...)
}
