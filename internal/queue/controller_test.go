package queue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

var (
	monday = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	orders = release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "orders", ID: "e1"}
	rules  = queue.Rules{
		{Name: "others", Match: queue.Match{Pipelines: []string{"web-*"}}, Commands: release.Commands, People: []string{"dana"}},
		{
			Name: "orders", Match: queue.Match{Pipelines: []string{"orders"}, Environments: []string{"prod*"}},
			Commands: []release.Command{release.RetryFailed, release.RetryStage, release.RollBack, release.Stop},
			People:   []string{"dana"}, Groups: []string{"S0OPS"},
		},
	}
)

// stood is the record of an execution of two stages, of which the last stands
// so.
func stood(stage, whole event.State) release.Record {
	r := release.NewRecord(orders)
	m := event.Meta{ID: "1", Account: orders.Account, Region: orders.Region, Time: monday}
	level := func(s event.State) event.Execution {
		return event.Execution{Pipeline: orders.Pipeline, ExecutionID: orders.ID, State: s, Attempt: 1, StartedAt: monday}
	}
	for _, e := range []event.Event{
		event.StageChanged{Meta: m, Execution: level(event.Succeeded), Stage: "Source"},
		event.StageChanged{Meta: m, Execution: level(stage), Stage: "Deploy"},
		event.PipelineChanged{Meta: m, Execution: level(whole)},
	} {
		r, _ = r.Fold(e)
	}
	return r.Merge(release.Facts{At: monday, Plan: []release.PlannedStage{{Name: "Source"}, {Name: "Deploy"}}})
}

// office is everything that a Controller touches.
type office struct {
	record  release.Record
	missing bool
	trail   []audit.Entry
	calls   []string
	answers []string
	err     error // of CodePipeline
	fails   map[string]error
}

func (o *office) Record(context.Context, release.ExecutionID) (release.Record, error) {
	if o.missing {
		return release.Record{}, queue.ErrNotFound
	}
	return o.record, o.fails["Record"]
}

func (o *office) Append(_ context.Context, entries ...audit.Entry) error {
	if err := o.fails["Append"]; err != nil {
		return err
	}
	o.trail = append(o.trail, entries...)
	return nil
}

func (o *office) Retry(_ context.Context, id release.ExecutionID, stage string, all bool) error {
	o.calls = append(o.calls, fmt.Sprintf("retry %s %s %t", id.ID, stage, all))
	return o.err
}

func (o *office) Stop(_ context.Context, id release.ExecutionID, reason string) error {
	o.calls = append(o.calls, fmt.Sprintf("stop %s: %s", id.ID, reason))
	return o.err
}

func (o *office) RollBack(_ context.Context, id release.ExecutionID, stage string) (string, error) {
	o.calls = append(o.calls, fmt.Sprintf("roll back %s %s", id.ID, stage))
	return "0123456789abcdef", o.err
}

func (o *office) Answer(_ context.Context, reply, text string) error {
	o.answers = append(o.answers, reply+" "+text)
	return o.fails["Answer"]
}

func (o *office) Members(_ context.Context, group string) ([]string, error) {
	if group == "S0OPS" {
		return []string{"U0PRIYA"}, o.fails["Members"]
	}
	return nil, queue.ErrNotFound
}

func (o *office) controller() *queue.Controller {
	return &queue.Controller{
		Rules: rules, Records: o, Pipeline: o, Answers: o, Circles: o, Now: func() time.Time { return monday.Add(time.Hour) },
		Environment: func(release.ExecutionID, string) string { return "production" },
		People: people.Directory{Members: []people.Member{
			{Person: people.Person{ID: "dana", Name: "Dana", Slack: "U0DANA"}}, {Person: people.Person{ID: "marco", Name: "Marco", Slack: "U0MARCO"}},
		}}.Index(),
	}
}

func asks(c release.Command, member string) queue.Operation {
	return queue.Operation{ID: "click-1", Command: c, Of: orders, SlackUser: member, Reply: "https://hooks.slack.example/1", At: monday}
}

