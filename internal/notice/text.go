package notice

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Limits of texts from outside, in characters. Names of pipelines, stages and
// actions have 100 at most.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	maxName    = 100
	maxSubject = 150
	maxReason  = 300
)

// clean makes text from outside one line of at most limit characters that
// stays where it is put: marks that turn the direction of the text around them
// are taken out, while those that join emoji stay.
func clean(text string, limit int) string {
	if len(text) > 8*limit { // more than what can be kept need not be looked at
		text = text[:8*limit]
	}
	line := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	line = strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		return r
	}, line)
	if runes := []rune(line); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return line
}

// turns reports whether r is an embedding, override or isolate.
// https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
func turns(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// Span is how long d is, for people: "45s", "3m 12s", "2h 5m", "3d 4h".
func Span(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	s, m, h := int(d.Seconds())%60, int(d.Minutes())%60, int(d.Hours())
	switch {
	case h >= 24:
		return pair(h/24, "d", h%24, "h")
	case h > 0:
		return pair(h, "h", m, "m")
	case m > 0:
		return pair(m, "m", s, "s")
	}
	return fmt.Sprintf("%ds", s)
}

func pair(large int, unit string, small int, part string) string {
	if small == 0 {
		return fmt.Sprintf("%d%s", large, unit)
	}
	return fmt.Sprintf("%d%s %d%s", large, unit, small, part)
}
