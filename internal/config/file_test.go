package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

var (
	dana = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee  = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com"}
	demo = config.File{
		Version:        config.Version,
		DefaultChannel: "C0RELEASES",
		People:         []people.Person{dana, lee},
		Groups:         []config.Group{{Name: "web", Members: []string{"dana", "lee"}}, {Name: "all", Members: []string{"lee"}}},
		Policies: approval.Policies{{
			Name:      "web-shop",
			Match:     approval.Match{Pipelines: []string{"web-*"}, Stages: []string{"Approval"}},
			Channel:   "C0RELEASES",
			Approvers: []people.Person{dana, lee},
		}},
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
		{"a condition of a later version", `{"version":1,"people":[],"policies":[{"name":"a","quorum":2}]}`, "quorum"},
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
