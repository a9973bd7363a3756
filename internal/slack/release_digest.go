package slack

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/notice"
)

// maxDigestLine bounds what is told of one release, in characters.
const maxDigestLine = 1000

// ReleaseDigest is the message for d, with times as zone shows them. What does
// not fit is counted, the earliest first.
func ReleaseDigest(d notice.Digest, zone *time.Location) Message {
	if zone == nil {
		zone = time.UTC
	}
	lines := make([]mrkdwn, len(d.Lines))
	for i, l := range d.Lines {
		text := l.Text(zone, func(s string) string { return string(line(s, maxCommit)) })
		lines[i] = shortened(mrkdwn("• "+text), maxDigestLine)
	}
	more := max(d.More, 0)
	for {
		m := digest(lines, more)
		if m.size() <= maxCard || len(lines) == 0 {
			return m
		}
		drop := 1 + len(lines)/10
		lines, more = lines[drop:], more+drop
	}
}

func digest(lines []mrkdwn, more int) Message {
	title := "While it was quiet: " + strconv.Itoa(len(lines)+more) + " releases"
	if len(lines)+more == 1 {
		title = "While it was quiet: 1 release"
	}
	b := blocks{header("🌙 " + title)}
	if more > 0 {
		b.notes(mrkdwn("The latest " + strconv.Itoa(len(lines)) + ". The cards tell of the others."))
	}
	for len(lines) > 0 {
		n := fitting(lines)
		b.section(joined("\n", lines[:n]...))
		lines = lines[n:]
	}
	return Message{Text: title, Blocks: b}
}

// fitting is how many of lines one section takes: at least one.
func fitting(lines []mrkdwn) int {
	size := 0
	for i, l := range lines {
		if size += utf8.RuneCountInString(string(l)) + 1; size > maxSection && i > 0 {
			return i
		}
	}
	return len(lines)
}

// shortened is m, in which nothing is marked up, cut to at most limit
// characters. No entity is cut in two.
func shortened(m mrkdwn, limit int) mrkdwn {
	runes := []rune(string(m))
	if len(runes) <= limit {
		return m
	}
	cut := string(runes[:limit-1])
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return mrkdwn(cut + "…")
}
