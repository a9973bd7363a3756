// Package slack stands in for Slack: for its Web API, which our functions call,
// and for its clients, which call our functions when somebody clicks.
//
// It is strict on purpose. It refuses what Slack refuses (blocks over their
// limits, stale triggers, edits of messages that are gone) and can be told to
// fail the ways Slack fails. It keeps everything in memory, delivers no event
// but app_home_opened, and listens on nothing itself: the caller serves Handler
// and Control.
package slack

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options are what a Workspace needs. Token, SigningSecret, Team, App and URL
// are required.
type Options struct {
	Team Team
	App  App
	// Users and Channels are everybody and everything there is. The app's own
	// bot user is added when it is not among Users.
	Users    []User
	Channels []Channel
	// Groups are the user groups to begin with.
	Groups []Group
	// Manifest is what the app is installed from, in YAML: it decides on scopes,
	// commands, events and tabs. Without one the app may do everything.
	Manifest string
	// Token is the app's bot token ("xoxb-…").
	Token string
	// SigningSecret signs the requests to the app.
	SigningSecret string
	// URL is the base under which Handler is served, without a final slash.
	// It becomes part of every response_url.
	URL string
	// RateLimits switches on Slack's limits per method and channel.
	RateLimits bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Client calls the app; nil means one that waits answerTimeout.
	Client *http.Client
}

// answerTimeout is how long we wait for the app. Slack itself gives up after
// slackPatience; we wait on in order to report how long it really took.
const (
	answerTimeout = 15 * time.Second
	slackPatience = 3 * time.Second
)

// A Workspace is one Slack workspace with one app in it. It is safe for use by
// several goroutines.
type Workspace struct {
	options Options
	now     func() time.Time
	client  *http.Client
	// base is the host and scheme of options.URL.
	base string
	// installed is what the app may do here.
	installed installation
	faults    faults
	// revoked tells that the token is good no more.
	revoked atomic.Bool

	mu         sync.Mutex
	requestURL string
	// verified tells that the app has proved to listen at requestURL.
	verified bool
	directs  []Channel
	groups   []Group
	homes    homes
	history  history
	views    views
	triggers triggers
	replies  replies
	pace     pace
	lastID   int
}

// New makes an empty workspace.
func New(o Options) (*Workspace, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	installed, err := install(o.Manifest)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		installed: installed,
		options:   o,
		now:       o.Now,
		client:    o.Client,
		base:      strings.TrimRight(o.URL, "/"),
		groups:    slices.Clone(o.Groups),
		history:   newHistory(),
		homes:     homes{},
		pace:      pace{},
	}
	w.options.Channels = slices.Clone(o.Channels) // which change
	if w.now == nil {
		w.now = time.Now
	}
	if w.client == nil {
		w.client = &http.Client{Timeout: answerTimeout}
	}
	if _, found := w.user(o.App.BotUser); !found {
		bot := User{ID: o.App.BotUser, Name: o.App.Name, RealName: o.App.Name, Bot: true}
		w.options.Users = append(append([]User{}, o.Users...), bot)
	}
	return w, nil
}

func (o Options) check() error {
	var problems []error
	for _, need := range [][2]string{
		{"Token", o.Token},
		{"SigningSecret", o.SigningSecret},
		{"Team.ID", o.Team.ID},
		{"App.ID", o.App.ID},
		{"App.BotUser", o.App.BotUser},
		{"App.BotID", o.App.BotID},
	} {
		if need[1] == "" {
			problems = append(problems, errors.New("local Slack needs "+need[0]))
		}
	}
	if u, err := url.Parse(o.URL); err != nil || u.Host == "" {
		problems = append(problems, errors.New("local Slack needs URL, the address it is served at"))
	}
	return errors.Join(problems...)
}

// SetRequestURL tells where the app listens: interactions go to
// base/slack/interactions, commands to base/slack/commands and events to
// base/slack/events.
func (w *Workspace) SetRequestURL(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.verified = false
	w.requestURL = strings.TrimRight(base, "/")
}

// Handler serves what Slack serves to apps: the Web API under /api/ and the
// response_urls under /response/.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveMethod)
	mux.HandleFunc("POST /response/{id}/{secret}", w.serveReply)
	return mux
}
