package people

import (
	_ "embed" // folds
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// folds lists characters that look like letters: see the head of the file.
//
//go:generate python3 folds.py confusables.txt
//go:embed folds.txt
var folds string

// looks reads folds on first use: most names are ASCII and never need it.
var looks = sync.OnceValue(func() map[rune]string {
	table := map[rune]string{}
	for line := range strings.Lines(folds) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		letters := fields[0]
		if code, ok := strings.CutPrefix(letters, "U+"); ok {
			letters = string(hexRune(code))
		}
		for _, code := range fields[1:] {
			table[hexRune(code)] = letters
		}
	}
	return table
})

// hexRune reads a code point; what is none becomes utf8.RuneError, which fold
// drops.
func hexRune(code string) rune {
	n, err := strconv.ParseUint(code, 16, 21)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// fold returns the skeleton of s: two texts that look alike have the same. It
// goes further than UTS #39, in that small and capital letters, letters with
// and without accents, and spaces do not matter either.
// https://www.unicode.org/reports/tr39/#Confusable_Detection
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		foldASCII(b, r)
		return
	}
	if letters, ok := looks()[r]; ok {
		for _, l := range letters {
			if l < utf8.RuneSelf {
				foldASCII(b, l)
			} else {
				b.WriteRune(l)
			}
		}
		return
	}
	switch {
	case firstHangul <= r && r <= lastHangul:
		foldHangul(b, r-firstHangul)
	case !unseen(r):
		b.WriteRune(unicode.ToLower(r))
	}
}

// foldASCII writes the ASCII character c as what it may be taken for. "rn" looks like m, and "vv"
// like w, so that both are written out.
func foldASCII(b *strings.Builder, c rune) {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	switch c {
	case 'i', '1', '|':
		b.WriteByte('l')
	case '0':
		b.WriteByte('o')
	case 'm':
		b.WriteString("rn")
	case 'w':
		b.WriteString("vv")
	default:
		if c > ' ' && c != 0x7f {
			b.WriteRune(c)
		}
	}
}

// Hangul syllables are composed by arithmetic: The Unicode Standard, 3.12.
const (
	firstHangul, lastHangul     = 0xAC00, 0xD7A3
	leading, vowel, trailing    = 0x1100, 0x1161, 0x11A7
	vowelsTrailing, trailingAll = 588, 28
)

// foldHangul writes the parts of the syllable with the number s.
func foldHangul(b *strings.Builder, s rune) {
	parts := []rune{leading + s/vowelsTrailing, vowel + s%vowelsTrailing/trailingAll, trailing + s%trailingAll}
	if parts[2] == trailing {
		parts = parts[:2]
	}
	for _, p := range parts {
		foldRune(b, p)
	}
}

// unseen reports whether r leaves no ink of its own: spaces, marks over other
// letters, characters without width, those that turn the direction of writing,
// and bytes that are no text.
func unseen(r rune) bool {
	switch r {
	case utf8.RuneError, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800: // fillers, the blank of Braille
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc)
}
