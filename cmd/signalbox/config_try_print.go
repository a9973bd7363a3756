package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// print writes j for people: who may approve, what became of the votes, and
// where that is not what was expected.
func (j judged) print(out io.Writer) error {
	t := newTable(out)
	t.say("%s / %s / %s\n", j.Pipeline, j.Stage, j.Action)
	if j.About != "" {
		t.say("%s\n", strings.TrimSpace(j.About))
	}
	if j.Rule == "" {
		t.say("\nNo rule matches: nobody can approve it.\n")
	} else {
		t.say("rule %q%s, at %s\n\n", j.Rule, suffix(" for ", j.Environment), j.At.UTC().Format("Mon 2 Jan 2006 15:04 MST"))
		j.table(t)
	}
	for i, v := range j.Votes {
		if i == 0 {
			t.say("\nThe votes:\n")
		}
		t.say("  %s  %s %ss: %s\n", v.At.UTC().Format(time.DateTime), v.By, v.Verdict, became(v))
	}
	t.say("\nOutcome: %s. %s\n", j.Outcome, j.Why)
	for _, s := range j.Shadows {
		t.say("Under %q, which is tried out: %s. %s\n", s.Rule, s.Outcome, s.Why)
	}
	for _, note := range j.Notes {
		t.say("Note: %s\n", note)
	}
	for _, d := range j.Differs {
		t.say("NOT AS EXPECTED: %s.\n", d)
	}
	return t.done()
}

// table writes who may approve. Of those who have nothing to do with it, it
// gives the number only.
func (j judged) table(t *table) {
	t.say("PERSON\tCOUNTS FOR\tMAY APPROVE%s\tWHAT THEY ARE TOLD\n", j.shadowNames())
	others := 0
	for i, m := range j.People {
		concerned := len(m.For) > 0 || m.BreakGlass
		cells := ""
		for _, s := range j.Shadows {
			cells += "\t" + yes(s.People[i])
			concerned = concerned || len(s.People[i].For) > 0
		}
		if !concerned {
			others++
			continue
		}
		t.say("%s\t%s\t%s%s\t%s\n", m.Name, strings.Join(m.For, ", "), yes(m), cells, m.Sentence)
	}
	if others > 0 {
		t.say("%s of the configuration may not.\n", count(others, "other person", "other people"))
	}
}

func (j judged) shadowNames() string {
	var names strings.Builder
	for _, s := range j.Shadows {
		names.WriteString("\t" + strings.ToUpper(s.Rule))
	}
	return names.String()
}

func yes(m mayOrNot) string {
	switch {
	case m.May == mayApprove:
		return "yes"
	case m.BreakGlass:
		return "no, or alone by breaking the glass"
	}
	return "no"
}

func became(v countedVote) string {
	if v.Because == "" {
		return "counts"
	}
	return "refused. " + v.Sentence
}

// summarize writes one line for each of several releases.
func summarize(out io.Writer, all []judged, failed int) error {
	t := newTable(out)
	for _, j := range all {
		verdict := "ok"
		if !j.OK {
			verdict = "NO"
		}
		t.say("%s\t%s\t%s\n", verdict, j.Name, j.Outcome)
		for _, d := range j.faults() {
			t.say("\t  %s\n", d)
		}
	}
	sentence := "all as expected"
	if failed > 0 {
		sentence = fmt.Sprintf("%d not as expected", failed)
	}
	t.say("\n%s, %s\n", count(len(all), "release", "releases"), sentence)
	return t.done()
}

// faults are the reasons for which j is not right.
func (j judged) faults() []string {
	if j.OK || len(j.Differs) > 0 {
		return j.Differs
	}
	return []string{"no rule matches: nobody can approve it"}
}
