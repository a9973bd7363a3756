package notice

import "strings"

// Text is what t says: by the template that d has for its kind, or else in our
// words. Everything that comes from outside passes escape, which makes it plain
// text of wherever it lands; the rest needs no escaping but is no markup.
//
// It never is empty, so that a template that comes to nothing does not silence
// a failure.
func (t Telling) Text(d Delivery, escape func(string) string) string {
	if template, ok := d.Templates[t.Reply.Kind]; ok {
		if text, ok := t.fill(template, escape); ok {
			return text
		}
	}
	return t.words(escape)
}

// words says t in our own words, a sentence or two.
func (t Telling) words(escape func(string) string) string {
	v := voice{t, escape}
	switch t.Reply.Kind {
	case Started:
		return v.the("pipeline") + " started" + v.with(": ", "commit.subject", "") + "."
	case StageStarted:
		return v.the("stage") + " started again (attempt " + t.value("attempt") + ")."
	case StageSucceeded:
		return v.the("stage") + " succeeded" + v.with(" in ", "stage.duration", "") + v.with("; ", "stage.next", " began") + "."
	case Approval:
		return v.the("stage") + " waits for approval" + v.with(" at ", "action", "") + "."
	case Failed:
		return v.failed()
	case Rejected:
		return v.the("stage") + " was not approved" + v.with(" at ", "action", "") + v.with(": ", "reason", "") + "."
	case Stuck:
		return v.the("pipeline") + " takes longer than usual" + v.with(": ", "duration", " so far") + v.with(", usually ", "usual", "") + v.with(". It is at ", "stage", "") + "."
	case Superseded:
		return v.the("pipeline") + " released something newer instead" + v.with(": this one gave way to execution ", "superseded_by", "") + "."
	case Stopped:
		return v.the("pipeline") + " was stopped" + v.with(" at ", "stage", "") + v.with(": ", "reason", "") + "."
	case RolledBack:
		return v.the("pipeline") + " was rolled back" + v.with(" to execution ", "rolls_back_to", "") + v.with(" (", "commit.subject", ")") + "."
	case Fixed:
		return v.the("pipeline") + " works again: released" + v.with(" in ", "duration", "") + "."
	}
	return v.the("pipeline") + " was released" + v.with(" in ", "duration", "") + "."
}

// A voice speaks with escaped values.
type voice struct {
	Telling
	escape func(string) string
}

// failed names the action, or whatever is known to have failed.
func (v voice) failed() string {
	what := v.the("stage")
	if a := v.value("action"); a != "" {
		what = v.escape(a) + " in " + what
	}
	return what + " failed" + v.with(" with ", "error", "") + v.with(": ", "reason", "") + "."
}

// unnamed is said where a name is not known.
var unnamed = map[string]string{"stage": "The release", "pipeline": "The pipeline"}

// the is a value that a sentence cannot do without.
func (v voice) the(name string) string {
	if value := v.value(name); value != "" {
		return v.escape(value)
	}
	return unnamed[name]
}

// with is a value between two texts, or nothing if it is not known.
func (v voice) with(before, name, after string) string {
	value := strings.TrimRight(v.value(name), ".")
	if value == "" {
		return ""
	}
	return before + v.escape(value) + after
}
