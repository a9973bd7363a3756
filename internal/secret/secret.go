// Package secret reads values from AWS Secrets Manager and keeps them for a
// while.
//
// A secret is read when it is first needed, never while a function starts, and
// again once its time to live has passed, so that a rotation needs no deploy.
// What is read is a Text, which does not print.
package secret

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// staleLimit is how long past its time to live a value still serves when
	// Secrets Manager does not answer.
	staleLimit = time.Hour
	// retryAfter is the pause after such a failure, so that not every request
	// waits for a service that is down.
	retryAfter = 15 * time.Second
	// refreshPause is the least time between two forced readings: whoever sends
	// us forged signatures must not make us call Secrets Manager each time.
	refreshPause = time.Minute

	// readTimeout bounds one reading. With a value in hand that still serves,
	// rereadTimeout does: Slack hangs up after three seconds.
	readTimeout   = 2 * time.Second
	rereadTimeout = 750 * time.Millisecond
)

// The staging labels of Secrets Manager: the value in force and the one before
// it. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// ErrAbsent is what a Call says of a version that there is none of.
var ErrAbsent = errors.New("no such version")

// A Call reads the version of a secret under a staging label: see Manager.
type Call func(ctx context.Context, arn, stage string) (string, error)

// A Value is one secret. It is safe for concurrent use, and however many ask
// at once, Secrets Manager is asked once.
type Value struct {
	ask Call
	arn string
	ttl time.Duration
	now func() time.Time

	flights singleflight.Group

	mu        sync.Mutex
	readings  map[string]reading // by staging label
	refreshed time.Time          // the last forced reading
}

// A reading is what Secrets Manager answered for one staging label.
type reading struct {
	text    Text
	expires time.Time
	retry   time.Time // not to be read again before this, set by a failure
}

// New returns the secret with the given ARN or name. What is read serves for
// ttl, give or take a tenth so that many instances do not ask together. now
// tells the time, usually time.Now.
func New(ask Call, arn string, ttl time.Duration, now func() time.Time) *Value {
	return &Value{ask: ask, arn: arn, ttl: ttl, now: now, readings: map[string]reading{}}
}

// Get returns the value in force, without surrounding white space. It is never
// empty: an empty secret is an error. When Secrets Manager does not answer, a
// value read before serves for up to an hour longer.
func (v *Value) Get(ctx context.Context) (Text, error) { return v.text(ctx, current) }

// Previous returns the value that was in force before the last rotation, empty
// when there is none. What was signed with it may still be under way.
func (v *Value) Previous(ctx context.Context) (Text, error) { return v.text(ctx, previous) }

// Refresh reads the value again, for a caller who finds that the one it has is
// refused. It does so at most once a minute and otherwise returns nil at once;
// on error the former value stays.
func (v *Value) Refresh(ctx context.Context) error {
	return v.fly(ctx, "refresh", readTimeout, func(ctx context.Context) error {
		if !v.mayRefresh() {
			return nil
		}
		return v.read(ctx, current)
	})
}

// mayRefresh claims the forced reading of this minute. The previous value is
// then due as well, since a rotation replaces both.
func (v *Value) mayRefresh() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	if now.Sub(v.refreshed) < refreshPause {
		return false
	}
	v.refreshed = now
	if r, ok := v.readings[previous]; ok {
		r.expires, r.retry = now, now
		v.readings[previous] = r
	}
	return true
}

func (v *Value) text(ctx context.Context, stage string) (Text, error) {
	r, known := v.reading(stage)
	now := v.now()
	if known && (now.Before(r.expires) || now.Before(r.retry)) {
		return r.text, nil
	}
	stale := known && now.Before(r.expires.Add(staleLimit))
	limit := readTimeout
	if stale {
		limit = rereadTimeout
	}
	err := v.fly(ctx, stage, limit, func(ctx context.Context) error { return v.read(ctx, stage) })
	switch {
	case err == nil:
		r, _ = v.reading(stage)
		return r.text, nil
	case stale:
		slog.WarnContext(ctx, "secret cannot be read again, the former value serves", "secret", v.arn, "stage", stage, "err", err)
		v.postpone(stage, now.Add(retryAfter))
		return r.text, nil
	}
	return Text{}, err
}

// fly runs read once for all who ask for the same key at the same time. It
// does not end with the context of the first of them, who may be in more of a
// hurry than the others.
func (v *Value) fly(ctx context.Context, key string, limit time.Duration, read func(context.Context) error) error {
	done := v.flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		return nil, read(ctx)
	})
	select {
	case <-ctx.Done():
		return fmt.Errorf("read secret %s: %w", v.arn, ctx.Err())
	case result := <-done:
		return result.Err
	}
}

// read asks Secrets Manager and keeps the answer.
func (v *Value) read(ctx context.Context, stage string) error {
	text, err := v.ask(ctx, v.arn, stage)
	if stage == previous && errors.Is(err, ErrAbsent) {
		v.keep(stage, Text{}) // never rotated
		return nil
	}
	if err != nil {
		return fmt.Errorf("read secret %s: %w", v.arn, err)
	}
	value := strings.TrimSpace(text) // a newline from a shell is the usual slip
	if value == "" {
		// An empty signing key would let anybody sign.
		return fmt.Errorf("read secret %s: it holds no text", v.arn)
	}
	v.keep(stage, NewText(value))
	return nil
}

func (v *Value) keep(stage string, text Text) {
	spread := 0.9 + 0.2*rand.Float64() //nolint:gosec // spreads load and protects nothing
	v.mu.Lock()
	defer v.mu.Unlock()
	v.readings[stage] = reading{text: text, expires: v.now().Add(time.Duration(float64(v.ttl) * spread))}
}

func (v *Value) reading(stage string) (reading, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, ok := v.readings[stage]
	return r, ok
}

func (v *Value) postpone(stage string, until time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.readings[stage]
	r.retry = until
	v.readings[stage] = r
}
