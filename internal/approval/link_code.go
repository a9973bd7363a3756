package approval

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode"
)

// codeAlphabet has no look-alikes (0 O, 1 I L), so that a code survives being
// read from one screen and typed on another, and no vowels, so that no code
// spells a word.
const codeAlphabet = "23456789BCDFGHJKMNPQRSTVWXYZ"

// codeLength gives 28⁸ ≈ 4·10¹¹ codes, of which a link lets five be tried.
const codeLength = 8

// Domains keep what is computed here from meaning anything elsewhere.
const (
	codeDomain = "signalbox/code/v1\x00"
	hashDomain = "signalbox/code-hash/v1\x00"
)

// CodeSeedMessage is the input of the MAC that seeds every code of a request.
func CodeSeedMessage(requestID string) []byte { return []byte(codeDomain + requestID) }

// NewCode derives the code of one person from seed, the MAC of the request's
// CodeSeedMessage. It returns the same code whenever it is asked, so that a
// mail that is sent twice says the same thing.
func NewCode(seed []byte, personID string) string {
	h := hmac.New(sha256.New, seed)
	h.Write([]byte(personID))
	// 64 bits over 28⁸ codes: no code is more likely than another by 1 in 10⁷.
	n := binary.BigEndian.Uint64(h.Sum(nil))
	code := make([]byte, codeLength)
	for i := range code {
		code[i] = codeAlphabet[n%uint64(len(codeAlphabet))]
		n /= uint64(len(codeAlphabet))
	}
	return string(code[:codeLength/2]) + "-" + string(code[codeLength/2:])
}

// Accepts reports whether typed is the code of l, however it is spaced, dashed
// or cased. The time it takes does not depend on how much of it is right.
func (l Link) Accepts(typed string) bool {
	hash := hashCode(l.RequestID, l.PersonKey, typed)
	return subtle.ConstantTimeCompare([]byte(hash), []byte(l.CodeHash)) == 1
}

// BlankCode reports whether typed holds nothing to compare: a form sent empty,
// as mail scanners do, is not a guess.
func BlankCode(typed string) bool { return bareCode(typed) == "" }

// hashCode binds a code to its link, so that equal codes have unequal hashes.
// Both ids have a fixed length, so no two inputs run into each other. It hides
// the code from a glance, not from a search: a reader of the table still lacks
// the token, which only the key can sign.
func hashCode(requestID, personKey, code string) string {
	sum := sha256.Sum256([]byte(hashDomain + requestID + personKey + bareCode(code)))
	return hex.EncodeToString(sum[:])
}

// bareCode is the code alone: mail programs and phones add spaces, turn dashes
// into longer ones, and change the case.
func bareCode(typed string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return unicode.ToUpper(c)
	}, typed)
}
