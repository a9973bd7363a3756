// Package demo plays a day of releases in about three minutes, for people to
// watch: at the console, and line by line on the terminal.
//
// A Player knows nothing that a script does not: it works through the HTTP
// contract of docs/local.md alone, with the demo's pipelines, people and rules.
// The same seed tells the same story.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// ErrPlaying refuses a play while another is on.
var ErrPlaying = errors.New("a play is on already; stop it first")

const (
	// patience is how long a Player waits for something that takes a few seconds.
	patience = 40 * time.Second
	// reading is how long a caption stands before its scene begins, and watching
	// how long the scene's end can be seen. They make it three minutes.
	reading  = 2200 * time.Millisecond
	watching = 1500 * time.Millisecond
	// callTimeout is for a single call; a click waits for the functions.
	callTimeout = 15 * time.Second
)

// Options say where to play. URL is required.
type Options struct {
	// URL is the console's, without a slash at its end.
	URL string
	// Seed chooses who pushes what.
	Seed uint64
	// Say is told each line as it is narrated; it may be nil.
	Say func(line string)
	// Pause waits for d, or until ctx ends; nil is real time.
	Pause func(ctx context.Context, d time.Duration) error
}

// A Caption is what the play shows now, as GET /local/demo answers it.
type Caption struct {
	Playing bool `json:"playing"`
	// Scene is the number of the scene, from 1, of all.
	Scene int `json:"scene"`
	Of    int `json:"of"`
	// Clock is the time of day in the play, such as "09:05".
	Clock string `json:"clock"`
	// Text is empty when there is nothing to show.
	Text string `json:"text"`
	// Person and Channel are through whose eyes, by the Slack id, and where in
	// Slack the scene is best seen; they may be empty.
	Person  string `json:"person,omitempty"`
	Channel string `json:"channel,omitempty"`
}

// A Player plays one play at a time. It is safe for concurrent use.
type Player struct {
	options Options
	client  *http.Client
	plays   sync.WaitGroup

	mu      sync.Mutex
	caption Caption
	stop    context.CancelFunc // nil while nothing plays
}

// New is a Player that waits for Play.
func New(o Options) *Player {
	if o.Pause == nil {
		o.Pause = pause
	}
	return &Player{options: o, client: &http.Client{
		Timeout: callTimeout,
		// The page behind a link answers with a redirect to itself.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Play plays until the end, until ctx ends, or until somebody stops it, which
// is no error. Any other end says at which scene it was.
func (p *Player) Play(ctx context.Context) error {
	ctx, err := p.begin(ctx)
	if err != nil {
		return err
	}
	return p.play(ctx)
}

// begin takes the stage; play leaves it.
func (p *Player) begin(ctx context.Context) (context.Context, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		return nil, ErrPlaying
	}
	ctx, p.stop = context.WithCancel(ctx)
	p.caption = Caption{Playing: true, Text: "The play begins."}
	p.plays.Add(1)
	return ctx, nil
}

func (p *Player) play(ctx context.Context) error {
	defer p.plays.Done()
	s := &show{Player: p}
	err := s.run(ctx, story(p.options.Seed))
	stopped := ctx.Err() != nil
	p.mu.Lock()
	p.stop()
	p.stop, p.caption.Playing = nil, false
	if stopped {
		p.caption = Caption{}
	}
	p.mu.Unlock()
	if err == nil || stopped {
		return nil
	}
	p.show(Caption{Text: "The play ends early: " + err.Error() + "."})
	return err
}

// Stop ends the play if one is on, and takes its caption away.
func (p *Player) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop()
	}
	p.caption = Caption{}
}

// Close ends the play and waits until it has ended.
func (p *Player) Close() {
	p.Stop()
	p.plays.Wait()
}

// Caption is what is shown now.
func (p *Player) Caption() Caption {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.caption
}

// show changes the caption, and tells the terminal.
func (p *Player) show(c Caption) {
	p.mu.Lock()
	c.Playing = p.stop != nil
	p.caption = c
	p.mu.Unlock()
	if p.options.Say != nil {
		p.options.Say(strings.TrimSpace(fmt.Sprintf("%5s  %s", c.Clock, c.Text)))
	}
}
