package delivery

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// maxHeld is how many events are held back at most; beyond, they are delivered
// at once (chosen).
const maxHeld = 10_000

// A Switch delivers events to a Publisher, well or, as its Rates say, badly. It
// is safe for concurrent use.
type Switch struct {
	clock  clock.Clock
	outbox *Outbox[Event]
	log    *slog.Logger
	cancel context.CancelFunc
	worker sync.WaitGroup

	mu       sync.Mutex
	rates    Rates
	random   *rand.Rand
	counters Counters
	held     map[*held]struct{}
	// window are the held events that wait to be overtaken, oldest first.
	window []*held
	closed bool
}

// A held event waits for its time to come, or to be overtaken.
type held struct {
	event Event
	// left is by how many events it still is to be overtaken.
	left  int
	timer clock.Timer
}

// Counters tell what became of the events since the rates were set.
type Counters struct {
	// Events have come in; Delivered were taken by the bus, doubles included.
	Events    int `json:"events"`
	Delivered int `json:"delivered"`
	Late      int `json:"late"`
	Doubled   int `json:"doubled"`
	Lost      int `json:"lost"`
	Reordered int `json:"reordered"`
	// Failed were given up because the bus did not take them.
	Failed int `json:"failed"`
	// Waiting are held back or about to be delivered now.
	Waiting int `json:"waiting"`
}

// New is a Switch that delivers to next, and well until it is told otherwise.
// What is late is late by c. It works until ctx ends or Close is called.
func New(ctx context.Context, next Publisher, c clock.Clock, log *slog.Logger) *Switch {
	s := &Switch{clock: c, log: log, held: map[*held]struct{}{}}
	s.outbox = NewOutbox(func(ctx context.Context, e Event) error {
		err := next.Publish(ctx, e)
		if err == nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.counters.Delivered++
		}
		return err
	}, func(e Event, why error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fail(e, why)
	})
	s.reset(Rates{})
	ctx, s.cancel = context.WithCancel(ctx)
	s.worker.Go(func() { s.outbox.Run(ctx) })
	return s
}

// Set makes the rates those from now on, and begins to count anew. Events that
// are held back stay so. The error is a sentence that says what is possible.
func (s *Switch) Set(r Rates) error {
	if err := r.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset(r)
	return nil
}

// reset sets the rates. The caller holds the lock, as for all methods below
// that take none.
func (s *Switch) reset(r Rates) {
	s.rates, s.counters = r, Counters{}
	s.random = rand.New(rand.NewPCG(r.Seed, 0)) //nolint:gosec // it must be repeatable
}

// State is the rates, and what has come of them.
func (s *Switch) State() (Rates, Counters) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counters
	c.Waiting = len(s.held) + s.outbox.Pending()
	return s.rates, c
}

// Publish takes an event. It never blocks and returns no error: what the bus
// does not take is tried again, and then logged as lost. An event without an ID
// gets one.
func (s *Switch) Publish(_ context.Context, e Event) error {
	if e.ID == "" {
		e.ID = newID()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.counters.Events++
	f := s.rates.draw(s.random)
	if f.lost {
		s.counters.Lost++
		return nil
	}
	before := slices.Clone(s.window)
	switch {
	case f.late > 0:
		s.counters.Late++
		s.hold(e, f.late)
	case f.overtaken > 0:
		s.counters.Reordered++
		s.hold(e, maxWindow).await(s, f.overtaken)
	default:
		s.put(e)
	}
	if f.late == 0 {
		s.overtake(before)
	}
	if f.doubled {
		s.counters.Doubled++
		if f.renamed {
			e.ID = newID()
		}
		s.hold(e, f.again)
	}
	return nil
}

// put has e delivered now.
func (s *Switch) put(e Event) {
	if err := s.outbox.Put(e); err != nil {
		s.fail(e, err)
	}
}

// fail counts e as given up.
func (s *Switch) fail(e Event, why error) {
	s.counters.Failed++
	s.log.Warn("event lost", "source", e.Source, "detail-type", e.DetailType, "resources", e.Resources, "err", why)
}

// hold delivers e when d has passed, unless it is delivered before.
func (s *Switch) hold(e Event, d time.Duration) *held {
	h := &held{event: e}
	if len(s.held) >= maxHeld {
		s.put(e)
		return h
	}
	s.held[h] = struct{}{}
	h.timer = s.clock.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.release(h)
	})
	return h
}

// await puts h into the window until it has been overtaken by n events.
func (h *held) await(s *Switch, n int) {
	if _, waits := s.held[h]; waits {
		h.left = n
		s.window = append(s.window, h)
	}
}

// overtake tells those that wait in the window that one more event has come.
func (s *Switch) overtake(waiting []*held) {
	for _, h := range waiting {
		if h.left--; h.left == 0 {
			s.release(h)
		}
	}
}

// release delivers h if it is still held.
func (s *Switch) release(h *held) {
	if _, waits := s.held[h]; !waits {
		return
	}
	s.forget(h)
	s.put(h.event)
}

func (s *Switch) forget(h *held) {
	h.timer.Stop()
	delete(s.held, h)
	if i := slices.Index(s.window, h); i >= 0 {
		s.window = slices.Delete(s.window, i, i+1)
	}
}

// Close drops what is held back or not yet delivered, and returns when the
// delivery that is under way has ended. It may be called twice.
func (s *Switch) Close() {
	s.mu.Lock()
	s.closed = true
	for h := range s.held {
		s.forget(h)
	}
	s.mu.Unlock()
	s.cancel()
	s.worker.Wait()
}
