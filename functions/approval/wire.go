package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/archive"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/config"
	kmskey "github.com/signalbox/signalbox/internal/kms"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/schedule"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/trace"
)

// secretLife is how long a secret serves before it is read again.
const secretLife = 5 * time.Minute

// slackPatience bounds one call of Slack's Web API.
const slackPatience = 5 * time.Second

// sessionName is how other accounts' CloudTrail knows us.
const sessionName = "signalbox-approval"

// wire makes the works out of the environment and the compiled configuration.
// It makes no call, so a start cannot fail for want of one.
func wire(_ context.Context, getenv func(string) string) (works, error) {
	env, envErr := config.LoadApproval(getenv)
	c, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return works{}, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))
	file, err := config.LoadFile(env.File)
	if err != nil {
		return works{}, err
	}
	trace.Instrument(&c)
	records := store.New(store.CallsOf(dynamodb.NewFromConfig(c)), env.Table).As(env.FunctionARN)
	alarms, err := schedule.New(schedule.CallsOf(scheduler.NewFromConfig(c)), schedule.Target{
		Group: env.ScheduleGroup, FunctionARN: env.FunctionARN, RoleARN: env.ScheduleRoleARN, DeadLetterARN: env.EventDeadLettersARN,
	}, time.Now)
	if err != nil {
		return works{}, err
	}
	publish := sns.NewFromConfig(c).Publish
	pipelines := reach(c, env)
	asker := &approval.Asker{
		Keeper: &approval.Keeper{Store: records, Alarms: alarms, Now: time.Now},
		Source: pipelines, Book: file.Rulebook(), People: file.Directory().Index(), Channel: file.DefaultChannel,
		Mail: mail.New(publish, env.TopicARN), Pause: pause,
		Inviter: approval.Inviter{
			Links: records, Signer: kmskey.NewSigner(kms.NewFromConfig(c).GenerateMac, env.LinkKeyID), PublicURL: env.PublicURL,
		},
	}
	cards := workspace(c, env)
	asker.Cards, asker.Clickers, asker.Circles = cards, cards, slack.NewGroups(cards.Members, time.Now)
	w := works{
		gate: approval.Gate{Decider: &approval.Decider{
			Asker: asker, Pipeline: pipelines, Pager: mail.NewPager(publish, env.OperationsTopicARN),
		}},
		clerk: approval.Clerk{Asker: asker, Desk: cards},
	}
	if env.AuditBucket != "" {
		w.exporter = &audit.Exporter{Ledger: records, Archive: archive.New(archive.Bucket(c, time.Now), env.AuditBucket)}
	}
	return w, nil
}

// workspace is Slack.
func workspace(c aws.Config, env config.Approval) *slack.Client {
	token := secret.New(secret.Manager(c, time.Now), env.SlackTokenSecret, secretLife, time.Now)
	web := trace.HTTPClient("Slack", &http.Client{Timeout: slackPatience})
	return slack.NewClient(env.SlackAPIURL, env.SlackTeamID, web, token)
}

// reach is CodePipeline in every account and Region that is governed. All other
// accounts are looked at in all Regions: where a pipeline is not, there is
// nothing that waits.
func reach(c aws.Config, env config.Approval) *pipeline.Client {
	home, _ := arn.Parse(env.FunctionARN) // config has checked it
	var homes []pipeline.Place
	for _, account := range append([]string{home.AccountID}, env.PipelineAccounts...) {
		for _, region := range append([]string{home.Region}, env.PipelineRegions...) {
			homes = append(homes, pipeline.Place{Account: account, Region: region})
		}
	}
	accounts := pipeline.NewAccounts(c, home.AccountID, env.PipelineRole, sessionName, time.Now)
	return pipeline.Across(accounts.Calls, homes...)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
