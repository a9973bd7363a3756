package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// explainCmd answers who may approve an action, and why.
type explainCmd struct {
	Pipeline   string `arg:"" help:"Name of the pipeline."`
	Stage      string `arg:"" help:"Name of the stage."`
	Action     string `arg:"" help:"Name of the approval action."`
	sourceFile `embed:""`
	JSON       bool `name:"json" help:"Print the result as JSON."`
}

// Help is shown by --help.
func (explainCmd) Help() string {
	return "Exit status 0: a rule matches. 1: no rule does, so that nobody can approve; or the file has problems."
}

// explanation is what explain --json prints.
type explanation struct {
	Pipeline string `json:"pipeline"`
	Stage    string `json:"stage"`
	Action   string `json:"action"`
	// Matched is whether there is a rule; without one nobody may approve.
	Matched bool           `json:"matched"`
	Rule    *approval.Rule `json:"rule,omitempty"`
	Tried   []trial        `json:"tried"`
}

// A trial is a rule and why it does not match; the last one may match.
type trial struct {
	Rule string `json:"rule"`
	// Differs is "pipeline", "stage", "action", or empty for the one that matches.
	Differs string `json:"differs,omitempty"`
}

// Run explains.
func (c explainCmd) Run(w world) error {
	f, err := c.compiled(w, w.stderr)
	if err != nil {
		return err
	}
	e := explain(f.Policies, approval.Action{Pipeline: c.Pipeline, Stage: c.Stage, Name: c.Action})
	if c.JSON {
		err = printJSON(w.stdout, e)
	} else {
		err = e.print(w.stdout)
	}
	if err == nil && !e.Matched {
		return errNo
	}
	return err
}

// explain goes through the rules as approvals do.
func explain(rules approval.Policies, a approval.Action) explanation {
	e := explanation{Pipeline: a.Pipeline, Stage: a.Stage, Action: a.Name, Tried: []trial{}}
	if rule, ok := rules.For(a); ok {
		e.Matched, e.Rule = true, &rule
	}
	for _, r := range rules {
		t := trial{Rule: r.Name, Differs: r.Match.Differs(a)}
		e.Tried = append(e.Tried, t)
		if t.Differs == "" {
			break
		}
	}
	return e
}

// print writes e for people.
func (e explanation) print(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	var errs []error
	say := func(format string, args ...any) {
		_, err := fmt.Fprintf(t, format, args...)
		errs = append(errs, err)
	}
	for _, tried := range e.Tried {
		verdict := "matches"
		if tried.Differs != "" {
			verdict = "no: the " + tried.Differs + " differs"
		}
		say("  %s\t%s\n", tried.Rule, verdict)
	}
	if !e.Matched {
		say("\nNo rule matches: nobody can approve %s / %s / %s.\n", e.Pipeline, e.Stage, e.Action)
		return errors.Join(append(errs, t.Flush())...)
	}
	say("\nAsked in %s%s. Any one of these may answer:\n", e.Rule.Channel, suffix(" for ", e.Rule.Environment))
	for _, p := range e.Rule.Approvers {
		say("  %s\t%s\n", p.Name, doors(p))
	}
	return errors.Join(append(errs, t.Flush())...)
}

// doors lists how a person can answer.
func doors(p people.Person) string {
	var names []string
	if p.Slack != "" {
		names = append(names, "Slack "+p.Slack)
	}
	if p.Email != "" {
		names = append(names, "e-mail "+p.Email)
	}
	return strings.Join(names, ", ")
}

func suffix(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}
