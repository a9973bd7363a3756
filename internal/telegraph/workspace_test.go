package telegraph_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// A fuse blows at some call: it and those after it fail, as for a process that
// is no more. Whether the call was still carried out is a matter of luck.
type fuse struct {
	mu     sync.Mutex
	left   int // calls until it blows; negative for never
	hidden bool
	blown  bool
}

var errBlown = errors.New("the process is no more")

func (f *fuse) set(calls int, hidden bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.hidden, f.blown = calls, hidden, false
}

func (f *fuse) call(do func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.blown {
		return errBlown
	}
	if f.left == 0 {
		f.blown = true
		if f.hidden {
			_ = do() //nolint:errcheck // nobody hears of it
		}
		return errBlown
	}
	f.left--
	return do()
}

// workspace is Slack: messages that say what they show.
type workspace struct {
	*fuse
	mu       sync.Mutex
	now      func() time.Time
	messages []*post
	posts    int // calls that post, and edits
	edits    int
	finds    int
	// faults are what calls in order answer; nil for nothing special.
	faults []fault
}

// A fault is what Slack does instead. Accepted says that it does its work all
// the same.
type fault struct {
	accepted bool
	err      error
}

type post struct {
	telegraph.Message
	at        time.Time
	of        string
	key       string
	thread    string
	shows     string
	broadcast bool
	mentions  int
}

func (w *workspace) do(work func()) error {
	return w.call(func() error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.faults) > 0 {
			f := w.faults[0]
			w.faults = w.faults[1:]
			if f.err != nil {
				if f.accepted {
					work()
				}
				return f.err
			}
		}
		work()
		return nil
	})
}

func (w *workspace) Hash(v telegraph.View) string {
	return v.Record.Hash() + "/" + v.Release.Environment + "/" + string(v.Delivery.Mode)
}

func (w *workspace) add(p post) telegraph.Message {
	p.TS = fmt.Sprint(len(w.messages) + 1)
	p.at = w.now()
	w.messages = append(w.messages, &p)
	return p.Message
}

func (w *workspace) PostCard(_ context.Context, to string, v telegraph.View) (m telegraph.Message, err error) {
	err = w.do(func() {
		w.posts++
		m = w.add(post{Message: telegraph.Message{Channel: to}, of: v.Record.ID, key: notice.CardKey, shows: w.Hash(v)})
	})
	return m, err
}

func (w *workspace) EditCard(_ context.Context, m telegraph.Message, v telegraph.View) error {
	return w.do(func() {
		w.edits++
		for _, p := range w.messages {
			if p.Message == m {
				p.shows = w.Hash(v)
			}
		}
	})
}

func (w *workspace) Say(_ context.Context, m telegraph.Message, s telegraph.Saying) (got telegraph.Message, err error) {
	err = w.do(func() {
		w.posts++
		got = w.add(post{
			Message: telegraph.Message{Channel: m.Channel}, of: s.Record.ID, key: s.Key, thread: m.TS,
			broadcast: s.Broadcast, mentions: len(s.Mention), shows: string(s.Kind),
		})
	})
	return got, err
}

func (w *workspace) PostDigest(_ context.Context, to, key string, d notice.Digest, _ *time.Location) (m telegraph.Message, err error) {
	err = w.do(func() {
		w.posts++
		var text []string
		for _, l := range d.Lines {
			text = append(text, l.Text(time.UTC, strings.TrimSpace))
		}
		m = w.add(post{Message: telegraph.Message{Channel: to}, key: key, shows: strings.Join(text, "\n")})
	})
	return m, err
}

func (w *workspace) Find(_ context.Context, m telegraph.Message, of release.ExecutionID, since time.Time) (map[string]telegraph.Message, error) {
	found := map[string]telegraph.Message{}
	err := w.do(func() {
		w.finds++
		for _, p := range w.messages {
			inThread := m.TS == "" || p.thread == m.TS || p.TS == m.TS
			if p.Channel == m.Channel && p.of == of.ID && inThread && !p.at.Before(since) {
				found[p.key] = p.Message
			}
		}
	})
	return found, err
}
