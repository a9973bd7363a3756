package redact

import (
	"strings"
	"testing"
)

// TestEveryShapeIsFoundUnderItsFirstByte makes the shortest secret of each
// kind out of a byte that belongs to it.
func TestEveryShapeIsFoundUnderItsFirstByte(t *testing.T) {
	t.Parallel()
	for first, known := range shapes {
		for _, s := range known {
			if len(s.prefix) < 2 || s.prefix[0] != byte(first) || s.min < 10 {
				t.Errorf("%q is listed under %q, or is too short", s.prefix, byte(first))
				continue
			}
			fill := "A" // in every set of those with letters
			if s.set&upper == 0 {
				fill = "7"
			}
			secret := s.prefix + strings.Repeat(fill, s.min)
			want := "a " + Hidden + " b"
			if s.keep {
				want = "a " + s.prefix + Hidden + " b"
			}
			if got := Line("a " + secret + " b"); got != want {
				t.Errorf("%s: %s", s.prefix, got)
			}
			if short := "a " + secret[:len(secret)-1] + " b"; Line(short) != short && !strings.Contains(s.prefix, "xoxe") {
				t.Errorf("%s: hidden though it is too short: %s", s.prefix, Line(short))
			}
		}
	}
}
