package redact_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/redact"
)

const (
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	smalls   = "abcdefghijklmnopqrstuvwxyz"
	letters  = capitals + smalls
	urlish   = letters + digits + "-_"
	base64   = letters + digits + "+/"
	password = letters + digits + "!$%()*+-./:=?@[]^_{}~"
)

// A maker makes secrets by chance.
type maker struct{ *rand.Rand }

func (m maker) text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.IntN(len(alphabet))]
	}
	return string(b)
}

func (m maker) pick(from []string) string { return from[m.IntN(len(from))] }

// token is a secret that is known by its form, and the part of it that nobody
// may see.
func (m maker) token() (whole, secret string) {
	prefixed := func(prefix, alphabet string, n int) (string, string) {
		secret := m.text(alphabet, n)
		return prefix + secret, secret
	}
	switch m.IntN(16) {
	case 0:
		return prefixed("AKIA", capitals+"234567", 16)
	case 1:
		return prefixed("IQoJb3JpZ2luX2VjE", base64, 300)
	case 2:
		return prefixed("xox"+m.text("abcdeoprs", 1)+"-", digits, 12+m.IntN(40))
	case 3:
		return prefixed("xapp-1-A0", letters+digits, 60)
	case 4:
		return prefixed("gh"+m.text("pousr", 1)+"_", letters+digits, 36)
	case 5:
		return prefixed("github_pat_", letters+digits, 82)
	case 6:
		return prefixed("glpat-", urlish, 20)
	case 7:
		return prefixed("npm_", letters+digits, 36)
	case 8:
		return prefixed("pypi-AgEIcHlwaS5vcmc", urlish, 150)
	case 9:
		return prefixed("eyJhbGciOiJSUzI1NiJ9.eyJzdWIi", urlish, 80)
	case 10:
		return prefixed("AIza", urlish, 35)
	case 11:
		return prefixed("sk_live_", letters+digits, 24)
	case 12:
		return prefixed("v1."+m.text(urlish, 39)+".", urlish, 43)
	case 13:
		return prefixed("sk-proj-", urlish, 48)
	case 14:
		return prefixed("hooks.slack.com/services/T01/B01/", letters+digits, 24)
	}
	return prefixed("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", base64, 60)
}

// places are where a token may stand, places of names where a password may,
// all as {}.
var (
	places = []string{
		"{}", "a {} b", `"{}"`, "'{}'", "({})", "x={}", "key: {}", "https://example.com/?q={}&r=1", "[{}]", "<{}>", "a,{},b",
		`\n{}\n`, "url%3D{}%26", "https://{}@example.com/x.git", "{}.", "{}:", "-H x:{}", "a/{}/b", "#{}", "@{}", "cat > x {}|sh",
		"[Container] 2026/03/10 09:16:12.123456 {} {}", "{}\t{}", "{};{}", "{}\n{}", "Ünïcödé {} ✓",
	}
	named = []string{
		"password={}", "DB_PASSWORD={}", "  password: {}", "export X_TOKEN={} y", "client-secret = {}", "-Dapi.key={} -jar x", "run --password {} x",
		"--token={}", "docker login -u x -p {} y", "curl -u x:{} y", "my_secret => {}", "url?access_token={}", "[Container] 2026/03/10 09:16:12 A_SECRET={}",
		"Authorization: {}", "Authorization: Bearer {}", "X-Api-Key: {}",
	}
	quoted = []string{
		`password="{}"`, `{"password":"{}"}`, `{"a":1,"apiKey" : "{}","b":2}`, `PGPASSWORD='{}' psql`, "identified by '{}'", `password "{}"`, `{\"token\":\"{}\"}`,
		`secret: "{}"`, `--password "{}" x`, "<password>{}</password>",
	}
)

// line puts a new secret into a place.
func (m maker) line() (line, secret string) {
	switch m.IntN(3) {
	case 0:
		whole, secret := m.token()
		return strings.ReplaceAll(m.pick(places), "{}", whole), secret
	case 1:
		secret := m.text(letters+digits, 1) + m.text(password, 8+m.IntN(30))
		return strings.ReplaceAll(m.pick(named), "{}", secret), secret[:len(secret)-1]
	}
	secret = m.text(letters+digits, 1) + m.text(password+" &,;|#", 8+m.IntN(30))
	return strings.ReplaceAll(m.pick(quoted), "{}", secret), secret
}

// leaks returns a part of secret that text shows, if any.
func leaks(text, secret string) string {
	const part = 8
	for i := 0; i+part <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+part]) {
			return secret[i : i+part]
		}
	}
	return ""
}

func TestNoGeneratedSecretIsShown(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(1, 2))}
	for range 100_000 {
		line, secret := m.line()
		got := redact.Line(line)
		if part := leaks(got, secret); part != "" {
			t.Fatalf("%s\nis shown as %s\nwith %s of %s", line, got, part, secret)
		}
		if again := redact.Line(got); again != got {
			t.Fatalf("%s\nis shown as %s\nand then as %s", line, got, again)
		}
		if strings.Count(got, "\n") != strings.Count(line, "\n") {
			t.Fatalf("%q is shown as %q: another number of lines", line, got)
		}
	}
}

