package secret_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/signalbox/signalbox/internal/secret"
)

func mustGet(t *testing.T, v *secret.Value, want string) {
	t.Helper()
	got, err := v.Get(t.Context())
	if err != nil || got.Reveal() != want {
		t.Fatalf("Get reveals %q, %v; want %q", got.Reveal(), err, want)
	}
}

func TestSecretIsReadOnceWhileItIsFresh(t *testing.T) {
	t.Parallel()
	v, m, c := newValue(map[string]string{"AWSCURRENT": "one\n"})
	if m.count() != 0 {
		t.Error("read before it was asked for")
	}
	mustGet(t, v, "one")
	m.set(false, map[string]string{"AWSCURRENT": "two"})
	c.at = c.at.Add(ttl * 89 / 100)
	mustGet(t, v, "one")
	if m.count() != 1 {
		t.Errorf("%d readings, want 1", m.count())
	}
	c.at = c.at.Add(ttl * 22 / 100) // past the time to live, jitter included
	mustGet(t, v, "two")
}

func TestInstancesDoNotReadAgainAtTheSameMoment(t *testing.T) {
	t.Parallel()
	due := 0
	const instances = 200
	for range instances {
		v, m, c := newValue(map[string]string{"AWSCURRENT": "one"})
		mustGet(t, v, "one")
		c.at = c.at.Add(ttl)
		mustGet(t, v, "one")
		due += m.count() - 1
	}
	if due < instances/4 || due > instances*3/4 {
		t.Errorf("%d of %d read again at the nominal time, want about half", due, instances)
	}
}

func TestFormerValueServesAnHourWhenSecretsManagerIsDown(t *testing.T) {
	t.Parallel()
	v, m, c := newValue(map[string]string{"AWSCURRENT": "one"})
	mustGet(t, v, "one")
	m.set(true, nil)
	c.at = c.at.Add(ttl + ttl/5)
	mustGet(t, v, "one")
	mustGet(t, v, "one")
	if m.count() != 2 {
		t.Errorf("%d readings, want 2: after a failure there is a pause", m.count())
	}
	c.at = c.at.Add(time.Minute)
	mustGet(t, v, "one")
	if m.count() != 3 {
		t.Errorf("%d readings, want 3: after the pause it is tried again", m.count())
	}
	c.at = c.at.Add(time.Hour)
	if got, err := v.Get(t.Context()); !errors.Is(err, errDown) || !got.Empty() {
		t.Errorf("Get after an hour = %q, %v; want the failure", got.Reveal(), err)
	}
	m.set(false, map[string]string{"AWSCURRENT": "two"})
	mustGet(t, v, "two")
}

func TestFirstReadingThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	v, m, _ := newValue(nil)
	m.set(true, nil)
	if _, err := v.Get(t.Context()); !errors.Is(err, errDown) || !strings.Contains(err.Error(), arn) {
		t.Errorf("Get = %v; want the failure and the name of the secret", err)
	}
}

func TestEmptyOrMissingSecretIsAnError(t *testing.T) {
	t.Parallel()
	for _, values := range []map[string]string{nil, {"AWSCURRENT": ""}, {"AWSCURRENT": " \n"}} {
		v, _, _ := newValue(values)
		if got, err := v.Get(t.Context()); err == nil {
			t.Errorf("Get with %v reveals %q, want an error", values, got.Reveal())
		}
	}
}

func TestPreviousIsEmptyUntilTheFirstRotation(t *testing.T) {
	t.Parallel()
	v, m, c := newValue(map[string]string{"AWSCURRENT": "one"})
	for range 2 {
		got, err := v.Previous(t.Context())
		if err != nil || !got.Empty() {
			t.Fatalf("Previous = %q, %v; want none", got.Reveal(), err)
		}
	}
	if m.count() != 1 {
		t.Errorf("%d readings, want 1: that there is none is remembered too", m.count())
	}
	m.set(false, map[string]string{"AWSCURRENT": "two", "AWSPREVIOUS": "one"})
	c.at = c.at.Add(2 * ttl)
	got, err := v.Previous(t.Context())
	if err != nil || got.Reveal() != "one" {
		t.Errorf("Previous after a rotation = %q, %v; want one", got.Reveal(), err)
	}
}

func TestRefreshFindsARotationAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	v, m, c := newValue(map[string]string{"AWSCURRENT": "one"})
	mustGet(t, v, "one")
	if _, err := v.Previous(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.set(false, map[string]string{"AWSCURRENT": "two", "AWSPREVIOUS": "one"})
	refresh := func(readings int) {
		t.Helper()
		if err := v.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m.count() != readings {
			t.Fatalf("%d readings, want %d", m.count(), readings)
		}
	}
	refresh(3)
	mustGet(t, v, "two")
	if got, err := v.Previous(t.Context()); err != nil || got.Reveal() != "one" {
		t.Errorf("Previous = %q, %v; want one: a rotation replaces both", got.Reveal(), err)
	}
	c.at = c.at.Add(59 * time.Second)
	refresh(4)
	c.at = c.at.Add(time.Second)
	refresh(5)
}

func TestFailedRefreshKeepsTheValue(t *testing.T) {
	t.Parallel()
	v, m, _ := newValue(map[string]string{"AWSCURRENT": "one"})
	mustGet(t, v, "one")
	m.set(true, nil)
	if err := v.Refresh(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("Refresh = %v, want the failure", err)
	}
	mustGet(t, v, "one")
}

func TestManyWhoAskAtOnceCauseOneReading(t *testing.T) {
	t.Parallel()
	v, m, _ := newValue(map[string]string{"AWSCURRENT": "one"})
	m.hold = make(chan struct{})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			got, err := v.Get(t.Context())
			if err != nil || got.Reveal() != "one" {
				t.Errorf("Get = %q, %v", got.Reveal(), err)
			}
		})
	}
	close(m.hold)
	all.Wait()
	if m.count() != 1 {
		t.Errorf("%d readings, want 1", m.count())
	}
}

func TestCallerWhoGivesUpDoesNotSpoilTheReadingForOthers(t *testing.T) {
	t.Parallel()
	v, m, _ := newValue(map[string]string{"AWSCURRENT": "one"})
	m.hold = make(chan struct{})
	hasty, leave := context.WithCancel(t.Context())
	leave()
	if _, err := v.Get(hasty); !errors.Is(err, context.Canceled) {
		t.Errorf("Get = %v, want context.Canceled", err)
	}
	close(m.hold)
	mustGet(t, v, "one")
}

func TestReadingThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, m, c := newValue(map[string]string{"AWSCURRENT": "one"})
		m.hold = make(chan struct{})
		start := time.Now()
		if _, err := v.Get(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Get = %v, want context.DeadlineExceeded", err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("gave up after %v, want 2s", took)
		}
		close(m.hold)
		mustGet(t, v, "one")

		m.hold = make(chan struct{})
		c.at = c.at.Add(2 * ttl)
		start = time.Now()
		mustGet(t, v, "one")
		if took := time.Since(start); took != 750*time.Millisecond {
			t.Errorf("the former value came after %v, want 750ms", took)
		}
	})
}

func BenchmarkGetOfAFreshSecret(b *testing.B) {
	v, _, _ := newValue(map[string]string{"AWSCURRENT": "one"})
	for b.Loop() {
		if _, err := v.Get(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
