package source_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/config/source"
)

// TestTextThatWouldTakeForeverIsRefused has files that are small and would
// cost the parser minutes, or the machine its memory.
func TestTextThatWouldTakeForeverIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a huge file":     strings.Repeat("# a comment\n", source.MaxSize/10),
		"brackets":        "people: " + strings.Repeat("[", 100_000),
		"braces":          strings.Repeat("{a: ", 50_000),
		"many keys":       manyKeys(30_000),
		"nested lists":    strings.Repeat("- ", 100_000),
		"many anchors":    strings.Repeat("&a ", 50_000),
		"aliases in keys": "a: &a {b: c}\nd:\n" + strings.Repeat("  <<: *a\n", 15_000),
		"merged aliases":  "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: {<<: [*c, *c]}\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, problems, _ := source.Compile([]byte(text), source.Setting{Today: today}); len(problems) == 0 {
				t.Error("accepted")
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + ": 1\n")
	}
	return b.String()
}

func TestManyUnknownPeopleAreReportedInReasonableTime(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("version: 1\nslack: {channel: C0RELEASES}\npeople:\n")
	name := strings.Repeat("x", 40)
	for i := range 400 {
		b.WriteString("  " + name + strings.Repeat("y", i%20) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + ": {name: A}\n")
	}
	b.WriteString("groups:\n  all: [" + strings.Repeat(name+"zzz, ", 1000) + "zoe]\n")
	b.WriteString("approvals: [{name: a, match: {pipeline: a}, approvers: [group:all]}]\n")
	_, problems, _ := source.Compile([]byte(b.String()), source.Setting{Today: today})
	if len(problems) < 1000 {
		t.Errorf("%d problems", len(problems))
	}
}

// TestManyPeopleAreComparedInReasonableTime: every name of everybody could be
// somebody else's, too.
func TestManyPeopleAreComparedInReasonableTime(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("version: 1\nslack: {channel: C0RELEASES}\npeople:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  p%d: {name: N %d, email: p%d@example.com, iam: [\"arn:aws:iam::111122223333:user/p%d\"]}\n", i, i, i, i)
	}
	b.WriteString("approvals: [{name: a, match: {pipeline: a}, approvers: [p1]}]\n")
	began := time.Now()
	if _, problems, _ := source.Compile([]byte(b.String()), source.Setting{Today: today}); len(problems) > 0 {
		t.Error(problems[0])
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestReadStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	got, err := source.Read("-", strings.NewReader(strings.Repeat("x", 2*source.MaxSize)))
	if err != nil || len(got) != source.MaxSize+1 {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if _, problems, _ := source.Compile(got, source.Setting{Today: today}); len(problems) != 1 || !strings.Contains(problems[0].Message, "larger than 256 KiB") {
		t.Error(problems)
	}
}