func TestDo(t *testing.T) {
	t.Parallel()
	failed, running := stood(event.Failed, event.Failed), stood(event.Started, event.Started)
	for name, c := range map[string]struct {
		record  release.Record
		command release.Command
		member  string
		err     error
		call    string
		answer  string
		kinds   []audit.Kind
	}{
		"retry":        {failed, release.RetryFailed, "U0DANA", nil, "retry e1 Deploy false", "The failed actions of Deploy run again", nil},
		"retry all":    {failed, release.RetryStage, "U0DANA", nil, "retry e1 Deploy true", "All actions of Deploy run again", nil},
		"by a group":   {failed, release.RetryFailed, "U0PRIYA", nil, "retry e1 Deploy false", "run again", nil},
		"stop":         {running, release.Stop, "U0DANA", nil, "stop e1: Stopped in Slack by Dana", "stops as soon as", nil},
		"roll back":    {failed, release.RollBack, "U0DANA", nil, "roll back e1 Deploy", "rolled back to execution 01234567.", nil},
		"nothing left": {failed, release.RollBack, "U0DANA", queue.ErrNotFound, "roll back e1 Deploy", "cannot be rolled back", nil},
		"newer one":    {failed, release.RetryFailed, "U0DANA", queue.ErrTooLate, "retry e1 Deploy false", "does not retry the failed actions any more", nil},
		"not named":    {failed, release.RetryFailed, "U0MARCO", nil, "", `You may not retry the failed actions of orders: the rule "orders" names others.`, []audit.Kind{audit.OperationRefused}},
		"a stranger":   {failed, release.Stop, "U0SAM", nil, "", "You may not", []audit.Kind{audit.OperationRefused}},
		"too late":     {running, release.RetryFailed, "U0DANA", nil, "", "too late to retry the failed actions: the execution is under way again", []audit.Kind{audit.OperationRefused}},
		"over":         {stood(event.Succeeded, event.Succeeded), release.Stop, "U0DANA", nil, "", "has ended: succeeded", []audit.Kind{audit.OperationRefused}},
		"unknown":      {failed, "explode", "U0DANA", nil, "", "does not know what this button asks for", []audit.Kind{audit.OperationRefused}},
	} {
		o := &office{record: c.record, err: c.err}
		if err := o.controller().Do(t.Context(), asks(c.command, c.member)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Join(o.calls, ";"); got != c.call {
			t.Errorf("%s: CodePipeline was asked %q, want %q", name, got, c.call)
		}
		if len(o.answers) != 1 || !strings.Contains(o.answers[0], c.answer) {
			t.Errorf("%s: answered %q, want %q", name, o.answers, c.answer)
		}
		want := c.kinds
		if want == nil {
			want = []audit.Kind{audit.OperationAsked, audit.OperationDone}
		}
		o.checkTrail(t, name, want)
	}
}

func (o *office) checkTrail(t *testing.T, name string, want []audit.Kind) {
	t.Helper()
	if len(o.trail) != len(want) {
		t.Fatalf("%s: %d entries in the audit trail, want %d", name, len(o.trail), len(want))
	}
	for i, e := range o.trail {
		if e.Kind != want[i] || e.Chain != "111122223333/eu-west-1/orders" || e.Actor.SlackUser == "" || !strings.Contains(e.ID, "click-1") {
			t.Errorf("%s: entry %d is %+v, want a %s", name, i, e, want[i])
		}
		if strings.Contains(fmt.Sprintf("%+v", e), "hooks.slack") {
			t.Errorf("%s: the address for the answer is in the audit trail", name)
		}
	}
}

// Nobody may do anything where no rule says so, and nothing is done of which
// nothing is known.
func TestClosedByDefault(t *testing.T) {
	t.Parallel()
	o := &office{record: stood(event.Failed, event.Failed)}
	c := o.controller()
	c.Rules = rules[:1]
	o2 := &office{missing: true}
	for want, do := range map[string]func() (*office, error){
		"no rule under `operations`": func() (*office, error) { return o, c.Do(t.Context(), asks(release.Stop, "U0DANA")) },
		"knows nothing": func() (*office, error) {
			return o2, o2.controller().Do(t.Context(), asks(release.Stop, "U0DANA"))
		},
	} {
		o, err := do()
		if err != nil || len(o.calls) != 0 || len(o.answers) != 1 || !strings.Contains(o.answers[0], want) {
			t.Errorf("called %q, answered %q (%v)", o.calls, o.answers, err)
		}
	}
}

// What fails for a while is tried again, and nothing is done that could not be
// written down.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"Record", "Append", "Members"} {
		o := &office{record: stood(event.Failed, event.Failed), fails: map[string]error{part: errors.New("out of order")}}
		if err := o.controller().Do(t.Context(), asks(release.RetryFailed, "U0DANA")); err == nil || len(o.calls) != 0 || len(o.answers) != 0 {
			t.Errorf("%s: called %q, answered %q (%v)", part, o.calls, o.answers, err)
		}
	}
	o := &office{record: stood(event.Failed, event.Failed), err: fmt.Errorf("throttled: %w", queue.ErrBusy)}
	if err := o.controller().Do(t.Context(), asks(release.RetryFailed, "U0DANA")); !errors.Is(err, queue.ErrBusy) || len(o.answers) != 0 {
		t.Errorf("answered %q (%v)", o.answers, err)
	}
	o = &office{record: stood(event.Failed, event.Failed), fails: map[string]error{"Answer": errors.New("expired")}}
	if err := o.controller().Do(t.Context(), asks(release.RetryFailed, "U0DANA")); err != nil {
		t.Errorf("an answer that Slack does not take: %v", err)
	}
}

func TestOffers(t *testing.T) {
	t.Parallel()
	few := queue.Rules{{Name: "orders", Commands: []release.Command{release.Stop, release.RetryFailed}}}
	for name, c := range map[string]struct {
		rules  queue.Rules
		record release.Record
		want   string
	}{
		"failed":           {rules, stood(event.Failed, event.Failed), "[retry_failed retry_stage roll_back]"},
		"running":          {rules, stood(event.Started, event.Started), "[stop]"},
		"stopping":         {rules, stood(event.Started, event.Stopping), "[]"},
		"succeeded":        {rules, stood(event.Succeeded, event.Succeeded), "[]"},
		"superseded":       {rules, stood(event.Succeeded, event.Superseded), "[]"},
		"by policy":        {few, stood(event.Failed, event.Failed), "[retry_failed]"},
		"no rule":          {nil, stood(event.Failed, event.Failed), "[]"},
		"nothing is known": {rules, release.NewRecord(orders), "[]"},
	} {
		if got := fmt.Sprint(c.rules.Offers(c.record, "production")); got != c.want {
			t.Errorf("%s: offers %s, want %s", name, got, c.want)
		}
	}
}
