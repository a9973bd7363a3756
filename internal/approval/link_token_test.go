package approval_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
)

// linkMAC does what KMS does with the links' key.
func linkMAC(message []byte) []byte {
	h := hmac.New(sha256.New, []byte("a key for tests"))
	h.Write(message)
	return h.Sum(nil)
}

func linkToken(t testing.TB, c approval.Claims) string {
	t.Helper()
	message, err := c.Message()
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.Token(linkMAC(message))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// genuine reports whether token parses and carries the MAC of what it says.
func genuine(token string) bool {
	claims, mac, err := approval.ParseToken(token)
	if err != nil {
		return false
	}
	message, err := claims.Message()
	return err == nil && hmac.Equal(mac, linkMAC(message))
}

func linkClaims() approval.Claims {
	return approval.NewLink(linkRequest(), linkOwner, "BCDF-GHJK").Claims()
}

func TestATokenSaysWhatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	want := linkClaims()
	token := linkToken(t, want)
	got, mac, err := approval.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims differ (-want +got):\n%s", diff)
	}
	if !genuine(token) || len(mac) != sha256.Size {
		t.Error("the token is not genuine")
	}
	url := approval.LinkURL("https://abcdefghij.execute-api.eu-central-1.amazonaws.com", token)
	if len(url) >= 160 {
		t.Errorf("the link has %d characters; mail programs break longer ones", len(url))
	}
	if !strings.HasSuffix(url, "/approve?t="+token) {
		t.Errorf("link = %s", url)
	}
}

func TestAMessageIsBoundToItsDomain(t *testing.T) {
	t.Parallel()
	message, err := linkClaims().Message()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(message), "signalbox/email-link/v1\x00") {
		t.Errorf("message = %q", message)
	}
	if seed := approval.CodeSeedMessage(linkRequest().ID); strings.HasPrefix(string(seed), "signalbox/email-link") {
		t.Errorf("seed message = %q", seed)
	}
}

func TestAnyFlippedBitIsRefused(t *testing.T) {
	t.Parallel()
	token := linkToken(t, linkClaims())
	rapid.Check(t, func(t *rapid.T) {
		bent := []byte(token)
		bent[rapid.IntRange(0, len(bent)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if genuine(string(bent)) {
			t.Fatalf("accepted %q", bent)
		}
	})
}

func TestMalformedTokens(t *testing.T) {
	t.Parallel()
	token := linkToken(t, linkClaims())
	head, mac := token[:43], token[43:]
	payload := make([]byte, 29)
	tests := map[string]string{
		"empty":                      "",
		"cut short":                  token[:len(token)-1],
		"cut to the payload":         head[:42],
		"too long":                   token + "A",
		"other version":              "v2" + token[2:],
		"spaces":                     " " + token[:len(token)-1],
		"line break inside":          token[:60] + "\n" + token[60:len(token)-1],
		"line break for a character": token[:60] + "\n" + token[61:],
		"padding":                    token[:len(token)-1] + "=",
		"ordinary base64":            "v1." + base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\xff", 29))) + mac,
		"spare bits set":             head[:len(head)-2] + next(head[len(head)-2]) + "." + mac,
		"dots moved":                 strings.Replace(token, ".", "A", 2),
		"third dot":                  token[:50] + "." + token[51:],
		"huge":                       strings.Repeat("A", 1<<20),
		"no expiry":                  "v1." + base64.RawURLEncoding.EncodeToString(payload) + mac,
		"unsigned":                   "v1." + base64.RawURLEncoding.EncodeToString(payload) + ".",
	}
	for name, bent := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims, got, err := approval.ParseToken(bent)
			if !errors.Is(err, approval.ErrMalformed) || got != nil || claims != (approval.Claims{}) {
				t.Errorf("ParseToken = %v, %v, %v; want ErrMalformed", claims, got, err)
			}
		})
	}
}

// next is the character after c in the alphabet: the same bytes once decoded,
// when c is the last and has spare bits.
func next(c byte) string { return string(rune(c + 1)) }

func TestClaimsThatCannotBeSigned(t *testing.T) {
	t.Parallel()
	mac := make([]byte, sha256.Size)
	tests := map[string]func(*approval.Claims){
		"no request":              func(c *approval.Claims) { c.RequestID = "" },
		"short request":           func(c *approval.Claims) { c.RequestID = c.RequestID[:24] },
		"upper-case request":      func(c *approval.Claims) { c.RequestID = strings.ToUpper(c.RequestID) },
		"no person":               func(c *approval.Claims) { c.PersonKey = "" },
		"long person":             func(c *approval.Claims) { c.PersonKey += "00" },
		"no expiry":               func(c *approval.Claims) { c.ExpiresAt = time.Time{} },
		"expiry after 2106":       func(c *approval.Claims) { c.ExpiresAt = time.Unix(1<<32, 0) },
		"upper-case person":       func(c *approval.Claims) { c.PersonKey = strings.ToUpper(c.PersonKey) },
		"request with spare bits": func(c *approval.Claims) { c.RequestID = c.RequestID[:25] + "f" },
		"request with breaks":     func(c *approval.Claims) { c.RequestID = c.RequestID[:13] + "\n" + c.RequestID[13:] },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := linkClaims()
			spoil(&c)
			if m, err := c.Message(); err == nil {
				t.Errorf("Message = %q, want an error", m)
			}
			if token, err := c.Token(mac); err == nil {
				t.Errorf("Token = %q, want an error", token)
			}
		})
	}
	if token, err := linkClaims().Token(mac[:31]); err == nil {
		t.Errorf("Token with a short MAC = %q, want an error", token)
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add(linkToken(f, linkClaims()))
	f.Add("v1..")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		claims, mac, err := approval.ParseToken(token)
		if err != nil {
			if mac != nil || claims != (approval.Claims{}) {
				t.Errorf("ParseToken(%q) returned both a value and %v", token, err)
			}
			return
		}
		again, err := claims.Token(mac)
		if err != nil || again != token {
			t.Errorf("ParseToken(%q) is written %q, %v", token, again, err)
		}
	})
}
