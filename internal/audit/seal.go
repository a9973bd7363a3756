package audit

import (
	"errors"
	"strconv"
	"strings"
)

// A Seal stands for an entry that is not shown. It proves the entry's place in
// the chain, and whether it is about a release that one knows the id of.
type Seal struct {
	Seq int64
	// Release is the hash of the execution's id, and Content that of all that
	// the entry says.
	Release, Content string
}

// Seal is e without what it says.
func (e Entry) Seal() Seal {
	return Seal{Seq: e.Seq, Release: releaseHash(e.Chain, e.Execution), Content: contentHash(e)}
}

// MarshalText writes "seq release content": a chain has thousands of seals, and
// each is a line in a file.
func (s Seal) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatInt(s.Seq, 10) + " " + s.Release + " " + s.Content), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Seal) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), " ")
	if len(parts) != 3 {
		return errors.New("a seal is a number and two hashes")
	}
	seq, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return errors.New("a seal begins with a number")
	}
	*s = Seal{Seq: seq, Release: parts[1], Content: parts[2]}
	return nil
}
