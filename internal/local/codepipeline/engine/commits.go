package engine

import (
	"cmp"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
)

// A Commit is what somebody pushed: the outside text that a release carries.
type Commit struct {
	Message string
	Author  string
	Email   string
	At      time.Time
}

// commits are what sources find when nobody says what was pushed.
var commits = []Commit{
	{Message: "Show delivery dates in the basket", Author: "Jonas Weber", Email: "jonas@example.com"},
	{Message: "Retry card authorisation once on a gateway timeout\n\nThe gateway drops about 0.2 % of requests at night.", Author: "Aiko Tanaka", Email: "aiko@example.com"},
	{Message: "Round VAT per line, as the invoice does", Author: "Nadia Benali", Email: "nadia@example.com"},
	{Message: "Upgrade Go to 1.26", Author: "Tom Fischer", Email: "tom@example.com"},
	{Message: "Fix double refund when a webhook is delivered twice\n\nRefs PAY-318", Author: "Aiko Tanaka", Email: "aiko@example.com"},
	{Message: "Lazy-load product images below the fold", Author: "Jonas Weber", Email: "jonas@example.com"},
	{Message: "Log the request id on every payment error", Author: "Ines Duarte", Email: "ines@example.com"},
	{Message: "Add Apple Pay to the express checkout", Author: "Nadia Benali", Email: "nadia@example.com"},
	{Message: "Cache exchange rates for five minutes", Author: "Tom Fischer", Email: "tom@example.com"},
	{Message: "Let screen readers announce basket changes", Author: "Ines Duarte", Email: "ines@example.com"},
}

// nextCommit is the next of the list for p; each pipeline begins elsewhere.
func nextCommit(p *pipeline) Commit {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.decl.Name)) // a hash never fails
	return commits[(int(h.Sum32())+p.started)%len(commits)]
}

// complete fills in what the pusher left out.
func (c Commit) complete(fallback Commit, now time.Time) Commit {
	c.Message = cmp.Or(c.Message, fallback.Message)
	c.Author = cmp.Or(c.Author, fallback.Author)
	if c.Email == "" {
		first, _, _ := strings.Cut(strings.ToLower(c.Author), " ")
		c.Email = first + "@example.com"
	}
	if c.At.IsZero() {
		c.At = now.Add(-84 * time.Second) // pushed shortly before
	}
	return c
}

// authorID is the author's number at the Git provider.
func (c Commit) authorID() string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.Email))
	return strconv.Itoa(int(h.Sum32()%9_000_000) + 1_000_000)
}
