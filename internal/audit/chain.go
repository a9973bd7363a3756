package audit

import (
	"maps"
	"slices"
	"strings"
)

// A Head is the end of a chain: the number and hash of its last entry. With
// Seq zero the chain is empty.
type Head struct {
	Chain string `json:"chain"`
	Seq   int64  `json:"seq"`
	Hash  string `json:"hash"`
}

// Next links e behind h and returns it with the new head. It sets e's Chain
// (to h's, unless that is empty), Seq, Prev and Hash, and rewrites what would
// not survive being stored: At becomes UTC, and text that is not UTF-8 becomes
// so. What e held in those fields before does not matter, so that a write that
// lost a race can link the same entry again.
func Next(h Head, e Entry) (Entry, Head) {
	e = storable(e)
	if h.Chain != "" {
		e.Chain = h.Chain
	}
	e.Seq, e.Prev = h.Seq+1, h.Hash
	e.Hash = hashOf(e.Chain, e.Prev, e.Seal())
	return e, e.Head()
}

// Head is the head of a chain that ends in e.
func (e Entry) Head() Head { return Head{Chain: e.Chain, Seq: e.Seq, Hash: e.Hash} }

// storable is e as it comes back from JSON. It shares nothing with e.
func storable(e Entry) Entry {
	// Round drops the monotonic clock, which no encoding keeps.
	e.At = e.At.Round(0).UTC()
	e.Kind = Kind(valid(string(e.Kind)))
	e.Chain = valid(e.Chain)
	for _, f := range fields(&e) {
		*f.value = valid(*f.value)
	}
	detail := e.Detail
	e.Detail = nil
	if len(detail) > 0 {
		e.Detail = make(map[string]string, len(detail))
	}
	for _, key := range slices.Sorted(maps.Keys(detail)) { // sorted, in case two keys become one
		e.Detail[valid(key)] = valid(detail[key])
	}
	return e
}

// valid is s with U+FFFD in place of what is not UTF-8, as JSON would have it.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
