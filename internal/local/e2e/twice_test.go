package e2e_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/signalbox/signalbox/internal/people"
)

// together runs all of them at the same time.
func together(all ...func()) {
	var done sync.WaitGroup
	start := make(chan struct{})
	for _, one := range all {
		done.Go(func() { <-start; one() })
	}
	close(start)
	done.Wait()
}

func TestTwoPeopleInTheSameInstantAreOneDecision(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	together(func() { r.click(ada, m, approve) }, func() { r.click(bo, m, approve) })
	r.goesOn()
	first, second := r.winner(m)
	r.closed("Approved by *" + first.Name + "*")
	r.audited(m, `"verdict":"approve"`, first.Name)
	r.wantSummary("Approved by " + first.Name)
	r.told(second, first.Name+" approved this", "Your answer came later and was not counted")
}

func TestSlackAndMailInTheSameInstantAreOneDecision(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m, i := r.asked(), r.invited(bo)
	var done reply
	together(func() { r.click(ada, m, approve) }, func() { done = i.answer(i.code, "approve", "") })
	r.goesOn()
	first, _ := r.winner(m)
	r.closed("Approved by *" + first.Name + "*")
	r.audited(m, first.Name)
	if done.status == http.StatusConflict { // Ada's click was counted before the form was read
		i.want(done, http.StatusConflict, ada.Name)
		return
	}
	if done.status != http.StatusSeeOther {
		t.Fatalf("the form is answered %d:\n%s", done.status, done.body)
	}
	result := i.env["SIGNALBOX_API_URL"] + done.header.Get("Location")
	if first.ID == bo.ID {
		i.want(ask(t, http.MethodGet, result), http.StatusOK, "This is your answer")
		r.told(ada, bo.Name+" approved this", "Your answer came later")
	} else {
		i.want(ask(t, http.MethodGet, result), http.StatusOK, ada.Name+" was first")
	}
}

// winner reads from the record who of Ada and Bo has decided.
func (r *release) winner(m said) (first, second people.Person) {
	r.t.Helper()
	if votes := r.counted(m); len(votes) == 1 && votes[0].Actor.Person == bo.ID {
		return bo, ada
	}
	return ada, bo
}

func TestReplayedSlackRequestCountsOnce(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	r.click(ada, m, approve)
	replayed := r.slack.last(t, r.request(m), ada.Slack)
	for range 2 {
		if got := r.send(t, replayed); got != http.StatusOK {
			t.Fatalf("the same signed request is answered %d", got)
		}
	}
	r.goesOn()
	if got := r.send(t, replayed); got != http.StatusOK {
		t.Fatalf("the same signed request is answered %d", got)
	}
	// Votes about one request are counted in order: once Bo has his answer,
	// every repetition before it has been judged.
	if got := r.send(t, r.pressed(bo, m, r.request(m), approve)); got != http.StatusOK {
		t.Fatalf("Bo's click is answered %d", got)
	}
	r.told(bo, ada.Name+" approved this")
	r.audited(m, ada.Name)
	r.closed("Approved by *" + ada.Name + "*")
	for _, text := range r.whispers(ada) {
		if strings.Contains(text, ada.Name+" approved this") {
			t.Errorf("a repetition of the vote that decided is answered: %s", text)
		}
	}
}

// event is an event about an approval action as CodePipeline sends it.
func (r *release) event(detail map[string]any) json.RawMessage {
	r.t.Helper()
	full := map[string]any{
		"pipeline": r.pipeline, "execution-id": r.execution, "stage": "Approval", "action": "Approval", "state": "STARTED",
		"region": "eu-west-1", "version": 3.0, "pipeline-execution-attempt": 1.0,
		"type": map[string]string{"owner": "AWS", "provider": "Manual", "category": "Approval", "version": "1"},
	}
	for name, value := range detail {
		if full[name] = value; value == nil {
			delete(full, name)
		}
	}
	raw, err := json.Marshal(map[string]any{
		"version": "0", "id": "00000018-1111-4222-8333-000000000018", "account": r.Stack.Account, "region": "eu-west-1",
		"detail-type": "CodePipeline Action Execution State Change", "source": "aws.codepipeline",
		"time": time.Now().UTC().Format(time.RFC3339), "resources": []string{"arn:aws:codepipeline:eu-west-1:" + r.Stack.Account + ":" + r.pipeline},
		"detail": full,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return raw
}

// handles runs the approval function on e and waits for its end.
func (r *release) handles(e json.RawMessage) {
	r.t.Helper()
	out, err := lambda.NewFromConfig(r.Stack.AWS()).Invoke(r.t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String(r.Stack.Function("approval")), Payload: e,
	})
	if err != nil || out.FunctionError != nil {
		r.t.Errorf("the approval function fails on %s: %v %s", e, err, out.Payload)
	}
}

func TestEventThatComesAgainAsksOnce(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	started := r.event(nil)
	// Through the rule, before and while the first is handled …
	for range 5 {
		if err := r.Stack.Deliver(t.Context(), started); err != nil {
			t.Fatal(err)
		}
	}
	m := r.asked()
	// … and once more, to know when they have been.
	again := func() { r.handles(started) }
	together(again, again, again)
	r.invited(ada)
	r.invited(bo)
	r.click(ada, m, approve)
	r.goesOn()
	r.closed("Approved by *" + ada.Name + "*")

	r.handles(started) // days late
	r.handles(r.event(map[string]any{"state": "SUCCEEDED"}))
	r.handles(r.event(map[string]any{"state": "FAILED"})) // which is not true
	if all := r.cards(); len(all) != 1 || all[0].open() {
		t.Errorf("there are %d cards: %+v", len(all), all)
	}
	r.closed("Approved by *" + ada.Name + "*")
	for _, who := range []people.Person{ada, bo} {
		if all := r.letters(who); len(all) != 1 {
			t.Errorf("%s got %d mails", who.Name, len(all))
		}
	}
	if all := r.letters(cleo); len(all) > 0 {
		t.Errorf("Cleo, who may not answer, got %d mails", len(all))
	}
	r.audited(m, ada.Name)
}

func TestUselessEventsBreakNothing(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	for _, e := range []json.RawMessage{
		r.event(map[string]any{"state": "PONDERING"}), // a state that AWS adds later
		r.event(map[string]any{"state": "SUCCEEDED"}), // not true: it still waits
		r.event(map[string]any{"pipeline": "nobody-knows-this-one", "state": "FAILED"}),
		json.RawMessage(`{"version":"0","id":"1","source":"aws.health","detail-type":"AWS Health Event","detail":{}}`),
	} {
		r.handles(e)
		if err := r.Stack.Deliver(t.Context(), e); err != nil {
			t.Errorf("deliver %s: %v", e, err)
		}
	}
	broken := r.event(map[string]any{"execution-id": nil, "note": "broken-" + r.execution})
	expected.Store("broken-"+r.execution, true)
	if err := r.Stack.Deliver(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	dead := r.deadEvent("broken-" + r.execution)
	if !strings.Contains(dead, "execution-id") {
		t.Errorf("the dead letter does not say what is missing: %s", dead)
	}
	r.stillWaits()
	r.click(ada, m, approve)
	r.goesOn()
	r.audited(m, ada.Name)
}
