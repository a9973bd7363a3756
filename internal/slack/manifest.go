package slack

import (
	_ "embed" // the manifest
	"errors"
	"net/url"
	"strings"
)

//go:embed manifest.yaml
var manifest string

// manifestURL is what the manifest has in the place of the deployment's URL.
const manifestURL = "https://signalbox.example.com"

// maxBaseURL leaves room for our paths in the shortest of Slack's limits on
// URLs, which is 3000 characters for a slash command.
const maxBaseURL = 2900

// ErrBaseURL means that Slack could not reach a URL, or that it is not a base
// that paths can be added to.
var ErrBaseURL = errors.New("has to be the https URL that Slack reaches the deployment at, such as https://releases.example.com")

// Manifest is the Slack app's manifest, in YAML and with its comments, for the
// deployment at base. It fails with ErrBaseURL.
// https://docs.slack.dev/reference/app-manifest/
func Manifest(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil, u.Scheme != "https", u.Hostname() == "", u.User != nil, u.RawQuery != "", u.Fragment != "",
		u.ForceQuery, strings.ContainsAny(base, "#?"), len(base) > maxBaseURL, !only(base, inPlainURL):
		return "", ErrBaseURL
	}
	return strings.ReplaceAll(manifest, manifestURL, strings.TrimRight(base, "/")), nil
}

// ExampleManifest is the Manifest for a deployment that there is not, at
// https://signalbox.example.com. All else in it is as it will be.
func ExampleManifest() string { return manifest }

// inPlainURL reports the characters of URLs that YAML has no meaning for.
func inPlainURL(c byte) bool {
	return lower(c) || digit(c) || c >= 'A' && c <= 'Z' || strings.IndexByte(":/.-_~%", c) >= 0
}
