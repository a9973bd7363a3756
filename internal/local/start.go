package local

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/console"
	"github.com/signalbox/signalbox/internal/local/mail"
	"github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// late is a handler that is known only after its address has been given away.
// It is set before the console is ready, and not asked before that.
type late struct{ http.Handler }

// ports are the listeners of the world. They are taken first: the functions
// must know the addresses of the stand-ins, and the stand-ins the functions.
type ports struct{ console, pipelines, slack, mail net.Listener }

func (w *World) listen() (ports, error) {
	var p ports
	var err error
	if p.console, err = listen(w.options.Port); err != nil {
		return p, err
	}
	for _, l := range []*net.Listener{&p.pipelines, &p.slack, &p.mail} {
		if *l, err = listen(0); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (w *World) start(ctx context.Context) error {
	p, err := w.listen()
	if err != nil {
		return err
	}
	w.slackURL = "http://" + p.slack.Addr().String()
	if w.Slack, err = slack.New(workspace(w.options.Config, w.slackURL)); err != nil {
		return err
	}
	w.serve(p.slack, w.Slack.Handler())
	pipelines, inbox := &late{}, &late{}
	w.URL = w.serve(p.console, console.New(console.Options{
		Progress: w.progress,
		People:   residents(w.options.Config),
		Parts: map[string]http.Handler{
			"/local/slack/": w.Slack.Control(), "/local/mail": inbox,
			"/local/pipelines": pipelines, "/local/codepipeline/": pipelines,
		},
	}))
	if err := w.deploy(ctx, p); err != nil {
		return err
	}
	if inbox.Handler, err = w.deliverMail(ctx, p.mail); err != nil {
		return err
	}
	if pipelines.Handler, err = w.runPipelines(ctx, p.pipelines); err != nil {
		return err
	}
	if err := w.writeEnvironment(); err != nil {
		return err
	}
	w.progress.Ready()
	return nil
}

// deploy brings up the local AWS with the template on it, and tells Slack
// where the app is.
func (w *World) deploy(ctx context.Context, p ports) error {
	config, err := w.options.Config.Encode()
	if err != nil {
		return err
	}
	w.Stack, err = stack.Start(ctx, stack.Options{
		Root: w.options.Root, Dir: w.options.Dir, Endpoint: w.options.Endpoint, Config: config,
		Env: map[string]string{"AWS_ENDPOINT_URL_CODEPIPELINE": "http://" + p.pipelines.Addr().String()},
		Secrets: []stack.Secret{
			{Parameter: "SlackBotTokenSecretArn", Name: "signalbox/slack-bot-token", Value: botToken},
			{Parameter: "SlackSigningSecretArn", Name: "signalbox/slack-signing-secret", Value: signingSecret},
		},
		Parameters: map[string]string{
			"Environment": "local", "SlackAppId": appID, "SlackTeamId": teamID, "SlackApiUrl": w.slackURL + "/api/",
		},
		Progress: w.step,
	})
	if err != nil {
		return err
	}
	w.Slack.SetRequestURL(w.Stack.APIURL)
	return nil
}

// deliverMail subscribes the inboxes of the demo's people to the approvals
// topic, by the same code as `signalbox people sync` but over HTTP.
func (w *World) deliverMail(ctx context.Context, l net.Listener) (http.Handler, error) {
	w.step("Subscribing the inboxes")
	client := sns.NewFromConfig(w.Stack.AWS())
	var addresses []string
	for _, p := range residents(w.options.Config) {
		addresses = append(addresses, p.Email)
	}
	box, err := mail.New(mail.Options{Addresses: addresses, Confirmer: client})
	if err != nil {
		return nil, err
	}
	w.mailURL = w.serve(l, box.Handler())
	if err := subscribe(ctx, client, w.Stack.Output("ApprovalsTopicArn"), w.mailURL, w.options.Config.People); err != nil {
		return nil, err
	}
	return box.Control(), nil
}

// runPipelines starts CodePipeline with the demo's pipelines.
func (w *World) runPipelines(ctx context.Context, l net.Listener) (http.Handler, error) {
	w.step("Seeding the demo pipelines")
	aws := w.Stack.AWS()
	log, err := os.Create(filepath.Join(w.options.Dir, "codepipeline.log"))
	if err != nil {
		return nil, fmt.Errorf("make the log of CodePipeline: %w", err)
	}
	w.log = log
	service, err := codepipeline.New(context.WithoutCancel(ctx), codepipeline.Options{
		Account: w.Stack.Account, Region: aws.Region,
		Publisher: bus{stack: w.Stack, account: w.Stack.Account, region: aws.Region},
		Invoker:   codepipeline.NewLambda(lambda.NewFromConfig(aws)),
		Log:       slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		return nil, err
	}
	w.pipelines = service
	w.pipelineURL = w.serve(l, service.Handler())
	for _, d := range codepipeline.Demo(w.Stack.Account, aws.Region) {
		if err := service.CreatePipeline(d); err != nil {
			return nil, fmt.Errorf("create the demo pipeline %s: %w", d.Name, err)
		}
	}
	return service.Control(), nil
}
