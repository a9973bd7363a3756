package slack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// An installation is what the app may do in the workspace.
type installation struct {
	scopes []string
	// commands are its slash commands; nil means any.
	commands []string
	// home and messages are the tabs of its home.
	home, messages bool
	// events are those that it hears of; nil means any.
	events []string
}

// install reads an app manifest in YAML. Without one, everything is allowed
// that this workspace can do.
// https://docs.slack.dev/reference/app-manifest/
func install(manifest string) (installation, error) {
	if manifest == "" {
		return installation{scopes: everyScope(), home: true, messages: true}, nil
	}
	var m struct {
		Features struct {
			Home struct {
				Home     bool `yaml:"home_tab_enabled"`
				Messages bool `yaml:"messages_tab_enabled"`
			} `yaml:"app_home"`
			Commands []struct {
				Command string `yaml:"command"`
			} `yaml:"slash_commands"`
		} `yaml:"features"`
		OAuth struct {
			Scopes struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal([]byte(manifest), &m); err != nil {
		return installation{}, fmt.Errorf("read the app manifest: %w", err)
	}
	i := installation{
		scopes: m.OAuth.Scopes.Bot, home: m.Features.Home.Home, messages: m.Features.Home.Messages,
		commands: []string{}, events: append([]string{}, m.Settings.Events.Bot...),
	}
	for _, c := range m.Features.Commands {
		i.commands = append(i.commands, c.Command)
	}
	return i, nil
}

// refuses says why the app gets no such command; empty when it does.
func (i installation) refuses(command string) (why string) {
	switch {
	case !slices.Contains(i.scopes, commandScope):
		return "the app lacks the scope " + commandScope
	case i.commands != nil && !slices.Contains(i.commands, command):
		return "the app has no such command"
	default:
		return ""
	}
}

// hears reports whether the app is subscribed to an event.
func (i installation) hears(event string) bool {
	return i.events == nil || slices.Contains(i.events, event)
}

// lacks refuses a call for which the app has not been granted the scope.
func (i installation) lacks(scope string) reply {
	if scope == "" || slices.Contains(i.scopes, scope) {
		return nil
	}
	return reply{"error": "missing_scope", "needed": scope, "provided": strings.Join(i.scopes, ",")}
}
