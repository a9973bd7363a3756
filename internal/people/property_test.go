package people_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/people"
)

// disguises reads folds.txt: for a letter, the characters that look like it.
func disguises(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("folds.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		for _, code := range fields[1:] {
			n, err := strconv.ParseInt(code, 16, 32)
			if err != nil {
				t.Fatalf("folds.txt: %v", err)
			}
			out[fields[0]] = append(out[fields[0]], string(rune(n)))
		}
	}
	for ascii, others := range map[string][]string{
		"l": {"1", "I", "|"}, "i": {"l", "1"}, "o": {"0", "O"}, "m": {"rn", "RN"}, "w": {"vv", "VV"},
	} {
		out[ascii] = append(out[ascii], others...)
	}
	return out
}

var invisible = []string{
	"\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u202a", "\u202e",
	"\u2060", "\u2066", "\u2069", "\u3164", "\ufe0f", "\ufeff", "\u0301", "\u0336", "\U000e0061", " ", "\u00a0", "\t",
}

// disguise draws a text that looks like s and is not s.
func disguise(t *rapid.T, alike map[string][]string, s string) string {
	letters := strings.Split(s, "")
	for i := range rapid.IntRange(1, len(letters)).Draw(t, "changes") {
		at := rapid.IntRange(0, len(letters)-1).Draw(t, "at")
		others := alike[strings.ToLower(letters[at])]
		if i%2 == 0 && len(others) > 0 {
			letters[at] = rapid.SampledFrom(others).Draw(t, "letter")
			continue
		}
		letters[at] += rapid.SampledFrom(invisible).Draw(t, "invisible")
	}
	return strings.Join(letters, "")
}

// TestALookAlikeExcludesAndNeverAdmits draws look-alikes of every address and
// name in the directory.
func TestALookAlikeExcludesAndNeverAdmits(t *testing.T) {
	t.Parallel()
	alike, index := disguises(t), office().Index()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(office().Members).Draw(t, "member")
		names := append([]string{m.Name}, m.Git...)
		if m.Email != "" {
			names = append(names, m.Email)
		}
		// The outermost spaces of an address are cut off, so that it may be the
		// same without them.
		said := disguise(t, alike, rapid.SampledFrom(names).Draw(t, "name"))
		if got := ids(index.Authors(said, "")); !slices.Contains(got, m.ID) {
			t.Fatalf("as a name, %+q is of %v, not of %s", said, got, m.ID)
		}
		if got := ids(index.Authors("", said)); !slices.Contains(got, m.ID) {
			t.Fatalf("as an address, %+q is of %v, not of %s", said, got, m.ID)
		}
		p, ok := index.Exact(said)
		if ok && !strings.EqualFold(said, m.Email) {
			t.Fatalf("%+q admits %s", said, p.ID)
		}
		if m.Email != "" {
			session := disguise(t, alike, m.Email)
			got := index.Starter(sso+session, "StartPipelineExecution")
			if strings.EqualFold(session, m.Email) || strings.ContainsAny(session, "/:") {
				return
			}
			if got.Kind != people.Unknown || !slices.Contains(ids(got.Resembles), m.ID) {
				t.Fatalf("the session %+q makes %+v", session, got)
			}
		}
	})
}

// TestAnythingMayBeAsked feeds texts of all kinds to every question.
func TestAnythingMayBeAsked(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(arn:(aws|\*)?:(sts|iam|events)?::?[0-9*]{0,12}:)?[a-zA-Z@+*/:._|-]{0,40}`),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }))
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		d := office()
		d.Members = append(d.Members, people.Member{
			Person: people.Person{ID: b, Name: a, Email: text.Draw(t, "email")},
			Git:    []string{text.Draw(t, "git")}, IAM: []string{a, text.Draw(t, "iam")},
		})
		d.Machines = append(d.Machines, b)
		for _, c := range d.Check() {
			if c.Error() == "" {
				t.Fatal("a conflict says nothing")
			}
		}
		index := d.Index()
		index.Authors(a, b)
		if p, ok := index.Exact(a); ok && people.CheckEmail(p.Email) != nil {
			t.Fatalf("%+q is admitted", a)
		}
		s := index.Starter(b, text.Draw(t, "trigger"))
		if (s.Kind == people.Human) != (s.Person != people.Person{} || b == "" && s.Kind == people.Human) {
			t.Fatalf("%+v is inconsistent", s)
		}
	})
}

// TestRulesPushesAndWebhooksAreNobody draws ARNs of things, named like people.
func TestRulesPushesAndWebhooksAreNobody(t *testing.T) {
	t.Parallel()
	d := office()
	for i, m := range d.Members {
		d.Members[i].IAM = append(m.IAM, m.ID)
	}
	index := d.Index()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"dana", "lee@example.com", "lee.okafor", "x/dana", "assumed-role/Developer/dana"}).Draw(t, "name")
		thing := rapid.SampledFrom([]string{
			"events:eu-west-1:" + account + ":rule/", "codestar-connections:eu-west-1:" + account + ":connection/",
			"codeconnections:eu-west-1:" + account + ":connection/", "codepipeline:eu-west-1:" + account + ":webhook:",
		}).Draw(t, "thing")
		trigger := rapid.SampledFrom([]string{"", "Webhook", "WebhookV2", "CloudWatchEvent", "StartPipelineExecution", "ManualRollback"}).Draw(t, "trigger")
		got := index.Starter("arn:aws:"+thing+name, trigger)
		if got.Kind == people.Human {
			t.Fatalf("%s by %s%s is %+v", trigger, thing, name, got)
		}
	})
}