func TestNoGeneratedKeyIsShown(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(3, 4))}
	for range 2_000 {
		begin, end := key(m.pick([]string{"", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "}))
		lines := []string{"before", begin}
		var secret []string
		for range 2 + m.IntN(25) {
			secret = append(secret, m.text(base64, 64))
		}
		lines = append(append(append(lines, secret...), end), "after")
		got := redact.Lines(lines)
		if text := strings.Join(got, "\n"); len(got) != len(lines) || got[len(got)-1] != "after" || slices.ContainsFunc(secret, func(s string) bool { return leaks(text, s) != "" }) {
			t.Fatalf("%s\nis shown as\n%s", strings.Join(lines, "\n"), text)
		}
		cut := redact.Lines(lines[:len(lines)-2-m.IntN(len(secret))]) // a log that ends within the key
		if text := strings.Join(cut, "\n"); slices.ContainsFunc(secret, func(s string) bool { return leaks(text, s) != "" }) {
			t.Fatalf("a key cut off is shown as\n%s", text)
		}
	}
}

// TestWhatBuildsPrintStays makes digests, commits, ids and paths by chance.
func TestWhatBuildsPrintStays(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(5, 6))}
	const hex = digits + "abcdef"
	words := []string{"src", "internal", "InvoiceTable", "node_modules", "build", "utils2", "calculateTax", "v1", "index"}
	for range 50_000 {
		var path []string
		for range 2 + m.IntN(8) {
			path = append(path, m.pick(words))
		}
		line := strings.NewReplacer(
			"{hex40}", m.text(hex, 40), "{hex64}", m.text(hex, 64), "{path}", strings.Join(path, "/"),
			"{uuid}", m.text(hex, 8)+"-"+m.text(hex, 4)+"-4"+m.text(hex, 3)+"-a"+m.text(hex, 3)+"-"+m.text(hex, 12),
			"{b64}", m.text(base64, 43)+"=", "{n}", m.text(digits, 12),
		).Replace(m.pick([]string{
			"HEAD is now at {hex40}", "image@sha256:{hex64}", "digest: sha256:{hex64} size: {n}", "build orders:{uuid}", "/{path}/x.js:12:3",
			"{path}", "arn:aws:iam::{n}:role/{path}", "x v1.2.3 h1:{b64}", "etag={hex40}", "https://example.com/{path}?id={uuid}", "{n}ms", "commit {hex40}\nAuthor: Ann <ann@example.com>",
		}))
		if got := redact.Line(line); got != line {
			t.Fatalf("got  %s\nwant %s", got, line)
		}
	}
}

var unwanted = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]")

func FuzzLine(f *testing.F) {
	m := maker{rand.New(rand.NewPCG(7, 8))}
	for _, line := range ordinary {
		f.Add(line)
	}
	for range 200 {
		line, _ := m.line()
		f.Add(line)
	}
	begin, end := key("")
	f.Add(begin + "\n" + body + "\n" + end)
	f.Add("\x1b]0;x\x1b(\u00e9\u009b1;2password:\u200d=\"\\\"")
	f.Fuzz(func(t *testing.T, text string) {
		got := redact.Line(text)
		if again := redact.Line(got); again != got {
			t.Errorf("Line(%q) = %q, and again %q", text, got, again)
		}
		if strings.Count(got, "\n") != strings.Count(text, "\n") || !utf8.ValidString(got) || unwanted.MatchString(got) {
			t.Errorf("Line(%q) = %q", text, got)
		}
		if lines := redact.Lines(strings.Split(text, "\n")); strings.Join(lines, "\n") != got {
			t.Errorf("Lines of %q: %q, want %q", text, lines, got)
		}
	})
}

// BenchmarkLines reads ordinary lines, as nearly all are, and some with
// secrets.
func BenchmarkLines(b *testing.B) {
	m := maker{rand.New(rand.NewPCG(9, 10))}
	secrets := make([]string, 100)
	for i := range secrets {
		secrets[i], _ = m.line()
	}
	for name, lines := range map[string][]string{"ordinary": ordinary, "secret": secrets} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(strings.Join(lines, "\n"))))
			b.ReportAllocs()
			for b.Loop() {
				redact.Lines(lines)
			}
		})
	}
}

// TestHostileLinesAreReadInTime is about lines by which reading again and
// again would take longer than anybody waits.
func TestHostileLinesAreReadInTime(t *testing.T) {
	t.Parallel()
	begin, _ := key("")
	for _, piece := range []string{"token:", "://", "password=\"", "a=", "<password>", "--token ", "%3D", "-u a:", begin, "\x1b]", "[hidden]", "$", "=:>", "\\", "x:y@"} {
		text := strings.Repeat(piece, 200_000/len(piece))
		if got := redact.Line(text); redact.Line(got) != got {
			t.Errorf("%s, again and again, is not the same when it is read again", piece)
		}
	}
}
