package approval_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// refusalsInSource lists every Refusal that refusal.go declares, so that a new
// one is a case by itself.
func refusalsInSource(t *testing.T) (all []approval.Refusal) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, value := range v.Values {
				if lit, ok := value.(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(lit.Value)
					all = append(all, approval.Refusal(text))
				}
			}
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("found %d refusals", len(all))
	}
	return all
}

// TestEveryRefusalIsASentence says each refusal about requests of all kinds,
// also about such as it does not fit.
func TestEveryRefusalIsASentence(t *testing.T) {
	t.Parallel()
	requests := map[string]approval.Request{
		"no rule": ruled(), "an empty quorum": ruled(circle("QA", 1)), "open": ruled(circle("QA", 2, dana, lee), circle("", 1, marco)),
	}
	r := requests["open"]
	r.Ties = approval.Ties{UnknownStarter: "the root user of 111122223333", UnknownAuthors: []string{"Someone Else", "<!channel>"}, People: []approval.Tie{{Person: "dana", As: approval.Authored}}}
	requests["tied"] = r
	r.Rule.Hours = night
	requests["with hours"] = counted(t, requests["open"], yes(dana))
	r.State, r.HeldBecause = approval.Held, "Frozen: year end. No end is set."
	requests["held"] = r
	for name, v := range map[string]approval.Vote{
		"approved": yes(dana), "rejected": no(lee, "broken"), "expired": {Verdict: approval.Reject, By: people.Person{Name: "Signalbox"}, Door: approval.DoorPolicy, Reason: "Not enough approvals within 4 hours.", At: opened},
		"overridden": {Verdict: approval.Approve, Override: true, By: marco, Reason: "production is down", At: opened},
	} {
		r := requests["open"]
		r.State, r.Vote = approval.Approved, &v
		requests[name] = r
	}
	for _, how := range []approval.How{approval.EndedApproved, approval.EndedRejected, approval.EndedTimedOut, approval.EndedAbandoned, approval.EndedCanceled, approval.EndedGone, "new"} {
		r := requests["open"]
		r.State, r.Ending = approval.Closed, &approval.Ending{How: how, At: opened.Add(time.Hour), By: "arn:aws:iam::111122223333:user/ops"}
		requests["closed, "+string(how)] = r
	}
	if got := approval.Explain(approval.Request{ID: "gone"}, approval.NotKnown); unreadable(got) != "" {
		t.Errorf("a request that is gone: %q", got)
	}
	for _, why := range append(refusalsInSource(t), "one that nobody knows") {
		for name, r := range requests {
			if got := approval.Explain(r, why); unreadable(got) != "" {
				t.Errorf("%s, %s: %q %s", why, name, got, unreadable(got))
			}
		}
	}
}

// unreadable says what is wrong with a text for people, or nothing.
func unreadable(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case text == "":
		return "is empty"
	case !unicode.IsUpper(first):
		return "does not begin with a capital letter"
	case !strings.ContainsRune(".!?", rune(text[len(text)-1])):
		return "does not end like a sentence"
	case strings.ContainsAny(text, "_{}%"), strings.Contains(text, "  "):
		return "is not for people"
	}
	return ""
}
