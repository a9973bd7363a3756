package redact_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/redact"
)

func TestPrivateKeysAreHiddenOverTheirLines(t *testing.T) {
	t.Parallel()
	const h = redact.Hidden
	begin, end := key("RSA ")
	other := "-----END " + "PUBLIC KEY-----"
	pgp, pgpEnd := strings.Replace(begin, " KEY-----", " KEY BLOCK-----", 1), strings.Replace(end, " KEY-----", " KEY BLOCK-----", 1)
	tests := []struct {
		name     string
		in, want []string
	}{
		{"whole", []string{"a", begin, body, "", body[:20], end, "b"}, []string{"a", begin, h, "", h, end, "b"}},
		{"behind what the container writes", []string{"+ " + begin, "+ " + body, "+ " + end}, []string{"+ " + begin, h, h + end}},
		{"other lines between", []string{begin, body, "Phase complete", body, end, "b"}, []string{begin, h, h, h, end, "b"}},
		{"without its end", []string{begin, "Proc-Type: 4,ENCRYPTED", body, "make: *** Error 1", "b"}, []string{begin, h, h, "make: *** Error 1", "b"}},
		{"in one line", []string{`KEY="` + begin + `\n` + body + `\n` + end + `" x`}, []string{`KEY="` + begin + h + end + `" x`}},
		{"two in one line", []string{begin + body + end + " " + begin + body}, []string{begin + h + end + " " + begin + h}},
		{"the end of one in one line", []string{"x " + mixed20 + mixed20 + end}, []string{"x " + h + end}},
		{"PGP", []string{pgp, "Version: 1", "", body, pgpEnd}, []string{pgp, h, "", h, pgpEnd}},
		{"only spoken of", []string{"no PRIVATE" + " KEY found", "BEGIN and PRIVATE" + " KEY", "b", other}, []string{"no PRIVATE" + " KEY found", "BEGIN and PRIVATE" + " KEY", "b", other}},
		{"in a line with breaks", []string{"a\n" + begin + "\n" + body, body, end + "\nb"}, []string{"a\n" + begin + "\n" + h, h, end + "\nb"}},
	}
	for _, tt := range tests {
		given := slices.Clone(tt.in)
		got := redact.Lines(given)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if !slices.Equal(given, tt.in) {
			t.Errorf("%s: the lines given were changed", tt.name)
		}
		if one := redact.Line(strings.Join(tt.in, "\n")); one != strings.Join(tt.want, "\n") {
			t.Errorf("%s as one text:\n%s", tt.name, one)
		}
	}
	if got := redact.Lines(nil); len(got) != 0 {
		t.Errorf("%d lines of none", len(got))
	}
}
