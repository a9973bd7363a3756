package redact

import (
	"slices"
	"strings"
)

// A weight says how much a name promises a secret.
type weight int

const (
	nothing weight = iota
	// weak names also occur in prose, such as "unexpected token: end".
	weak
	// strong names have a secret behind them, whatever it looks like.
	strong
	// whole names have one that goes on to the end of the line.
	whole
)

// maxName bounds a name in bytes.
const maxName = 80

// strongEnds are the ends of names, without what separates their words and in
// lower case, by the last letter: DB_PASSWORD, clientSecret and X-Api-Key end
// in one of them.
var strongEnds = [128][]string{
	'd': {"password", "passwd", "pwd", "secretid"},
	'e': {"passcode", "secretvalue", "tokenvalue", "xamzsignature", "xgoogsignature", "sharedaccesssignature"},
	'g': {"secretstring"},
	'l': {"credential", "webhookurl"},
	'n': {"token"},
	'r': {"bearer"},
	's': {"credentials", "storepass", "keypass", "userpass", "dbpass"},
	't': {"secret", "passwort"},
	'y': {
		"apikey", "secretkey", "accesskey", "privatekey", "signingkey", "encryptionkey", "masterkey", "authkey", "accountkey",
		"appkey", "deploykey", "licensekey", "storagekey",
	},
}

// notSecret are ends of names that end as a secret's does and are none: where
// a list goes on, and by what a repeated call is known.
var notSecret = []string{
	"nexttoken", "pagetoken", "continuationtoken", "startingtoken", "forwardtoken", "backwardtoken", "clientrequesttoken",
	"idempotencytoken", "cancellationtoken", "canceltoken",
}

// weigh says what name promises. assigned is whether its value comes after an
// equals sign, as in a query, a command or a file of properties.
func weigh(name string, assigned bool) weight {
	var buffer [maxName]byte
	n := string(squash(buffer[:0], name))
	switch n {
	case "":
		return nothing
	case "passphrase", "mnemonic", "seedphrase", "cookie", "setcookie":
		return whole
	case "sig", "signature":
		if assigned {
			return strong
		}
		return nothing
	case "token", "secret", "auth", "authorization", "proxyauthorization", "bearer", "credential", "credentials", "accesskey", "pwd":
		if assigned {
			return strong
		}
		return weak
	}
	ends := func(end string) bool { return strings.HasSuffix(n, end) }
	switch {
	case slices.ContainsFunc(strongEnds[n[len(n)-1]], ends) && !slices.ContainsFunc(notSecret, ends):
		return strong
	case assigned && (ends("passphrase") || passes(name)):
		return strong
	}
	return nothing
}

// passes reports a name such as SMTP_PASS.
func passes(name string) bool {
	const pass = "_pass"
	return len(name) > len(pass) && strings.EqualFold(name[len(name)-len(pass):], pass)
}

// squash appends name to b in lower case, without what separates its words.
func squash(b []byte, name string) []byte {
	for i := range len(name) {
		switch c := name[i]; classOf(c) {
		case upper:
			b = append(b, c+'a'-'A')
		case lower, digit:
			b = append(b, c)
		}
	}
	return b
}

// harmless are values that say that there is no secret, or of what type it
// is, in lower case.
var harmless = []string{
	"true", "false", "null", "none", "nil", "undefined", "string", "number", "boolean", "bool", "int", "any", "str", "bytes",
	"void", "never", "unknown", "required", "missing", "invalid", "expired", "enabled", "disabled", "denied", "unset", "empty",
	"redacted", "masked", "yes", "no", "not", "is", "ok",
}

// reference reports whether v stands for a secret and is none: an unset or
// masked value, a type, a variable, the address of where a secret is kept.
func reference(v string) bool {
	const longest = 10 // of the harmless words
	switch {
	case v == "" || v == Hidden || strings.Trim(v, "*•xX.-<>") == "":
		return true
	case len(v) <= longest && slices.Contains(harmless, strings.ToLower(v)):
		return true
	}
	return strings.HasPrefix(v, "arn:aws") || variable(v) || path(v)
}

// variable reports whether v is one of a shell, a template or a manual.
func variable(v string) bool {
	switch {
	case strings.HasPrefix(v, "${") && strings.HasSuffix(v, "}"), strings.HasPrefix(v, "{{"):
		return !strings.ContainsAny(v[2:], "$ ")
	case v[0] == '$':
		return len(v) > 1 && run(v[1:], upper|under|digit) == len(v)-1
	case v[0] == '<' && v[len(v)-1] == '>':
		return run(v[1:len(v)-1], letter|dash|under) == len(v)-2
	}
	return false
}

// path reports whether v is the path of a file: one that begins as such and
// is not as mixed as a key that happens to begin with a slash.
func path(v string) bool {
	for _, start := range []string{"./", "../", "~/"} {
		if strings.HasPrefix(v, start) {
			return true
		}
	}
	m := mixOf(v)
	return v[0] == '/' && len(v) > 1 && m.has&^(route&^equals) == 0 && m.turns*4 <= len(v)
}
