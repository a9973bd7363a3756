package people

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A key is a name reduced to what tells people apart. Equal texts mean that two
// names resemble each other, equal plains that they are the same.
type key struct{ text, plain string }

// The kinds of keys; a name is never taken for an address.
const (
	nameKey    = "name:"    // letters and digits of a name, or of a user's name
	addressKey = "address:" // an e-mail address
	numberKey  = "number:"  // the number of a user of GitHub, whatever the name is now
)

// keys lists the keys of a name, an address or a user's name: none when
// nothing is left of it.
func keys(said string) []key {
	plain := lower(strings.Trim(strings.Join(strings.Fields(said), " "), "<>\"'"))
	folded := strings.Trim(fold(plain), "<>\"'")
	at := strings.LastIndexByte(folded, '@')
	if at < 1 || at == len(folded)-1 {
		return nameKeys(plain, strings.TrimPrefix(plain, "@"))
	}
	local, domain := folded[:at], folded[at+1:]
	if host, ok := strings.CutPrefix(domain, noReply); ok {
		return userKeys(local, host, plain)
	}
	return []key{{addressKey + mailbox(local, domain), plain}}
}

// nameKeys has the name's letters and digits only: dots, hyphens, emoji and
// spaces tell no two people apart.
func nameKeys(name, plain string) []key {
	text := strings.Map(func(r rune) rune {
		if lettered(r) {
			return r
		}
		return -1
	}, fold(name))
	if text == "" {
		return nil
	}
	return []key{{nameKey + text, plain}}
}

func lettered(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

// noReply begins the domain of addresses that GitHub and GitLab give to users
// who hide their own: number+user@users.noreply.github.com, formerly without
// the number, and number-user@users.noreply.gitlab.com.
// https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
// https://docs.gitlab.com/user/profile/#use-an-automatically-generated-private-commit-email
const noReply = "users.noreply."

// userKeys are the keys of the user in such an address. local and host are
// folded; plain is the whole address.
func userKeys(local, host, plain string) []key {
	separator := "+"
	if strings.HasPrefix(host, fold("gitlab.")) {
		separator = "-"
	}
	number, user, numbered := strings.Cut(local, separator)
	if !numbered || strings.Trim(number, "lo23456789") != "" { // digits, as fold writes them
		return nameKeys(local, plainUser(plain, ""))
	}
	return append(nameKeys(user, plainUser(plain, separator)), key{numberKey + number + "@" + host, plain})
}

// plainUser is the user's name in the address plain, after the separator.
func plainUser(plain, separator string) string {
	local, _, _ := strings.Cut(plain, "@")
	if separator != "" {
		_, local, _ = strings.Cut(local, separator)
	}
	return local
}

// mailbox is where mail to a folded address arrives, with everything left out
// that some provider ignores: a tag after a plus at most of them, and dots at
// Gmail. https://support.google.com/mail/answer/7436150
func mailbox(local, domain string) string {
	if box, _, tagged := strings.Cut(local, "+"); tagged && box != "" {
		local = box
	}
	domain = strings.TrimSuffix(domain, ".")
	if domain == fold("gmail.com") || domain == fold("googlemail.com") {
		local, domain = strings.ReplaceAll(local, ".", ""), fold("gmail.com")
	}
	return local + "@" + domain
}
