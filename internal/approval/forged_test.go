package approval_test

import (
	"crypto/hmac"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
)

// A safe is what stands behind a link: the key, the records, and the checks in
// the order of the page behind it (internal/web).
type safe struct {
	links map[[2]string]approval.Link
	now   time.Time
}

// opens reports whether somebody with token and code may answer.
func (s safe) opens(token, code string) bool {
	claims, mac, err := approval.ParseToken(token)
	if err != nil || claims.Purpose != approval.PurposeAnswer || !s.now.Before(claims.ExpiresAt) {
		return false
	}
	l, ok := s.links[[2]string{claims.RequestID, claims.PersonKey}]
	message, err := claims.Message()
	if !ok || err != nil || !hmac.Equal(mac, linkMAC(message)) {
		return false
	}
	return l.State(s.now) == approval.LinkOpen && l.Accepts(code)
}

// A forger has seen genuine invitations, all of them to others or used up, and
// tries to get in.
type forger struct {
	*rand.Rand
	safe
	// open has two people's tokens and codes for a request that waits; expired
	// and used have those that were good once.
	open, expired, used []invited
}

type invited struct {
	claims      approval.Claims
	token, code string
}

func newForger(t testing.TB) *forger {
	f := &forger{Rand: rand.New(rand.NewPCG(1, 2)), safe: safe{links: map[[2]string]approval.Link{}, now: linkExpiry.Add(-time.Hour)}}
	for i, id := range []string{"abcdefghijklmnopqrstuvwxye", "bbcdefghijklmnopqrstuvwxye", "cbcdefghijklmnopqrstuvwxye"} {
		for _, p := range cast[:2] {
			r := linkRequest()
			r.ID = id
			if i == 1 {
				r.ExpiresAt = f.now
			}
			code := approval.NewCode(linkMAC(approval.CodeSeedMessage(id)), p.ID)
			l := approval.NewLink(r, p, code)
			if i == 2 {
				l.UsedAt = &f.now
			}
			f.links[[2]string{l.RequestID, l.PersonKey}] = l
			all := [...]*[]invited{&f.open, &f.expired, &f.used}[i]
			*all = append(*all, invited{l.Claims(), linkToken(t, l.Claims()), code})
		}
	}
	return f
}

// try makes up one token with a code.
func (f *forger) try() (token, code string) {
	mine, theirs := f.open[0], f.open[1]
	if f.IntN(2) == 0 {
		mine, theirs = theirs, mine
	}
	old := append(f.expired, f.used...)[f.IntN(len(f.expired)+len(f.used))]
	switch f.IntN(10) {
	case 0: // one bit is another
		bent := []byte(mine.token)
		bent[f.IntN(len(bent))] ^= 1 << f.IntN(8)
		return string(bent), mine.code
	case 1: // cut short, or longer
		if n := f.IntN(len(mine.token)); n > 0 || f.IntN(2) == 0 {
			return mine.token[:n], mine.code
		}
		return mine.token + mine.token[:1+f.IntN(9)], mine.code
	case 2: // replayed after its expiry, or after its use
		return old.token, old.code
	case 3: // a colleague's code, or that of another request
		return mine.token, []string{theirs.code, old.code}[f.IntN(2)]
	case 4: // guessed codes, which differ in a character at least
		guess := []byte(strings.ReplaceAll(mine.code, "-", ""))
		at := f.IntN(len(guess))
		guess[at] = "23456789BCDFGHJKMNPQRSTVWXYZ01OIL-"[(strings.IndexByte("23456789BCDFGHJKMNPQRSTVWXYZ", guess[at])+1+f.IntN(26))%34]
		return mine.token, string(guess)
	case 5: // the MAC of another token
		return mine.token[:strings.LastIndexByte(mine.token, '.')] + old.token[strings.LastIndexByte(old.token, '.'):], mine.code
	case 6, 7: // other claims under a MAC that is genuine for something
		return f.altered(mine.claims), mine.code
	case 8: // made up altogether
		raw := make([]byte, 61)
		for i := range raw {
			raw[i] = byte(f.IntN(256))
		}
		return "v1." + base64.RawURLEncoding.EncodeToString(raw[:29]) + "." + base64.RawURLEncoding.EncodeToString(raw[29:]), mine.code
	default: // signed by our own key, for another purpose
		c := mine.claims
		c.Purpose = approval.Purpose(2 + f.IntN(254))
		message, _ := c.Message()
		token, _ := c.Token(linkMAC(message))
		return token, mine.code
	}
}

// altered says something else than c, with a MAC of c, of another domain, or of
// another key.
func (f *forger) altered(c approval.Claims) string {
	message, _ := c.Message()
	mac := linkMAC(message)
	switch f.IntN(5) {
	case 0:
		c.PersonKey = approval.PersonKey(cast[2+f.IntN(len(cast)-2)].ID)
	case 1:
		c.RequestID = f.expired[0].claims.RequestID
	case 2:
		c.ExpiresAt = c.ExpiresAt.Add(time.Duration(1+f.IntN(1e6)) * time.Second)
	case 3:
		mac = linkMAC(approval.CodeSeedMessage(c.RequestID))
	default:
		mac = linkMAC(append([]byte("another key"), message...))
	}
	token, _ := c.Token(mac)
	return token
}

// forge tries n times and returns how often it got in.
func (f *forger) forge(n int) (in int) {
	for range n {
		if f.opens(f.try()) {
			in++
		}
	}
	return in
}

// TestForgedLinksOpenNothing is BenchmarkForgedLinks in small.
func TestForgedLinksOpenNothing(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	for _, i := range f.open {
		if !f.opens(i.token, i.code) || !f.opens(i.token, strings.ToLower(i.code)) {
			t.Fatal("a genuine invitation opens nothing, so that nothing is shown by what follows")
		}
	}
	const tries = 100_000
	for range tries {
		if token, code := f.try(); f.opens(token, code) {
			t.Fatalf("accepted %q with %q", token, code)
		}
	}
	t.Logf("%d forged, altered and replayed links, none accepted", tries)
}

// BenchmarkForgedLinks tries a million forged, altered, truncated, replayed and
// re-purposed links and codes.
func BenchmarkForgedLinks(b *testing.B) {
	f := newForger(b)
	const tries = 1_000_000
	in, all := 0, 0
	for b.Loop() {
		in += f.forge(tries)
		all += tries
	}
	b.ReportMetric(float64(all), "forged")
	b.ReportMetric(float64(in), "accepted")
	b.ReportMetric(float64(all)/b.Elapsed().Seconds(), "forged/s")
	if in > 0 {
		b.Errorf("%d of %d forged links were accepted", in, all)
	}
}
