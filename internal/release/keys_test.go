package release_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/release"
)

func TestKeysAreFoundWherePeopleWriteThem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"ORD-42 Add refunds", []string{"ORD-42"}},
		{"Add refunds\n\nRefs PAY-318, (A1B2-7); closes ORD-42.", []string{"PAY-318", "A1B2-7", "ORD-42"}},
		{"ORD-42 and again ORD-42", []string{"ORD-42"}},
		{"Merge branch 'feature/ORD-42-refunds'", []string{"ORD-42"}},
		{"bugfix-ORD-42", []string{"ORD-42"}},
		{"<!channel> ORD-1 </script>", []string{"ORD-1"}},
		{"https://example.atlassian.net/browse/ORD-42?focus=1", []string{"ORD-42"}},
		{"Read UTF-8, SHA-256, ISO-8601 and RFC-7231 over TLS-1 (CVE-2026-12345)", nil},
		{"Rebuild for X86-64, release V2-1", nil},
		{"P-256 has one letter, and ord-42 is small", nil},
		{"ORD-0 ORD-042 ORD- -42 ORD_A-1 xORD-1 ORD-1x ORD-1_2 éORD-1 ORD-1é", nil},
		{"Upgrade LIB-1.2 and LIB-1.2.3", nil},
		{"This ends with ORD-7.", []string{"ORD-7"}},
		{strings.Repeat("A", 1<<16), nil},
	}
	for _, tt := range tests {
		if got := release.Keys(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("Keys(%.80q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestKeysOfOneMessageAreBounded(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for n := range 100 {
		text.WriteString(" ORD-1" + strings.Repeat("1", n%20) + " KEY" + strings.Repeat("X", n) + "-1")
	}
	if n := len(release.Keys(text.String())); n != 10 {
		t.Errorf("%d keys, want 10", n)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("ORD-42 UTF-8 \xff ORD-1.2")
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range release.Keys(text) {
			if !strings.Contains(text, k) || !slices.Equal(release.Keys(k), []string{k}) {
				t.Errorf("key %q of %q", k, text)
			}
		}
	})
}
