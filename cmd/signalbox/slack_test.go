package main

import (
	"net/url"
	"strings"
	"testing"
)

func TestSlackManifestFillsInTheURLs(t *testing.T) {
	t.Parallel()
	code, out, errs := signalbox(t, "", "slack", "manifest", "--url", "https://releases.example.org/")
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %q", code, errs)
	}
	for _, want := range []string{"https://releases.example.org/slack/interactions\n", "https://releases.example.org/slack/events\n", "app_home_opened"} {
		if !strings.Contains(out, want) {
			t.Errorf("the manifest lacks %q", want)
		}
	}
	if strings.Contains(out, "signalbox.example.com") {
		t.Error("the manifest keeps the example's URL")
	}
	code, link, _ := signalbox(t, "", "slack", "manifest", "--link", "--url", "https://releases.example.org")
	u, err := url.Parse(strings.TrimSpace(link))
	if code != exitOK || err != nil || u.Host != "api.slack.com" || u.Query().Get("manifest_yaml") != out {
		t.Errorf("exit %d, link %.60q, %v", code, link, err)
	}
}

func TestSlackManifestNeedsAURLThatSlackReaches(t *testing.T) {
	t.Parallel()
	if code, _, errs := signalbox(t, "", "slack", "manifest"); code != exitUsage || !strings.Contains(errs, "--url") {
		t.Errorf("no URL: exit %d, %q", code, errs)
	}
	code, out, errs := signalbox(t, "", "slack", "manifest", "--url", "http://localhost:8080")
	if code != exitFailed || out != "" || !strings.Contains(errs, `--url is "http://localhost:8080": it has to be the https URL`) {
		t.Errorf("a local URL: exit %d, %q, %q", code, out, errs)
	}
}
