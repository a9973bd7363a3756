package web_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

var (
	scheme = regexp.MustCompile(`:root\{([^}]*)\}`)
	token  = regexp.MustCompile(`--([a-z-]+):#([0-9a-f]{6})`)
)

// TestColoursCanBeRead computes the contrast of every pair of colours that is
// text on a ground, in both schemes: at least 4.5 for text, and 3 for the edge
// of a field (WCAG 2.2, 1.4.3 and 1.4.11).
func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	pairs := []struct {
		text, ground string
		least        float64
	}{
		{"ink", "page", 4.5}, {"ink", "card", 4.5}, {"ink", "note", 4.5}, {"ink", "field", 4.5}, {"ink", "stop-wash", 4.5},
		{"muted", "page", 4.5}, {"muted", "card", 4.5}, {"muted", "note", 4.5},
		{"link", "card", 4.5}, {"link", "note", 4.5}, {"on-go", "go", 4.5}, {"go", "card", 4.5},
		{"stop", "card", 4.5}, {"stop", "note", 4.5}, {"stop", "stop-wash", 4.5},
		{"edge", "field", 3}, {"edge", "note", 3}, {"care", "page", 3}, {"ask", "page", 3}, {"quiet", "page", 3},
	}
	schemes := scheme.FindAllStringSubmatch(string(css), -1)
	if len(schemes) != 2 {
		t.Fatalf("%d colour schemes, want light and dark", len(schemes))
	}
	for i, name := range []string{"light", "dark"} {
		colours := map[string]string{}
		for _, c := range token.FindAllStringSubmatch(schemes[i][1], -1) {
			colours[c[1]] = c[2]
		}
		for _, p := range pairs {
			if got := contrast(t, colours[p.text], colours[p.ground]); got < p.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", name, p.text, p.ground, got, p.least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(hex, 16, 24)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	linear := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}
