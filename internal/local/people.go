package local

import (
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/local/console"
	"github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	app "github.com/signalbox/signalbox/internal/slack"
)

// The workspace of the demo and the app in it. Its secrets protect nothing:
// they open a Slack that exists on loopback only.
const (
	teamID        = "T0SIGNALBOX"
	appID         = "A0SIGNALBOX"
	botToken      = "xoxb-local-signalbox" //nolint:gosec // see above
	signingSecret = "local-signing-secret" //nolint:gosec // see above
)

// stranger is in the workspace and in no configuration: the one to be refused.
var stranger = people.Person{ID: "sam", Name: "Sam Stranger", Email: "sam@example.com", Slack: "U0SAM000009"}

// channelNames are the names of the demo's channels; others go by their id.
var channelNames = map[string]string{"C0RELEASES": "releases", "C0PAYMENTS": "payments-releases", "C0REPORTS": "reports"}

// userGroups are the demo's groups in Slack, whose members its policies may
// count: @qa, @ops, and one that admits nobody.
var userGroups = []slack.Group{
	{ID: "S0QA0000001", Handle: "qa", Name: "Quality assurance", Members: []string{"U0DANA00001", "U0LEE000002"}},
	{ID: "S0OPS000002", Handle: "ops", Name: "Operations", Members: []string{"U0PRIYA0003"}},
	{ID: "S0EMPTY0003", Handle: "nobody", Name: "Nobody yet"},
}

// everybody is who lives in the local world: the people of the configuration
// who are in Slack, and the stranger.
func everybody(f config.File) []people.Person {
	var all []people.Person
	for _, p := range f.People {
		if p.Slack != "" && p.Slack != stranger.Slack {
			all = append(all, p.Person)
		}
	}
	return append(all, stranger)
}

// residents is everybody as the console shows them.
func residents(f config.File) []console.Person {
	var all []console.Person
	for _, p := range everybody(f) {
		groups := f.GroupsOf(p.ID)
		if groups == nil {
			groups = []string{}
		}
		all = append(all, console.Person{Name: p.Name, Slack: p.Slack, Email: p.Email, Groups: groups})
	}
	return all
}

// workspace is the Slack of the demo, served at url: everybody, three accounts
// that may never vote, and each channel that a rule or a route names. The app is installed
// from the manifest that people install it from.
func workspace(f config.File, url string) slack.Options {
	o := slack.Options{
		Team:  slack.Team{ID: teamID, Name: "Signalbox demo", Domain: "signalbox-demo"},
		App:   slack.App{ID: appID, Name: "Signalbox", BotID: "B0SIGNALBOX", BotUser: "U0SIGNALBOX"},
		Token: botToken, SigningSecret: signingSecret, URL: url,
		Manifest: app.ExampleManifest(), Groups: userGroups,
		Users: []slack.User{
			{ID: "U0GUEST0010", Name: "gita", RealName: "Gita Guest", Guest: true},
			{ID: "U0BOT000011", Name: "deploybot", RealName: "Deploy Bot", Bot: true},
			{ID: "U0GONE00012", Name: "gone", RealName: "Gone Colleague", Deleted: true},
		},
	}
	for _, p := range everybody(f) {
		o.Users = append(o.Users, slack.User{ID: p.Slack, Name: p.ID, RealName: p.Name, Email: p.Email})
	}
	for _, id := range channels(f) {
		name := channelNames[id]
		if name == "" {
			name = id
		}
		o.Channels = append(o.Channels, slack.Channel{ID: id, Name: name})
	}
	return o
}

// channels lists the channels that are asked and those that releases are told
// of in, the default one first.
func channels(f config.File) []string {
	var ids []string
	seen := map[string]bool{"": true}
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	add(f.DefaultChannel)
	for _, r := range f.Policies {
		add(r.Channel)
	}
	for _, id := range told(f.Notices) {
		add(id)
	}
	return ids
}

// told lists the channels of r and of the routes below it.
func told(r notice.Route) []string {
	ids := []string{r.Channel}
	for _, below := range r.Routes {
		ids = append(ids, told(below)...)
	}
	return ids
}
