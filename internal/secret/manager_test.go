package secret_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/secret"
)

const (
	arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"
	ttl = 5 * time.Minute
)

var errDown = errors.New("service unavailable")

// manager is Secrets Manager for one secret.
type manager struct {
	mu     sync.Mutex
	values map[string]string // by staging label; absent means none
	down   bool
	calls  int
	hold   chan struct{} // when not nil, a call waits for it or its context
}

func (m *manager) value(ctx context.Context, id, stage string) (string, error) {
	if m.hold != nil {
		select {
		case <-m.hold:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.down {
		return "", errDown
	}
	value, ok := m.values[stage]
	if !ok || id != arn {
		return "", secret.ErrAbsent
	}
	return value, nil
}

func (m *manager) set(down bool, values map[string]string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down, m.values = down, values
}

func (m *manager) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

// clock is a time that tests move by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newValue(values map[string]string) (*secret.Value, *manager, *clock) {
	m := &manager{values: values}
	c := &clock{time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)}
	return secret.New(m.value, arn, ttl, c.now), m, c
}
