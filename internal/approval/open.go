package approval

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// postingLease is how long one poster has to post the first card before
// another may try. It is longer than a function may run, and shorter than the
// minute after which Lambda runs a failed event again.
const postingLease = 45 * time.Second

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// RequestID names the request for w: 26 characters that are the same for every
// event about the same attempt, and differ when the approval is retried,
// because a new attempt has a new token. The token cannot be read back from it.
func RequestID(w Waiting) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		w.Account, w.Region, w.Pipeline, w.ExecutionID, w.Stage, w.Name, w.Token,
	}, "\x00")))
	return idEncoding.EncodeToString(sum[:16])
}

// Open makes the request for w under the rules. When no rule matches, the
// request has no approvers: it is shown in channel, and nobody can answer it
// here. The opener holds the lease for posting the first card.
func Open(w Waiting, rules Rules, channel string, now time.Time) Request {
	r := Request{ID: RequestID(w), State: Pending, Waiting: w, Channel: channel, PostingUntil: now.Add(postingLease)}
	rule, ok := rules.For(w.Action)
	r.Approvers = approvers(rule)
	if !ok {
		return r
	}
	r.Policy = rule.Name
	r.Environment = rule.Environment
	if rule.Channel != "" {
		r.Channel = rule.Channel
	}
	return r
}
