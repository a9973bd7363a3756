package secret_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

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

func (m *manager) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	if m.hold != nil {
		select {
		case <-m.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.down {
		return nil, errDown
	}
	value, ok := m.values[aws.ToString(in.VersionStage)]
	if !ok || aws.ToString(in.SecretId) != arn {
		return nil, &types.ResourceNotFoundException{}
	}
	return &secretsmanager.GetSecretValueOutput{SecretString: aws.String(value)}, nil
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
	return secret.New(m.GetSecretValue, arn, ttl, c.now), m, c
}
