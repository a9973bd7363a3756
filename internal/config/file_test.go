package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

var (
	dana = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee  = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com"}
	demo = config.File{
		Version:        config.Version,
		DefaultChannel: "C0RELEASES",
		People:         []people.Member{{Person: dana, Git: []string{"dwhitfield"}, IAM: []string{"arn:aws:iam::111122223333:user/dana"}}, {Person: lee}},
		Machines:       []string{"arn:aws:iam::111122223333:role/deployer"},
		Groups:         []config.Group{{Name: "web", Members: []string{"dana", "lee"}}, {Name: "all", Members: []string{"lee"}}},
		Policies: approval.Policies{{
			Name:    "web-shop",
			Match:   approval.Match{Environments: []string{"production"}, Stages: []string{"Approval"}},
			Channel: "C0RELEASES",
			Quorums: []approval.Quorum{
				{Name: "QA", Need: 2, People: []people.Person{dana, lee}},
				{Name: "Ops", Need: 1, Groups: []string{"S0OPS000002"}},
			},
			Escalate: []approval.Escalation{{After: 8 * time.Hour, To: []people.Person{lee}, For: "QA"}},
			Hours:    calendar.Timetable{Zone: "UTC", Holidays: []calendar.Date{"2026-12-25"}},
		}},
		Environments: []approval.Environment{{Name: "production", Match: approval.Match{Pipelines: []string{"web-*"}}}},
		Freezes:      []approval.Freeze{{Name: "year end", From: time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)}},
	}
)

// save writes text to a file and returns its path.
func save(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "signalbox.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileSurvivesWritingAndReading(t *testing.T) {
	t.Parallel()
	raw, err := demo.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.LoadFile(save(t, string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(demo, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadFileRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", ``, "EOF"},
		{"the YAML file", "version: 1\n", "signalbox config compile"},
		{"another version", `{"version":2,"people":[],"policies":[]}`, "version 2"},
		{"no version", `{}`, "version 0"},
		{"a condition of a later version", `{"version":1,"people":[],"policies":[{"name":"a","witnesses":2}]}`, "witnesses"},
		{"two documents", `{"version":1} {"version":1}`, "more after its end"},
		{"half a file", `{"version":1,"people":[{"id":"da`, "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := save(t, tt.text)
			f, err := config.LoadFile(path)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want an error with %q and the path", err, tt.want)
			}
			if diff := cmp.Diff(config.File{}, f); diff != "" {
				t.Errorf("a refused file is not empty:\n%s", diff)
			}
		})
	}
}

func TestLoadFileNamesAMissingFile(t *testing.T) {
	t.Parallel()
	_, err := config.LoadFile("nowhere.json")
	if err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("got %v", err)
	}
}

func TestGroupsOf(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]string{"dana": {"web"}, "lee": {"web", "all"}, "sam": nil} {
		if diff := cmp.Diff(want, demo.GroupsOf(id)); diff != "" {
			t.Errorf("%s:\n%s", id, diff)
		}
	}
}

func TestFileIsARulebookAndADirectory(t *testing.T) {
	t.Parallel()
	action := approval.Action{Pipeline: "web-shop", Stage: "Approval", Name: "Approve"}
	rule, ok := demo.Rulebook().For(action)
	if !ok || rule.Name != "web-shop" || rule.Environment != "production" {
		t.Errorf("the rule of %v is %q for %q, %v", action, rule.Name, rule.Environment, ok)
	}
	if freeze, frozen := demo.Rulebook().Frozen(action, time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)); !frozen || freeze.Name != "year end" {
		t.Errorf("frozen by %q, %v", freeze.Name, frozen)
	}
	index := demo.Directory().Index()
	if s := index.Starter("arn:aws:iam::111122223333:user/dana", "StartPipelineExecution"); s.Person.ID != "dana" {
		t.Errorf("Dana's user is %+v", s)
	}
	if s := index.Starter("arn:aws:sts::111122223333:assumed-role/deployer/x", "StartPipelineExecution"); s.Kind != people.Machine {
		t.Errorf("the deployer is %+v", s)
	}
}
