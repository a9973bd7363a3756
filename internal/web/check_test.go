package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

var strict = map[string]string{
	"Content-Type":                 "text/html; charset=utf-8",
	"Referrer-Policy":              "no-referrer",
	"Cache-Control":                "no-store",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Strict-Transport-Security":    "max-age=63072000",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"X-Robots-Tag":                 "noindex, nofollow",
}

var (
	styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	titleElement = regexp.MustCompile(`<title>[^<]+ · Signalbox</title>`)
	// loads is what would fetch something, or run something.
	loads = regexp.MustCompile(`(?i)<(script|img|link|iframe|object|embed|base|audio|video|source)\b|\s(on\w+|style|srcset|background|formaction)\s*=|javascript:|@import|url\(`)
)

// checkResponse checks what holds for every answer of the page, whatever it is
// about.
func checkResponse(t testing.TB, req event.Request, res event.Response) {
	t.Helper()
	for name, want := range strict {
		if got := res.Header[name]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(res.Header["Content-Security-Policy"], "default-src 'none'; style-src 'sha256-") ||
		!strings.HasSuffix(res.Header["Content-Security-Policy"], "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'") {
		t.Errorf("Content-Security-Policy: %q", res.Header["Content-Security-Policy"])
	}
	if strings.Contains(res.Body, "arn:aws:kms") || strings.Contains(res.Body, "10.0.0.7") || strings.Contains(res.Body, "the-token-of-codepipeline") {
		t.Errorf("the answer shows internals:\n%s", res.Body)
	}
	if req.Method == http.MethodHead || res.Status == http.StatusSeeOther {
		if res.Body != "" {
			t.Errorf("body = %q, want none", res.Body)
		}
		return
	}
	checkBody(t, res)
}

func checkBody(t testing.TB, res event.Response) {
	t.Helper()
	style := styleElement.FindStringSubmatch(res.Body)
	if style == nil {
		t.Fatalf("the page has no style:\n%s", res.Body)
	}
	sum := sha256.Sum256([]byte(style[1]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(res.Header["Content-Security-Policy"], want) {
		t.Errorf("the policy %q refuses the page's style %s", res.Header["Content-Security-Policy"], want)
	}
	if n := strings.Count(res.Body, "<h1>"); n != 1 {
		t.Errorf("%d headings of the first level, want one", n)
	}
	if !strings.Contains(res.Body, `<html lang="en">`) || !titleElement.MatchString(res.Body) {
		t.Errorf("the page lacks a language or a title:\n%s", res.Body)
	}
	if !strings.Contains(res.Body, "Reference: <code>Jx9vVhK8DoEEJ3g=</code>") {
		t.Error("the page shows no reference")
	}
	if found := loads.FindString(tags(res.Body)); found != "" {
		t.Errorf("the page has %q", found)
	}
	if strings.Contains(res.Body, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
}

// tags is the markup of a page without its texts: escaped text may say
// anything.
func tags(body string) string {
	return strings.Join(regexp.MustCompile(`(?s)<[a-zA-Z/!][^>]*>|<style>.*?</style>`).FindAllString(body, -1), "")
}
