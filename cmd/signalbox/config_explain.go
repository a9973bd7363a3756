package main

import (
	"io"

	"github.com/signalbox/signalbox/internal/approval"
)

// explainCmd answers which rule an action falls under, and what that asks for.
type explainCmd struct {
	Pipeline   string `arg:"" help:"Name of the pipeline."`
	Stage      string `arg:"" help:"Name of the stage."`
	Action     string `arg:"" help:"Name of the approval action."`
	sourceFile `embed:""`
	Account    string `placeholder:"ID" help:"The AWS account that the pipeline is in, where rules differ by it."`
	Region     string `help:"The AWS Region that the pipeline is in, where rules differ by it."`
	JSON       bool   `name:"json" help:"Print the result as JSON."`
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
	// Environment is the one that matches, if any.
	Environment string `json:"environment,omitempty"`
	// Matched is whether there is a rule; without one nobody may approve.
	Matched bool           `json:"matched"`
	Rule    *approval.Rule `json:"rule,omitempty"`
	Tried   []trial        `json:"tried"`
	// Shadows are the names of the rules that are tried out on it.
	Shadows []string `json:"shadows,omitempty"`
}

// A trial is a rule and why it does not match; the last one may match.
type trial struct {
	Rule string `json:"rule"`
	// Differs is the part of the match that does not fit, such as "pipeline";
	// empty for the one that matches.
	Differs string `json:"differs,omitempty"`
}

// Run explains.
func (c explainCmd) Run(w world) error {
	f, err := c.compiled(w, w.stderr)
	if err != nil {
		return err
	}
	e := explain(f.Rulebook(), approval.Action{
		Account: c.Account, Region: c.Region, Pipeline: c.Pipeline, Stage: c.Stage, Name: c.Action,
	})
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
func explain(book approval.Rulebook, a approval.Action) explanation {
	e := explanation{
		Pipeline: a.Pipeline, Stage: a.Stage, Action: a.Name, Environment: book.Environment(a), Tried: []trial{},
	}
	if rule, ok := book.For(a); ok {
		e.Matched, e.Rule = true, &rule
	}
	for _, s := range book.Shadows(a) {
		e.Shadows = append(e.Shadows, s.Name)
	}
	for _, r := range book.Policies {
		if r.Shadow {
			continue
		}
		t := trial{Rule: r.Name, Differs: r.Match.Differs(a, e.Environment)}
		e.Tried = append(e.Tried, t)
		if t.Differs == "" {
			break
		}
	}
	return e
}

// print writes e for people.
func (e explanation) print(out io.Writer) error {
	t := newTable(out)
	for _, tried := range e.Tried {
		verdict := "matches"
		if tried.Differs != "" {
			verdict = "no: the " + tried.Differs + " differs"
		}
		t.say("  %s\t%s\n", tried.Rule, verdict)
	}
	for _, name := range e.Shadows {
		t.say("  %s\tmatches, and is only tried out\n", name)
	}
	if !e.Matched {
		t.say("\nNo rule matches: nobody can approve %s / %s / %s.\n", e.Pipeline, e.Stage, e.Action)
		return t.done()
	}
	describe(t, *e.Rule)
	return t.done()
}
