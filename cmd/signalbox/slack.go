package main

import (
	"fmt"
	"net/url"

	"github.com/signalbox/signalbox/internal/slack"
)

// slackCmd groups the commands about the Slack app.
type slackCmd struct {
	Manifest slackManifestCmd `cmd:"" help:"Print the app's manifest with the URLs of a deployment."`
}

// slackManifestCmd prints what a Slack app is made from.
type slackManifestCmd struct {
	URL  string `required:"" placeholder:"https://…" help:"Where Slack reaches the deployment: your own domain, or the output ApiEndpoint of the stack."`
	Link bool   `help:"Print a link instead, which opens Slack with the manifest filled in."`
}

// newAppURL opens the creation of an app.
const newAppURL = "https://api.slack.com/apps?new_app=1&manifest_yaml="

// Help is shown by --help.
func (slackManifestCmd) Help() string {
	return "Paste it into api.slack.com/apps, Create New App, From a manifest; or into App Manifest of the app that you have."
}

// Run prints the manifest.
func (c slackManifestCmd) Run(w world) error {
	manifest, err := slack.Manifest(c.URL)
	if err != nil {
		return fmt.Errorf("--url is %.100q: it %w", c.URL, err)
	}
	if c.Link {
		manifest = newAppURL + url.QueryEscape(manifest) + "\n"
	}
	_, err = fmt.Fprint(w.stdout, manifest)
	return err
}
