package approval

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// postingLease is how long one poster has to post the first cards before
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

// Findings are what was found out about an approval that waits, besides what
// CodePipeline says about the action itself.
type Findings struct {
	Changes release.Changes
	// Unread is set when the changes could not be read.
	Unread bool
	// Members are the Slack user groups of the rule, by id, with those of
	// their members who are in the configuration.
	Members map[string][]people.Person
	// Notes are remarks for people about what was looked up.
	Notes []string
}

// Open makes the request for w. When no rule matches, the request has no
// approvers: it is shown in channel, and nobody can answer it here. The opener
// holds the lease for posting the first cards.
func Open(w Waiting, found Findings, book Rulebook, dir Directory, channel string, now time.Time) Request {
	r := Request{
		ID: RequestID(w), State: Pending, Waiting: w, Channel: channel, PostingUntil: now.Add(postingLease),
		Approvers: []people.Person{}, Changes: found.Changes, Ties: TiesOf(w, found.Changes, dir), Notes: found.Notes,
	}
	r.Ties.Unread = found.Unread
	rule, ok := book.For(w.Action)
	if !ok {
		r.Environment = book.Environment(w.Action)
		return r
	}
	r.Rule, r.Policy, r.PolicyHash, r.Environment = rule, rule.Name, rule.Hash(), rule.Environment
	r.Rule.Hours = rule.Hours.Since(now)
	if rule.Channel != "" {
		r.Channel = rule.Channel
	}
	r.Approvers = rule.Approvers()
	for _, g := range rule.Groups() {
		r.Approvers = join(r.Approvers, found.Members[g])
	}
	for _, s := range book.Shadows(w.Action) {
		if len(r.Shadows) < maxShadows {
			r.Shadows = append(r.Shadows, Shadow{Rule: s, State: Pending})
		}
	}
	return r
}

// Asks says whom the rule of r asks: "Asks 2 of QA and
// 1 of Ops".
func (r Request) Asks() string {
	var parts []string
	for _, q := range r.Rule.Quorums {
		name := q.Name
		if name == "" {
			name = "the approvers"
		}
		parts = append(parts, fmt.Sprintf("%d of %s", q.Need, name))
	}
	if len(parts) == 0 {
		return "Asks nobody."
	}
	return "Asks " + strings.Join(parts, " and ") + "."
}
