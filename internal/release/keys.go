package release

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxKeys bounds the keys that one message gives.
const maxKeys = 10

// keyed is the form of a Jira issue's key.
// https://confluence.atlassian.com/adminjiraserver/changing-the-project-key-format-938847081.html
//
// It is compiled when it is first needed: functions start without it.
var keyed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Z][A-Z0-9]+-[1-9][0-9]*`) })

// versioned reports whether a project key is rather a version, as in "V2-1".
func versioned(project string) bool {
	return project[0] == 'V' && strings.Trim(project[1:], "0123456789") == ""
}

// notProjects are words that stand before a number in commit messages and
// name standards, encodings, algorithms and time zones.
var notProjects = map[string]bool{
	"ADR": true, "AES": true, "AMD": true, "ANSI": true, "ARM": true, "ASCII": true, "BASE": true, "CAPEC": true,
	"COVID": true, "CP": true, "CRC": true, "CVE": true, "CWE": true, "ECMA": true, "ECDSA": true, "EIP": true,
	"ES": true, "EUC": true, "FIPS": true, "GB": true, "GMT": true, "HMAC": true, "HTTP": true, "IEC": true,
	"IEEE": true, "IP": true, "IPV": true, "ISO": true, "JEP": true, "JSR": true, "KOI8": true, "LATIN": true,
	"MD": true, "MPEG": true, "NIST": true, "PEP": true, "PKCS": true, "PR": true, "RFC": true, "RSA": true,
	"SHA": true, "SHA2": true, "SHA3": true, "SSL": true, "TLS": true, "UCS": true, "UTC": true, "UTF": true,
	"UUID": true, "WIN": true, "WINDOWS": true, "X86": true,
}

// Keys finds the keys of Jira issues in text, each once, in order. What only
// looks like one, such as UTF-8, SHA-256 or LIB-1.2, is left out.
func Keys(text string) []string {
	var keys []string
	for _, at := range keyed().FindAllStringIndex(text, -1) {
		key := text[at[0]:at[1]]
		project, _, _ := strings.Cut(key, "-")
		if bounded(text[:at[0]], text[at[1]:]) && !notProjects[project] && !versioned(project) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		if len(keys) == maxKeys {
			break
		}
	}
	return keys
}

// bounded reports whether a key can end before and begin after the given
// texts: a word goes on with letters, digits and underscores, and a version
// with a point and a digit. A hyphen may follow or precede, as in the names of
// branches: feature-ORD-42-refund.
func bounded(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, size := utf8.DecodeRuneInString(after)
	if wordly(last) || wordly(next) {
		return false
	}
	if next != '.' {
		return true
	}
	beyond, _ := utf8.DecodeRuneInString(after[size:])
	return !unicode.IsDigit(beyond)
}

func wordly(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
