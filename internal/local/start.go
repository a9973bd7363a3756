package local

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/local/calls"
	"github.com/signalbox/signalbox/internal/local/console"
	"github.com/signalbox/signalbox/internal/local/demo"
	"github.com/signalbox/signalbox/internal/local/mail"
	"github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// late is a handler that is known only after its address has been given away.
// It is set before the console is ready, and not asked before that.
type late struct{ http.Handler }

// ports are the listeners of the world. They are taken first: the functions
// must know the addresses of the stand-ins, and the stand-ins the functions.
type ports struct{ console, pipelines, builds, registry, slack, mail, calls net.Listener }

func (w *World) listen() (ports, error) {
	var p ports
	var err error
	if p.console, err = listen(w.options.Port); err != nil {
		return p, err
	}
	for _, l := range []*net.Listener{&p.pipelines, &p.builds, &p.registry, &p.slack, &p.mail, &p.calls} {
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
	pipelines, inbox, made, hours, delivered := &late{}, &late{}, &late{}, &late{}, &late{}
	builds, images := &late{}, &late{}
	w.Demo = demo.New(demo.Options{URL: "http://" + p.console.Addr().String(), Seed: demoSeed, Say: w.options.Say})
	w.URL = w.serve(p.console, console.New(console.Options{
		Progress: w.progress,
		People:   residents(w.options.Config),
		Parts: map[string]http.Handler{
			"/local/slack/": w.Slack.Control(), "/local/mail": inbox,
			"/local/pipelines": pipelines, "/local/codepipeline/": pipelines, "/local/cloudwatch/": pipelines,
			"/local/codebuild/": builds, "/local/registry/": images,
			"/local/time": hours, "/local/delivery": delivered, "/local/calls": made, "/local/demo": w.Demo.Control(),
		},
	}))
	if err := w.deploy(ctx); err != nil {
		return err
	}
	if made.Handler, err = w.recordCalls(ctx, p); err != nil {
		return err
	}
	if inbox.Handler, err = w.deliverMail(ctx, p.mail); err != nil {
		return err
	}
	if err = w.keepTime(ctx); err != nil {
		return err
	}
	if images.Handler, err = w.keepImages(ctx, p.registry); err != nil {
		return err
	}
	if builds.Handler, err = w.runBuilds(ctx, p.builds); err != nil {
		return err
	}
	if pipelines.Handler, err = w.runPipelines(ctx, p.pipelines); err != nil {
		return err
	}
	hours.Handler, delivered.Handler = w.clock.Control(), w.delivery.Control()
	if err := w.writeEnvironment(); err != nil {
		return err
	}
	w.progress.Ready()
	return nil
}

// deploy brings up the local AWS with the template on it, and tells Slack
// where the app is.
func (w *World) deploy(ctx context.Context) error {
	config, err := w.options.Config.Encode()
	if err != nil {
		return err
	}
	w.Stack, err = stack.Start(ctx, stack.Options{
		Root: w.options.Root, Dir: w.options.Dir, Endpoint: w.options.Endpoint, Config: config,
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

// recordCalls leads all that the functions call through a recorder, which also
// tells the stand-ins from the local AWS.
func (w *World) recordCalls(ctx context.Context, p ports) (http.Handler, error) {
	var err error
	w.calls, err = calls.New(
		calls.AWS(w.Stack.Endpoint),
		calls.Service("CODEPIPELINE", "http://"+p.pipelines.Addr().String()),
		calls.Service("CODEBUILD", "http://"+p.builds.Addr().String()),
		calls.Service("ECR", "http://"+p.registry.Addr().String()),
		calls.Service("INSPECTOR2", "http://"+p.registry.Addr().String()),
		calls.Slack(w.slackURL+"/api/"),
	)
	if err != nil {
		return nil, err
	}
	url := w.serve(p.calls, w.calls.Handler())
	err = w.Stack.Lend(ctx, func(folder string) map[string]string { return w.calls.Environment(url, folder) })
	if err != nil {
		return nil, fmt.Errorf("lead the functions' calls through the recorder: %w", err)
	}
	return w.calls.Control(), nil
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
