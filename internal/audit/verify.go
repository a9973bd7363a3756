package audit

import (
	"fmt"
	"strconv"
)

// A Problem is something wrong with a chain.
type Problem struct {
	// Seq is the entry that it is about, or where one should have been; zero
	// when it is about none.
	Seq int64 `json:"seq,omitempty"`
	// Text is a sentence for people. It may quote outside text.
	Text string `json:"text"`
}

// String is the sentence.
func (p Problem) String() string { return p.Text }

// Verify checks that entries are a whole chain from its first entry on, each
// as Next made it. With a head it also checks that the chain ends there, which
// the entries alone cannot show. It returns nothing when all is well.
func Verify(entries []Entry, head *Head) []Problem {
	w := walker{ids: map[string]int64{}}
	switch {
	case head != nil:
		w.at.Chain = head.Chain
	case len(entries) > 0:
		w.at.Chain = entries[0].Chain
	}
	for _, e := range entries {
		w.entry(e)
	}
	if head != nil {
		w.end(*head)
	}
	return w.problems
}

// VerifySealed is Verify for a chain of which only entries are shown, those of
// one execution, and seals stand for the others, both in the order of the
// chain. It also checks that no seal hides an entry of that execution, and
// that no entry is of another one.
func VerifySealed(execution string, entries []Entry, seals []Seal, head Head) []Problem {
	w := walker{at: Head{Chain: head.Chain}, ids: map[string]int64{}}
	hidden := releaseHash(head.Chain, execution)
	for len(entries)+len(seals) > 0 {
		if len(seals) == 0 || len(entries) > 0 && entries[0].Seq <= seals[0].Seq {
			if e := entries[0]; e.Execution != execution {
				w.say(e.Seq, "Entry %d is about another execution, %q.", e.Seq, e.Execution)
			}
			w.entry(entries[0])
			entries = entries[1:]
			continue
		}
		if seals[0].Release == hidden {
			w.say(seals[0].Seq, "Entry %d is about this execution, and is not shown.", seals[0].Seq)
		}
		w.seal(seals[0])
		seals = seals[1:]
	}
	w.end(head)
	return w.problems
}

// A walker goes along a chain. at is the head so far.
type walker struct {
	at       Head
	ids      map[string]int64 // where each id was first seen
	problems []Problem
}

func (w *walker) say(seq int64, format string, args ...any) {
	w.problems = append(w.problems, Problem{Seq: seq, Text: fmt.Sprintf(format, args...)})
}

// entry checks e, which is shown in full.
func (w *walker) entry(e Entry) {
	if e.Chain != w.at.Chain {
		w.say(e.Seq, "Entry %d is not of this chain but of %q.", e.Seq, e.Chain)
		return
	}
	if hashOf(e.Chain, e.Prev, e.Seal()) != e.Hash {
		w.say(e.Seq, "Entry %d has been changed: its contents do not match its hash.", e.Seq)
		e.Seq = w.at.Seq + 1 // its own number says nothing any more; its place does
	}
	if first, seen := w.ids[e.ID]; seen && first != e.Seq {
		w.say(e.Seq, "Entry %d repeats what entry %d has recorded, %q.", e.Seq, first, e.ID)
	} else if !seen {
		w.ids[e.ID] = e.Seq
	}
	w.step(e.Seq, func(before Head) string {
		if before.Seq == e.Seq-1 && before.Hash != e.Prev {
			w.say(e.Seq, "Entry %d does not continue %s: it names another hash as the one before.", e.Seq, w.last())
		}
		return e.Hash
	})
}

// seal checks the place of an entry that is not shown. Whether s is what it
// should be shows in the hash that the entry after it names.
func (w *walker) seal(s Seal) {
	w.step(s.Seq, func(before Head) string { return hashOf(before.Chain, before.Hash, s) })
}

// step goes on to the entry with the number seq, if it comes next or later;
// hash tells its hash from the head before it.
func (w *walker) step(seq int64, hash func(before Head) string) {
	next := w.at.Seq + 1
	switch {
	case seq > next:
		w.say(next, "%s missing, after %s.", span(next, seq-1), w.last())
	case seq == w.at.Seq:
		w.say(seq, "Entry %d is there twice.", seq)
	case seq < next:
		w.say(seq, "Entry %d is out of order: it comes after entry %d.", seq, w.at.Seq)
	}
	if seq >= next {
		w.at.Hash = hash(w.at)
		w.at.Seq = seq
	}
}

// end compares where the chain ended with where it should.
func (w *walker) end(head Head) {
	switch {
	case w.at.Seq < head.Seq:
		w.say(w.at.Seq+1, "The end is cut off: %s missing.", lower(span(w.at.Seq+1, head.Seq)))
	case w.at.Seq > head.Seq:
		w.say(w.at.Seq, "Entry %d lies beyond the head of the chain, which is %d.", w.at.Seq, head.Seq)
	case w.at.Hash != head.Hash:
		w.say(head.Seq, "The head of the chain names another hash for entry %d than the entry has.", head.Seq)
	}
}

// last names the entry that the walk is at.
func (w *walker) last() string {
	if w.at.Seq == 0 {
		return "the beginning"
	}
	return "entry " + strconv.FormatInt(w.at.Seq, 10)
}

// span names the entries from first to last, with a verb.
func span(first, last int64) string {
	if first == last {
		return fmt.Sprintf("Entry %d is", first)
	}
	return fmt.Sprintf("Entries %d to %d are", first, last)
}

// lower is for a sentence that begins with something else.
func lower(s string) string { return string(s[0]|0x20) + s[1:] }
