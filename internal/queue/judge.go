package queue

import (
	"fmt"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/release"
)

// Judge says why command is not carried out for somebody, or nothing: named
// says whether rule names them. r is how the execution stands now, which may
// not be how the card looked.
func Judge(r release.Record, rule Rule, command release.Command, named bool) string {
	phrase, known := phrases[command]
	switch {
	case !known:
		return "Signalbox does not know what this button asks for. A newer card may."
	case !named:
		return fmt.Sprintf("You may not %s of %s: the rule %q names others.", phrase, r.Pipeline, rule.Name)
	case !slices.Contains(rule.Commands, command):
		return fmt.Sprintf("Nobody may %s of %s: the rule %q does not permit it.", phrase, r.Pipeline, rule.Name)
	case !slices.Contains(r.Offers(), command):
		return fmt.Sprintf("It is too late to %s: the execution %s.", phrase, stands(r))
	}
	return ""
}

// stands says how an execution stands, after "the execution".
func stands(r release.Record) string {
	switch r.Outcome() {
	case release.Running, release.Waiting, release.Ahead:
		return "is under way again"
	case release.Stopping:
		return "is being stopped already"
	case release.Failed:
		return "has failed"
	case release.GaveWay:
		return "has given way to a newer one"
	default:
		return "has ended: " + string(r.Outcome())
	}
}

// asked is the entry about what was asked for, and whether it was refused.
func (j judged) asked(now time.Time) audit.Entry {
	e := j.entry(audit.OperationAsked, "asked", now)
	e.Text = fmt.Sprintf("%s asked to %s.", j.name(), phrases[j.Command])
	if j.refusal != "" {
		e.Kind, e.Refusal, e.Text = audit.OperationRefused, "refused", j.refusal
	}
	return e
}

// done is the entry about what CodePipeline made of it.
func (j judged) done(text string, now time.Time) audit.Entry {
	e := j.entry(audit.OperationDone, "done", now)
	e.Text = text
	return e
}

func (j judged) entry(kind audit.Kind, id string, now time.Time) audit.Entry {
	return audit.Entry{
		Chain: audit.ChainOf(j.Of.Account, j.Of.Region, j.Of.Pipeline), ID: "operation/" + j.ID + "/" + id, At: now.UTC(), Kind: kind,
		Pipeline: j.Of.Pipeline, Execution: j.Of.ID, Stage: j.record.FailedStage(), Policy: j.rule.Name,
		Actor:  audit.Actor{Person: j.who.ID, Name: j.who.Name, Email: j.who.Email, SlackUser: j.SlackUser, Door: "Slack"},
		Detail: map[string]string{"command": string(j.Command), "asked_at": j.At.UTC().Format(time.RFC3339Nano)},
	}
}
