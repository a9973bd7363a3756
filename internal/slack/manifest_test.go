package slack_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/slack"
)

const base = "https://releases.example.org/prod"

// A manifest is what Slack lets an app be, as far as ours goes.
type manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Long        string `yaml:"long_description"`
		Color       string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Commands []struct {
			Command     string `yaml:"command"`
			URL         string `yaml:"url"`
			Description string `yaml:"description"`
			Hint        string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `yaml:"request_url"`
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `yaml:"is_enabled"`
			URL     string `yaml:"request_url"`
			Options string `yaml:"message_menu_options_url"`
		} `yaml:"interactivity"`
		Org      bool `yaml:"org_deploy_enabled"`
		Socket   bool `yaml:"socket_mode_enabled"`
		Rotation bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

func readManifest(t *testing.T) manifest {
	t.Helper()
	text, err := slack.Manifest(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := yaml.UnmarshalWithOptions([]byte(text), &m, yaml.Strict()); err != nil {
		t.Fatalf("the manifest has what Slack does not know: %v", err)
	}
	return m
}

func TestManifestSendsEverythingToOurRoutes(t *testing.T) {
	t.Parallel()
	m := readManifest(t)
	got := []string{m.Settings.Interactivity.URL, m.Settings.Interactivity.Options, m.Settings.Events.URL, m.Features.Commands[0].URL}
	want := []string{base + "/slack/interactions", base + "/slack/options", base + "/slack/events", base + "/slack/commands"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("URLs (-want +got):\n%s", diff)
	}
	s := m.Settings
	if diff := cmp.Diff([]string{"app_home_opened"}, s.Events.Bot); diff != "" || !s.Interactivity.Enabled || s.Org || s.Socket || s.Rotation || !m.Features.Home.Home {
		t.Errorf("settings %+v", s)
	}
}

// TestManifestKeepsSlacksLimits holds the manifest to
// https://docs.slack.dev/reference/app-manifest/.
func TestManifestKeepsSlacksLimits(t *testing.T) {
	t.Parallel()
	m := readManifest(t)
	c := m.Features.Commands[0]
	for _, l := range []struct {
		what, text  string
		least, most int
	}{
		{"name", m.Display.Name, 1, 35},
		{"description", m.Display.Description, 1, 140},
		{"long description", m.Display.Long, 175, 4000},
		{"bot's name", m.Features.Bot.Name, 1, 80},
		{"command", c.Command, 2, 32},
		{"command's description", c.Description, 1, 2000},
		{"command's hint", c.Hint, 1, 1000},
		{"colour", m.Display.Color, 4, 7},
	} {
		if n := utf8.RuneCountInString(l.text); n < l.least || n > l.most {
			t.Errorf("the %s has %d characters, want %d to %d", l.what, n, l.least, l.most)
		}
	}
	if m.Metadata.Major != 1 || len(m.Features.Commands) != 1 || c.Command != "/signalbox" {
		t.Errorf("manifest %+v", m)
	}
}

// called lists the methods of Slack's Web API that this package names, each of
// which it hands to Client.call.
func called(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil && isMethod(s) {
					names = append(names, s)
				}
			}
			return true
		})
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// isMethod reports whether s reads like a method.
func isMethod(s string) bool {
	family, rest, ok := strings.Cut(s, ".")
	families := []string{
		"api", "apps", "auth", "bookmarks", "bots", "chat", "conversations", "dialog", "dnd", "emoji", "files", "pins", "reactions",
		"reminders", "search", "team", "usergroups", "users", "views", "workflows",
	}
	return ok && slices.Contains(families, family) && rest != "" && !strings.ContainsAny(rest, " /:%")
}

func TestManifestAsksForTheScopesOfWhatWeCallAndNoOther(t *testing.T) {
	t.Parallel()
	methods := called(t)
	if len(methods) < 5 || !slices.Contains(methods, "views.publish") {
		t.Fatalf("only found %v", methods)
	}
	needed := []string{"commands"} // of the slash command
	for _, method := range methods {
		scopes, known := workspace.Scopes(method)
		if !known {
			t.Errorf("%s: no local Slack knows it, so nothing is known of its scope", method)
		}
		needed = append(needed, scopes...)
	}
	slices.Sort(needed)
	asked := slices.Sorted(slices.Values(readManifest(t).OAuth.Scopes.Bot))
	if diff := cmp.Diff(slices.Compact(needed), asked); diff != "" {
		t.Errorf("scopes of %v (-needed +asked for):\n%s", methods, diff)
	}
}

func TestManifestIsAboutAURLThatSlackReaches(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "releases.example.org", "http://releases.example.org", "https://", "https://:443", "https://a@example.org", "https://example.org?x=1",
		"https://example.org?", "https://example.org#", "https://example.org/\nscopes: [admin]", `https://example.org/"`, "https://example.org/ x",
		"https://example.org/" + strings.Repeat("x", 3000), "https://exämple.org", "%zz",
	} {
		if text, err := slack.Manifest(bad); !errors.Is(err, slack.ErrBaseURL) || text != "" {
			t.Errorf("Manifest(%.40q) = %.20q, %v; want ErrBaseURL", bad, text, err)
		}
	}
	raw, err := os.ReadFile("manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := slack.Manifest("https://signalbox.example.com")
	if err != nil || text != string(raw) {
		t.Errorf("the example's own URL changes the manifest: %v", err)
	}
}
