package redact

import "strings"

// afterScheme skips the scheme of an Authorization header at s[i], so that it
// stays readable.
func afterScheme(s string, i int) int {
	for _, scheme := range []string{"Bearer ", "Basic ", "Token ", "Negotiate ", "ApiKey "} {
		rest := strings.TrimLeft(s[i:], " \t")
		if len(rest) > len(scheme) && strings.EqualFold(rest[:len(scheme)], scheme) {
			return len(s) - len(rest) + len(scheme)
		}
	}
	return i
}

// said finds a secret behind words at s[i] that announce one: "Bearer …",
// "Basic …", "IDENTIFIED BY '…'", `password "…"`.
func said(s string, i int) span {
	if !begins(s, i) {
		return span{}
	}
	if body, ok := word(s, i, "bearer "); ok {
		n := run(s[body:], opaque|colon)
		if n >= 16 || guarded(s[body:body+n]) {
			return span{body, body + n}
		}
	}
	if body, ok := word(s, i, "basic "); ok {
		if n := run(s[body:], base64); guarded(s[body : body+n]) {
			return span{body, body + n}
		}
	}
	for _, start := range []string{"identified by ", "password ", "passphrase "} {
		if body, ok := word(s, i, start); ok && quoteLength(s[body:]) > 0 {
			return behind(s, body, name{}, strong)
		}
	}
	if body, ok := word(s, i, "password "); ok && strings.Contains(s[:i], "login ") { // a line of .netrc
		return behind(s, body, name{}, strong)
	}
	return span{}
}

// word reports whether s[i:] begins with lower, in any case, and where it goes
// on.
func word(s string, i int, lower string) (after int, ok bool) {
	after = i + len(lower)
	return after, after < len(s) && strings.EqualFold(s[i:after], lower)
}

// encoded finds the value behind an equals sign that is written as %3D, as in
// an address within an address.
func encoded(s string, i int) span {
	const sign = len("%3D")
	if len(s) < i+sign || !strings.EqualFold(s[i:i+sign], "%3D") {
		return span{}
	}
	start := i - runBack(s[:i], alnum|dash|under, maxName)
	text := s[start:i]
	if start > 0 && s[start-1] == '%' && len(text) > 2 {
		text = text[2:] // %26name
	}
	return behind(s, i+sign, name{text: text, before: '&'}, weigh(text, true))
}

// element finds the content of the XML element whose tag ends at s[i].
func element(s string, i int) span {
	open := strings.LastIndexByte(s[max(0, i-maxName):i], '<')
	if open < 0 {
		return span{}
	}
	text := s[max(0, i-maxName)+open+1 : i]
	tag := run(text, alnum|dash|under|dot|colon)
	if tag == 0 || tag < len(text) && text[tag] != ' ' {
		return span{}
	}
	w := weigh(text[:tag], true)
	to := strings.IndexByte(s[i+1:], '<')
	if w == nothing || to <= 0 || reference(strings.TrimSpace(s[i+1:i+1+to])) {
		return span{}
	}
	return span{i + 1, i + 1 + to}
}

// option finds the value of the option of a command at s[i]: "--password x",
// "-u name:x", "-p x".
func option(s string, i int) span {
	if i > 0 && s[i-1] != ' ' && s[i-1] != '\t' {
		return span{}
	}
	end := i + run(s[i:min(len(s), i+maxName)], alnum|dash|under|dot)
	if end >= len(s) || s[end] != ' ' {
		return span{}
	}
	switch text := s[i:end]; {
	case text == "-p" && (strings.Contains(s[:i], "login") || strings.Contains(s[:i], "sshpass")):
		return behind(s, end, name{}, strong)
	case text == "-u", text == "--user", text == "--proxy-user":
		return userAndPassword(s, end)
	case strings.HasPrefix(text, "--") && !strings.HasPrefix(s[end:], " -"): // else the next option
		return behind(s, end, name{}, weigh(text, true))
	}
	return span{}
}

// userAndPassword finds the password in "user:password" at s[i].
func userAndPassword(s string, i int) span {
	v := valueAt(s, i, false)
	user, secret, ok := strings.Cut(s[v.from:v.to], ":")
	if !ok || reference(secret) {
		return span{}
	}
	return span{v.from + len(user) + 1, v.to}
}

// maxUserinfo bounds what stands before the host of an address, in bytes.
const maxUserinfo = 4096

// userinfo finds the password of the address whose colon is at s[i], or the
// user if that must be a token.
func userinfo(s string, i int) span {
	if !strings.HasPrefix(s[i:], "://") {
		return span{}
	}
	from := i + len("://")
	authority := authorityOf(s[from:min(len(s), from+maxUserinfo)])
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return span{}
	}
	const longest = 16 // of the names of users
	user, password, ok := strings.Cut(authority[:at], ":")
	if len(user) >= longest && user != Hidden && (!ok || guarded(user)) {
		return span{from, from + at}
	}
	if !ok || reference(password) {
		return span{}
	}
	return span{from + len(user) + 1, from + at}
}

// authorityOf is the part of an address between its scheme and its path.
func authorityOf(rest string) string {
	if end := strings.IndexAny(rest, " \t\"'<>`|\\"); end >= 0 {
		rest = rest[:end]
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 || !strings.Contains(rest[:end], "@") && !port(rest[:end]) {
		return rest // or a password with a slash in it
	}
	return rest[:end]
}

// port reports whether authority is a host with nothing but a port behind it.
func port(authority string) bool {
	const maxPort = 5 // digits
	_, number, ok := strings.Cut(authority, ":")
	return !ok || len(number) <= maxPort && run(number, digit) == len(number)
}
