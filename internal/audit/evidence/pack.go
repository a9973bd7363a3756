// Package evidence makes a file of what the audit trail says about one
// release, for somebody who should not have to trust whoever sends it.
//
// The file, a page or plain JSON, shows the entries of the release and seals of
// all others in its chain, so that the whole chain can be checked without a
// word about other releases. Format covers how it looks, too: a page is checked
// by drawing it again. To change either, add a format and keep drawing the old.
//
// It is a package of its own because templates look up methods by name, which
// no function that writes audit entries should pay for.
package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
)

// Format names the encoding of a Pack and the look of its page.
const Format = "signalbox/evidence/v1"

// ErrNoEntries means that the chain says nothing about an execution.
var ErrNoEntries = errors.New("the audit trail has no entry about this execution")

// A Pack is the evidence about one release. Its file has more than the pack
// proves: MadeAt and MadeBy are the word of whoever made it.
type Pack struct {
	Format    string    `json:"format"`
	Execution string    `json:"execution"`
	MadeAt    time.Time `json:"made_at"`
	// MadeBy is the version of the program.
	MadeBy string `json:"made_by"`
	// Head is the end of the chain. Whoever compares it with the table or the
	// archive knows that the chain is the one that is kept there.
	Head    audit.Head    `json:"head"`
	Entries []audit.Entry `json:"entries"`
	Seals   []audit.Seal  `json:"seals"`
	// Sum is the SHA-256, in hexadecimal, of the JSON with an empty sum. JSON
	// sets it.
	Sum string `json:"sum"`
}

// An About says what a pack is to be about, and who makes it.
type About struct {
	Execution string
	MadeAt    time.Time
	MadeBy    string
}

// New packs what chain, a whole one that ends in head, says about an execution.
// It does not verify the chain: that is for the caller to do first. It fails
// with ErrNoEntries.
func New(chain []audit.Entry, head audit.Head, about About) (Pack, error) {
	p := Pack{
		Format: Format, Execution: about.Execution, MadeAt: about.MadeAt.UTC().Truncate(time.Second), MadeBy: about.MadeBy, Head: head,
		Seals: []audit.Seal{}, // [] rather than null
	}
	for _, e := range chain {
		if e.Execution == about.Execution {
			p.Entries = append(p.Entries, e)
		} else {
			p.Seals = append(p.Seals, e.Seal())
		}
	}
	if len(p.Entries) == 0 {
		return Pack{}, ErrNoEntries
	}
	return p, nil
}

// JSON is the pack as a file for programs. The same pack always gives the same
// bytes. They hold no "<", so that they can stand in a page as they are.
func (p Pack) JSON() ([]byte, error) {
	sum, err := p.sum()
	if err != nil {
		return nil, err
	}
	p.Sum = sum
	return p.encode()
}

// sum is over everything but itself.
func (p Pack) sum() (string, error) {
	p.Sum = ""
	raw, err := p.encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

func (p Pack) encode() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(true) // says what the page relies on
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("encode the evidence about %s: %w", p.Execution, err)
	}
	return out.Bytes(), nil
}

// Problems checks everything that a pack can show by itself: the chain from
// its first entry to the head, that nothing about the release is held back, and
// the sum.
func (p Pack) Problems() []audit.Problem {
	found := audit.VerifySealed(p.Execution, p.Entries, p.Seals, p.Head)
	if p.Format != Format {
		found = append(found, audit.Problem{Text: fmt.Sprintf("The format is %q, and this version of Signalbox knows %q.", p.Format, Format)})
	}
	if len(p.Entries) == 0 {
		found = append(found, audit.Problem{Text: "There is no entry about the release."})
	}
	if sum, err := p.sum(); err != nil || sum != p.Sum {
		found = append(found, audit.Problem{Text: "The sum at the end of the data does not match the data."})
	}
	return found
}
