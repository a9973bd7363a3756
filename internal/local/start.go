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
type ports struct {
	console, pipelines, builds, registry, schedules, slack, mail, calls net.Listener
}

func (w *World) listen() (ports, error) {
	var p ports
	var err error
	if p.console, err = listen(w.options.Port); err != nil {
		return p, err
	}
	for _, l := range []*net.Listener{&p.pipelines, &p.builds, &p.registry, &p.schedules, &p.slack, &p.mail, &p.calls} {
		if *l, err = listen(0); err != nil {
			return p, err
		}
	}
	return p, nil
}

// parts are what the console is made of, besides Slack and the demo.
type parts struct {
	pipelines, inbox, calls, hours, delivery, builds, images, schedules, records late
}

// openConsole serves the console before anything else, so that people can watch
// the rest come up.
func (w *World) openConsole(p ports) *parts {
	made := &parts{}
	w.Demo = demo.New(demo.Options{URL: "http://" + p.console.Addr().String(), Seed: demoSeed, Say: w.options.Say})
	w.URL = w.serve(p.console, console.New(console.Options{
		Progress: w.progress,
		People:   residents(w.options.Config),
		Parts: map[string]http.Handler{
			"/local/slack/": w.Slack.Control(), "/local/mail": &made.inbox,
			"/local/pipelines": &made.pipelines, "/local/codepipeline/": &made.pipelines, "/local/cloudwatch/": &made.pipelines,
			"/local/codebuild/": &made.builds, "/local/registry/": &made.images,
			"/local/schedules": &made.schedules, "/local/schedules/": &made.schedules,
			"/local/audit": &made.records, "/local/audit/": &made.records, "/local/reconcile": &made.records, "/local/sweep": &made.records,
			"/local/time": &made.hours, "/local/delivery": &made.delivery, "/local/calls": &made.calls, "/local/demo": w.Demo.Control(),
		},
	}))
	return made
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
	made := w.openConsole(p)
	if err := w.deploy(ctx); err != nil {
		return err
	}
	if made.calls.Handler, err = w.recordCalls(ctx, p); err != nil {
		return err
	}
	if made.inbox.Handler, err = w.deliverMail(ctx, p.mail); err != nil {
		return err
	}
	if err = w.keepTime(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		handler *late
		start   func(context.Context, net.Listener) (http.Handler, error)
		l       net.Listener
	}{ // each may use those before it
		{&made.images, w.keepImages, p.registry}, {&made.builds, w.runBuilds, p.builds},
		{&made.schedules, w.keepSchedules, p.schedules}, {&made.pipelines, w.runPipelines, p.pipelines},
	} {
		if part.handler.Handler, err = part.start(ctx, part.l); err != nil {
			return err
		}
	}
	made.hours.Handler, made.delivery.Handler, made.records.Handler = w.clock.Control(), w.delivery.Control(), w.recordsControl()
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
		calls.Service("CLOUDWATCH_LOGS", "http://"+p.builds.Addr().String()),
		calls.Service("ECR", "http://"+p.registry.Addr().String()),
		calls.Service("INSPECTOR2", "http://"+p.registry.Addr().String()),
		calls.Service("SCHEDULER", "http://"+p.schedules.Addr().String()),
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
	if err := subscribe(ctx, client, w.Stack.Output("ApprovalsTopicArn"), w.mailURL, w.options.Config.Directory().People()); err != nil {
		return nil, err
	}
	return box.Control(), nil
}
