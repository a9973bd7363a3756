package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/notice"
)

// Where the cards of the tests' releases are shown, away from the approvals.
const (
	cardChannel   = "C0CARDS"
	silentChannel = "C0SILENT"
)

// routes are those of the demo for its own pipelines. Of the tests' pipelines
// only some are shown: the others' tests count messages and calls.
func routes(demo notice.Route) notice.Route {
	shown := func(channel string, pipelines ...string) notice.Route {
		return notice.Route{
			Match: notice.Match{Pipelines: pipelines}, Mode: notice.Card, Channel: channel,
			Mention: notice.Mention{Failure: []string{notice.Authors}},
		}
	}
	theirs := demo
	theirs.Match = notice.Match{Pipelines: []string{"web-shop", "payments", "reports", "ledger", "vault"}}
	return notice.Route{Mode: notice.Off, Routes: []notice.Route{
		shown(cardChannel, built+"-*", carded+"-*"), shown(silentChannel, silent+"-*"), theirs,
	}}
}

// A marker says what a message of ours is about.
type marker struct {
	Payload struct{ Of, Key string } `json:"event_payload"`
}

// about are the messages about r in its card's channel, the oldest first.
func (r *release) about(channel string) []said {
	r.t.Helper()
	return slices.DeleteFunc(list[[]said](r.t, r.system, "/local/slack/messages?channel="+channel), func(m said) bool {
		return m.Metadata.Payload.Of != r.pipeline+"/"+r.execution
	})
}

// shows waits until the one card of r says words, and returns it with what is
// in its thread. A second card fails the test at once.
func (r *release) shows(words ...string) (card said, thread []said) {
	r.t.Helper()
	eventually(r.t, "the card of "+r.pipeline+" says "+strings.Join(words, ", "), func() (said, bool) {
		card, thread = r.shown(cardChannel)
		text := strings.ToLower(card.words())
		return card, card.TS != "" && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) })
	})
	return card, thread
}

// shown is the card of r as it is now, if there is one, and its thread.
func (r *release) shown(channel string) (card said, thread []said) {
	r.t.Helper()
	keys := map[string]bool{}
	for _, m := range r.about(channel) {
		if key := m.Metadata.Payload.Key; keys[key] {
			r.t.Fatalf("%q is said twice about %s", key, r.pipeline)
		} else {
			keys[key] = true
		}
		if m.ThreadTS == "" {
			card = m
			continue
		}
		thread = append(thread, m)
	}
	for _, m := range thread {
		if m.ThreadTS != card.TS {
			r.t.Fatalf("a reply about %s is not in the thread of its card:\n%s", r.pipeline, m.words())
		}
	}
	return card, thread
}

// replied waits for a reply in the thread of r that says words.
func (r *release) replied(words ...string) said {
	r.t.Helper()
	return eventually(r.t, "a reply about "+r.pipeline+" says "+strings.Join(words, ", "), func() (said, bool) {
		_, thread := r.shown(cardChannel)
		for _, m := range thread {
			text := m.words()
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				return m, true
			}
		}
		if len(thread) == 0 {
			return said{}, false
		}
		return thread[len(thread)-1], false
	})
}

func TestAReleaseHasOneCardThatStaysTrue(t *testing.T) {
	t.Parallel()
	r := begin(t, carded)
	card, _ := r.shows(r.pipeline, "Round VAT per line", author, "waits for approval")
	if strings.Contains(card.words(), "As the invoice does") {
		t.Errorf("the card shows more than the first line of the commit:\n%s", card.words())
	}
	r.click(ada, r.asked(), approve)
	r.goesOn()
	last, thread := r.shows(r.pipeline, "succeeded")
	if last.TS != card.TS || last.Edits == 0 {
		t.Errorf("the card was posted anew: %s after %s, with %d edits", last.TS, card.TS, last.Edits)
	}
	for _, m := range thread {
		if m.Broadcast && !strings.Contains(m.Metadata.Payload.Key, "approval") {
			t.Errorf("a release that goes well is told of aloud:\n%s", m.words())
		}
	}
	if id, text := r.execution[:8], last.words(); !strings.Contains(text, id) {
		t.Errorf("the card does not say which execution it is about, %s:\n%s", id, text)
	}
}

// A password gets into a log sooner or later.
const password = "correct-horse-battery"

func TestAFailedBuildIsExplainedInTheThread(t *testing.T) {
	t.Parallel()
	const project = "cards-build"
	world(t).project(t, project)
	r := prepare(t, built, buildStage(project))
	tell[struct{}](t, r.system, "/local/codebuild/"+project, map[string]any{
		"outcome": "FAILED", "phase": "BUILD", "message": "Error while executing command: make test. Reason: exit status 2",
		"log":   []string{"connecting to postgres://shop:" + password + "@db.internal/shop", "--- FAIL: TestRounding (0.01s)", "FAIL"},
		"tests": map[string]any{"unit": []map[string]any{{"name": "TestRounding", "status": "FAILED", "message": "10.01, want 10.00"}, {"name": "TestTotal"}}},
	}, http.StatusOK)
	r.start(message, author)
	r.shows("failed", "Build")
	why := r.replied("make test", "--- FAIL: TestRounding", "TestRounding", "postgres://")
	if !why.Broadcast {
		t.Errorf("the failure stays in the thread:\n%s", why.words())
	}
	for _, m := range r.about(cardChannel) {
		if strings.Contains(m.words(), password) {
			t.Errorf("Slack is told the password:\n%s", m.words())
		}
	}
	// The next try is on the same card, and says that it is fixed.
	tell[struct{}](t, r.system, "/local/codepipeline/"+r.pipeline+"/Build/retry", map[string]string{"execution_id": r.execution}, http.StatusOK)
	r.click(ada, r.asked(), approve)
	r.goesOn()
	r.shows("succeeded")
	r.replied("works again")
}
