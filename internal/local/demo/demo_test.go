package demo_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/demo"
)

func TestDayIsPlayedToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := w.clock.Now()
	p := w.player(1)
	if err := p.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := p.Caption()
	if c.Playing || c.Scene != c.Of || c.Of < 12 || len(w.said) != c.Of {
		t.Errorf("%d lines; the last caption is %+v", len(w.said), c)
	}
	const balance = "17 releases, 11 in production, 3 failed or rejected, 1 superseded, 2 waiting for you"
	if !strings.Contains(c.Text, balance) {
		t.Errorf("the day ends with %q, want %q", c.Text, balance)
	}
	if passed := w.clock.Now().Sub(began); passed < 10*time.Hour || passed > 4*24*time.Hour {
		t.Errorf("the pipelines' time went on by %s, want until the next working day", passed)
	}
	if len(w.rates) != 2 || !strings.Contains(w.rates[0], `"double":1`) || w.rates[1] != "{}" {
		t.Errorf("events were delivered at %q; want badly and then well again", w.rates)
	}
	for i, line := range w.said[1:] {
		if line[:5] <= w.said[i][:5] {
			t.Errorf("the day goes back: %q after %q", line, w.said[i])
		}
	}
}

func TestSameSeedTellsTheSameStory(t *testing.T) {
	t.Parallel()
	var stories [3][]string
	for i, seed := range []uint64{7, 7, 8} {
		w := newWorld(t)
		if err := w.player(seed).Play(t.Context()); err != nil {
			t.Fatal(err)
		}
		stories[i] = w.said
	}
	if diff := cmp.Diff(stories[0], stories[1]); diff != "" {
		t.Errorf("the same seed tells another story:\n%s", diff)
	}
	if cmp.Equal(stories[0], stories[2]) {
		t.Error("another seed tells the same story")
	}
}

func TestPlayThatCannotGoOnSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.down = true
	p := w.player(1)
	err := p.Play(t.Context())
	if err == nil || !strings.Contains(err.Error(), "at 08:10, Slack is down today") {
		t.Errorf("the play ends with %v", err)
	}
	if c := p.Caption(); c.Playing || !strings.Contains(c.Text, "ends early") || !strings.Contains(c.Text, "Slack is down today") {
		t.Errorf("the caption is %+v", c)
	}
}

func TestPlayNeedsTheDemosPipelines(t *testing.T) {
	t.Parallel()
	empty := httptest.NewServer(http.NotFoundHandler())
	defer empty.Close()
	p := demo.New(demo.Options{URL: empty.URL})
	if err := p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), "/local/time answers 404") {
		t.Errorf("the play ends with %v", err)
	}
}

// order sends a body to the play's switch.
func order(t *testing.T, p *demo.Player, method, body string) (int, demo.Caption) {
	t.Helper()
	rec := httptest.NewRecorder()
	p.Control().ServeHTTP(rec, httptest.NewRequest(method, "/local/demo", strings.NewReader(body)))
	var c demo.Caption
	if err := json.Unmarshal(rec.Body.Bytes(), &c); err != nil {
		t.Fatalf("%s %s: %s", method, body, rec.Body)
	}
	return rec.Code, c
}

func TestPlayIsBegunAndStoppedOverHTTP(t *testing.T) {
	t.Parallel()
	reached, release := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	defer slow.Close()
	defer close(release)
	p := demo.New(demo.Options{URL: slow.URL})
	if status, c := order(t, p, http.MethodGet, ""); status != http.StatusOK || c != (demo.Caption{}) {
		t.Errorf("before: %d %+v", status, c)
	}
	if status, c := order(t, p, http.MethodPost, `{"play":true}`); status != http.StatusOK || !c.Playing || c.Text == "" {
		t.Errorf("begun: %d %+v", status, c)
	}
	<-reached
	if status, _ := order(t, p, http.MethodPost, `{"play":true}`); status != http.StatusConflict {
		t.Errorf("begun twice: %d", status)
	}
	if err := p.Play(t.Context()); !errors.Is(err, demo.ErrPlaying) {
		t.Errorf("begun twice: %v", err)
	}
	if status, _ := order(t, p, http.MethodPost, `{"play":false}`); status != http.StatusOK {
		t.Errorf("stopped: %d", status)
	}
	p.Close()
	if c := p.Caption(); c != (demo.Caption{}) {
		t.Errorf("after the stop: %+v", c)
	}
}

func TestSwitchRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	p := demo.New(demo.Options{URL: "http://127.0.0.1:1"})
	for _, body := range []string{``, `{}`, `{"play":1}`, `{"plays":true}`, `{"play":true}{}`} {
		if status, _ := order(t, p, http.MethodPost, body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, status)
		}
	}
	if p.Caption().Playing {
		t.Error("something plays")
	}
}
