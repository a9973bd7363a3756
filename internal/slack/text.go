package slack

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// mrkdwn is text in Slack's markup. Only the functions of this file and
// constants make it, so that text from outside cannot get into a view without
// being escaped.
type mrkdwn string

// escape makes outside text harmless in mrkdwn and cuts it to at most limit
// characters, counted as Slack counts them, that is after escaping. Line
// breaks stay. https://docs.slack.dev/messaging/formatting-message-text/#escaping
func escape(s string, limit int) mrkdwn {
	return mrkdwn(clip(clean(s), limit, entity))
}

// line is escape for where one line is expected: all white space becomes a
// single space, and backticks, which could open code, become apostrophes.
func line(s string, limit int) mrkdwn {
	return mrkdwn(clip(oneLine(s), limit, entity))
}

// quote is escape with every line marked as a quotation, at most maxLines of
// them.
func quote(s string, limit, maxLines int) mrkdwn {
	lines := strings.Split(strings.TrimSpace(clean(s)), "\n")
	if len(lines) > maxLines {
		lines = append(lines[:maxLines-1:maxLines-1], "…")
	}
	marks := len("> \n") * len(lines)
	cut := clip(strings.Join(lines, "\n"), limit-marks, entity)
	return mrkdwn("> " + strings.ReplaceAll(cut, "\n", "\n> "))
}

// plain cuts outside text to one line of at most limit characters for a
// plain_text object. Slack interprets nothing in one; should some client do,
// there are no angle brackets in it.
func plain(s string, limit int) string {
	return clip(angles.Replace(oneLine(s)), limit, func(r rune) string { return string(r) })
}

var angles = strings.NewReplacer("<", "‹", ">", "›")

// entity is how a character is written in mrkdwn.
func entity(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

// clip writes every character of s with write until the next would not fit
// into limit characters; then an ellipsis takes the last place. It never cuts
// what write wrote, such as an entity.
func clip(s string, limit int, write func(rune) string) string {
	var b strings.Builder
	used, fits := 0, 0 // characters written; bytes that leave room for "…"
	for _, r := range s {
		w := write(r)
		used += len([]rune(w))
		if used > limit {
			return b.String()[:fits] + "…"
		}
		b.WriteString(w)
		if used < limit {
			fits = b.Len()
		}
	}
	return b.String()
}

// clean drops what can only harm: broken UTF-8, control characters other than
// tab and line feed, and the invisible marks that reverse the direction of
// text, with which a name can be made to read as another.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), invisible(r):
			return -1
		}
		return r
	}, s)
}

// invisible reports the direction marks (UAX #9) and zero-width characters,
// except the joiner that compound emoji are made with.
func invisible(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF' || r == '\u2060'
}

func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(clean(s)), " "), "`", "'")
}

// httpsURL returns raw in a form that is safe inside <url|label>, or nothing
// unless it is an https URL of at most limit characters that leads where it
// appears to lead: no user part, no host outside ASCII.
func httpsURL(raw string, limit int) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r > unicode.MaxASCII || strings.ContainsRune("<>|\"\\% ", r) }) {
		return "", false
	}
	safe := urlEscaper.Replace(u.String())
	if strings.ContainsFunc(safe, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || invisible(r) }) {
		return "", false
	}
	return safe, len([]rune(escape(safe, len(safe)*len("&amp;")))) <= limit
}

// urlEscaper covers what ends a link in mrkdwn and url.String leaves alone.
var urlEscaper = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", "`", "%60", " ", "%20", "*", "%2A")

// link labels a URL, or returns just the label when the URL is not one that
// httpsURL lets pass. A bar in the label would begin another label.
func link(raw string, limit int, label mrkdwn) mrkdwn {
	u, ok := httpsURL(raw, limit)
	if !ok {
		return label
	}
	return mrkdwn("<") + escape(u, limit) + "|" + mrkdwn(strings.ReplaceAll(string(label), "|", "¦")) + ">"
}

// when shows a moment in the reader's own time zone.
// https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
func when(t time.Time) mrkdwn { return date(t, "{date_short_pretty} at {time}") }

// since is when, and says how long ago that is, at the moment of reading.
func since(t time.Time) mrkdwn { return date(t, "{date_short_pretty} at {time} ({ago})") }

func date(t time.Time, format string) mrkdwn {
	if t.Unix() <= 0 { // which Slack does not take; nobody knows when
		return "at a time unknown"
	}
	return mrkdwn("<!date^" + strconv.FormatInt(t.Unix(), 10) + "^" + format + "|" + utc(t) + ">")
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// span prints a duration as people say it, with the two units that matter: "3
// days 4 hours", "2 hours 5 minutes", "40 minutes".
func span(d time.Duration) string {
	minutes := int(d / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case minutes < 1:
		return "less than a minute"
	case days > 0:
		return strings.TrimSpace(count(days, "day") + " " + count(hours, "hour"))
	case hours > 0:
		return strings.TrimSpace(count(hours, "hour") + " " + count(minutes%60, "minute"))
	}
	return count(minutes, "minute")
}

// count is "1 hour", "2 hours", or nothing for none.
func count(n int, unit string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
