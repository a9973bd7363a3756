package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// mark is the emoji of a status, alike on every card.
func mark(s release.Status) string {
	switch s {
	case release.Ahead:
		return "◽"
	case release.Waiting:
		return "⏳"
	case release.Running:
		return "🔵"
	case release.Stopping:
		return "🟠"
	case release.Succeeded:
		return "✅"
	case release.Failed:
		return "❌"
	case release.Stopped:
		return "🛑"
	case release.Canceled, release.Abandoned:
		return "🚫"
	case release.PassedBy:
		return "⏭️"
	case release.GaveWay:
		return "⏩"
	case release.NotReached:
		return "▫️"
	}
	return "❔" // what nobody knows, and what is over though nobody told how
}

// A headline says how a release stands: a mark, and words that go behind the
// name of the pipeline. Both are plain text and may hold names from outside.
type headline struct{ mark, words string }

// announced is the headline of p. What somebody has to act upon comes first.
func (p picture) announced() headline {
	h := p.standing()
	if n := p.Record.Attempt(); n > 1 {
		h.words += " (attempt " + strconv.Itoa(n) + ")"
	}
	return h
}

func (p picture) standing() headline {
	r := p.Record
	switch s := r.Outcome(); s {
	case release.Ahead:
		return headline{mark(s), "not heard of yet"}
	case release.Running:
		return p.underWay()
	case release.Stopping:
		return headline{mark(s), "stopping" + in(p.current()) + because(r.StopReason)}
	case release.Succeeded:
		return p.succeeded()
	case release.Failed:
		if p.why.Action.Category == approvalCategory {
			return headline{"⛔", "rejected" + in(p.why.Stage)}
		}
		return headline{mark(s), "failed" + in(p.why.Stage)}
	case release.GaveWay:
		return headline{mark(s), "superseded by " + execution(r.Facts.SupersededBy, "a newer release")}
	case release.Stopped:
		return headline{mark(s), "stopped" + in(p.current()) + because(r.StopReason)}
	case release.Canceled, release.Abandoned:
		return headline{mark(s), string(s) + in(p.current())}
	default:
		return headline{mark(s), plain(string(r.State()), maxName)}
	}
}

func (p picture) succeeded() headline {
	switch {
	case p.Record.RolledBack():
		return headline{"↩️", "rolled back" + in(p.current()) + " to " + execution(p.Record.Facts.RollsBackTo, "an earlier release")}
	case p.Record.Fixed():
		return headline{mark(release.Succeeded), "works again"}
	}
	return headline{mark(release.Succeeded), "succeeded"}
}

// underWay is the headline of a release that has not ended.
func (p picture) underWay() headline {
	if p.failing {
		return headline{mark(release.Failed), "failing" + in(p.why.Stage)}
	}
	for _, w := range p.waits {
		switch w.Reason {
		case release.ForApproval:
			return headline{mark(release.Waiting), "waits for approval" + in(w.Stage)}
		case release.ForTransition, release.ForStage:
			return headline{mark(release.Waiting), "waits to enter " + w.Stage}
		case release.ForGate, release.ForCondition:
			return headline{mark(release.Waiting), "waits for a check of " + w.Stage}
		case release.ForEntry: // it mostly goes on in a moment
		}
	}
	if p.Record.RolledBack() {
		return headline{"↩️", "rolling back" + in(p.current())}
	}
	return headline{mark(release.Running), "running" + in(p.current())}
}

// current is the last stage that the release has come to, or empty.
func (p picture) current() string {
	for _, s := range slices.Backward(p.train) {
		if begun(s.Status) && s.Status != release.Waiting && s.Status != release.GaveWay {
			return s.Name
		}
	}
	return ""
}

// in says where, if that is known.
func in(stage string) string {
	if stage == "" {
		return ""
	}
	return " in " + stage
}

// because gives a reason, if there is one.
func because(reason string) string {
	if reason = plain(reason, maxName); reason == "" {
		return ""
	}
	return ": " + reason
}

// execution names one by the part of its id that the console shows, or else.
func execution(id, instead string) string {
	if first, _, _ := strings.Cut(id, "-"); first != "" {
		return plain(first, maxName/2)
	}
	return instead
}

// approvalCategory is CodePipeline's word for actions that wait for a person.
const approvalCategory = "Approval"

// identity is the person or thing behind an ARN, to be read.
func identity(by string, limit int) mrkdwn { return line(approval.Identity(by), limit) }
