package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strconv"
	"time"
)

// What each hash is over, so that none can pass for another.
const (
	contentDomain = "signalbox/audit/content/v1"
	releaseDomain = "signalbox/audit/release/v1"
	entryDomain   = "signalbox/audit/entry/v1"
)

// hashOf is the hash of the entry that s stands for.
func hashOf(chain, prev string, s Seal) string {
	return digest(entryDomain, chain, strconv.FormatInt(s.Seq, 10), prev, s.Release, s.Content)
}

func releaseHash(chain, execution string) string { return digest(releaseDomain, chain, execution) }

// contentHash leaves out empty fields, so that a field can be added one day
// without a change to the hashes of all entries before.
func contentHash(e Entry) string {
	parts := []string{contentDomain}
	for _, f := range fields(&e) {
		if *f.value != "" {
			parts = append(parts, f.name, *f.value)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		parts = append(parts, "detail."+key, e.Detail[key])
	}
	return digest(parts...)
}

// A field is a text of an entry, under its name in JSON.
type field struct {
	name  string
	value *string
}

// fields lists the content of e but for Detail, in the frozen order. At and
// Kind are copies.
func fields(e *Entry) []field {
	at, kind := e.At.Format(time.RFC3339Nano), string(e.Kind)
	return []field{
		{"id", &e.ID},
		{"at", &at},
		{"kind", &kind},
		{"pipeline", &e.Pipeline},
		{"execution", &e.Execution},
		{"stage", &e.Stage},
		{"action", &e.Action},
		{"request", &e.Request},
		{"attempt", &e.Attempt},
		{"environment", &e.Environment},
		{"actor.person", &e.Actor.Person},
		{"actor.name", &e.Actor.Name},
		{"actor.email", &e.Actor.Email},
		{"actor.slack_user", &e.Actor.SlackUser},
		{"actor.door", &e.Actor.Door},
		{"identity", &e.Identity},
		{"verdict", &e.Verdict},
		{"refusal", &e.Refusal},
		{"reason", &e.Reason},
		{"text", &e.Text},
		{"policy", &e.Policy},
		{"policy_hash", &e.PolicyHash},
	}
}

// digest is the SHA-256 of the frames of parts, in hexadecimal.
func digest(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		frame(sum, p)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// frame writes the length of p before p, so that where one part ends cannot be
// argued about. A hash takes any write.
func frame(sum hash.Hash, p string) {
	_, _ = sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
	_, _ = sum.Write([]byte(p))
}
