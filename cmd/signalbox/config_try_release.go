package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	changes "github.com/signalbox/signalbox/internal/release"
)

// A described release is one that waits for approval, as people write it down.
type described struct {
	// name is the file it is from.
	name  string
	About string `yaml:"about"`

	Pipeline string `yaml:"pipeline"`
	Stage    string `yaml:"stage"`
	Action   string `yaml:"action"`
	Account  string `yaml:"account"`
	Region   string `yaml:"region"`

	// StartedBy and Trigger are CodePipeline's. When both are empty, a push to
	// the repository has started it.
	StartedBy string `yaml:"started_by"`
	Trigger   string `yaml:"trigger"`
	// Authors are all who wrote a change. AuthorsUnread is when nobody knows.
	Authors       []author `yaml:"authors"`
	AuthorsUnread bool     `yaml:"authors_unread"`
	// Groups are the members of Slack user groups, by their Slack ids.
	Groups map[string][]string `yaml:"groups"`

	// Since is when it began to wait: at the first vote, if it is not said. At
	// is when the question is asked: at the last vote, or else now.
	Since  moment     `yaml:"since"`
	Votes  []ballot   `yaml:"votes"`
	At     moment     `yaml:"at"`
	Expect *expecting `yaml:"expect"`
}

type author struct {
	Name      string `yaml:"name"`
	Email     string `yaml:"email"`
	Committer bool   `yaml:"committer"`
}

type ballot struct {
	// By is an id under people.
	By string `yaml:"by"`
	// Verdict is approve unless it says otherwise, and Door slack.
	Verdict approval.Verdict `yaml:"verdict"`
	Door    string           `yaml:"door"`
	Reason  string           `yaml:"reason"`
	At      moment           `yaml:"at"`
	// Refused is why it is expected not to count.
	Refused approval.Refusal `yaml:"refused"`
}

// doorNames are the doors as people write them.
var doorNames = map[string]approval.Door{"": approval.DoorSlack, "slack": approval.DoorSlack, "email": approval.DoorEmail}

// A moment is a time as people write it: 2026-11-23T10:00Z.
type moment struct{ time.Time }

// UnmarshalYAML reads the text.
func (m *moment) UnmarshalYAML(text []byte) (err error) {
	*m, err = parseMoment(strings.Trim(strings.TrimSpace(string(text)), `"'`))
	return err
}

func parseMoment(text string) (moment, error) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return moment{at}, nil
		}
	}
	return moment{}, fmt.Errorf("%q is no moment: write it as 2026-11-23T10:00Z or 2026-11-23T10:00+01:00", text)
}

// parseAuthor reads "Name <address>", or either alone.
func parseAuthor(text string) author {
	name, address, _ := strings.Cut(text, "<")
	a := author{Name: strings.TrimSpace(name), Email: strings.TrimSuffix(strings.TrimSpace(address), ">")}
	if a.Email == "" && strings.Contains(a.Name, "@") {
		a.Name, a.Email = "", a.Name
	}
	return a
}

// readRelease reads a described release. JSON is YAML, too.
func readRelease(path string) (described, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return described{}, fmt.Errorf("read a release: %w", err)
	}
	var d described
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.DisallowUnknownField()).Decode(&d); err != nil {
		return described{}, fmt.Errorf("read the release in %s: %w", path, err)
	}
	d.name = path
	if err := d.check(); err != nil {
		return described{}, fmt.Errorf("read the release in %s: %w", path, err)
	}
	return d, nil
}

func (d described) check() error {
	if d.Pipeline == "" || d.Stage == "" || d.Action == "" {
		return errors.New("it has to name its pipeline, stage and action")
	}
	for _, v := range d.Votes {
		if _, ok := doorNames[v.Door]; !ok {
			return fmt.Errorf("%q is no door: write slack or email", v.Door)
		}
		if v.Verdict != "" && !v.Verdict.Valid() {
			return fmt.Errorf("%q is no verdict: write approve, reject, withdraw or override", v.Verdict)
		}
	}
	return d.Expect.check()
}

// readEvent makes a release of a recorded event, which says neither who started
// the execution nor who wrote the changes.
func readEvent(path string) (described, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return described{}, fmt.Errorf("read an event: %w", err)
	}
	ev, err := event.Parse(raw)
	if err != nil {
		return described{}, fmt.Errorf("read the event in %s: %w", path, err)
	}
	e, ok := ev.(event.ActionChanged)
	if !ok || e.Type != event.ManualApproval {
		return described{}, fmt.Errorf("the event in %s is not of a manual approval action", path)
	}
	return described{
		name: path, Pipeline: e.Pipeline, Stage: e.Stage, Action: e.Action, Account: e.Account, Region: e.Region,
		Since: moment{e.Time}, At: moment{e.Time},
	}, nil
}

// changes are those of d.
func (d described) changes() changes.Changes {
	c := changes.Changes{AuthorsComplete: !d.AuthorsUnread}
	for _, a := range d.Authors {
		c.Authors = append(c.Authors, changes.Author{Name: a.Name, Email: a.Email, Committer: a.Committer})
	}
	return c
}
