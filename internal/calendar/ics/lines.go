package ics

import "strings"

// A property is one line of a file: what RFC 5545 calls a content line, put
// together from its folded parts. https://www.rfc-editor.org/rfc/rfc5545#section-3.1
type property struct {
	line   int    // where it begins, from 1
	name   string // in capitals
	params map[string]string
	value  string
}

// logicalLine is a line with the lines that continue it.
type logicalLine struct {
	number int
	text   string
}

// unfold joins the lines that begin with a space or a tab to the one before.
// Lines may end with LF as well as CRLF. Empty lines are dropped.
func unfold(file []byte) []logicalLine {
	var all []logicalLine
	var parts []string // of the last of all
	flush := func() {
		if len(all) > 0 {
			all[len(all)-1].text = strings.Join(parts, "")
		}
	}
	number := 0
	for raw := range strings.Lines(string(file)) {
		number++
		text := strings.TrimSuffix(strings.TrimSuffix(raw, "\n"), "\r")
		switch {
		case text == "":
		case (text[0] == ' ' || text[0] == '\t') && len(all) > 0:
			parts = append(parts, text[1:])
		default:
			flush()
			all, parts = append(all, logicalLine{number: number}), []string{text}
		}
	}
	flush()
	return all
}

// property reads "NAME;PARAM=value;PARAM="quoted":value".
func (l logicalLine) property() (property, error) {
	const help = "write NAME:value, and put a space before a line that continues the one above"
	p := property{line: l.number, params: map[string]string{}}
	end := strings.IndexAny(l.text, ";:")
	if end <= 0 || strings.Trim(l.text[:end], nameCharacters) != "" {
		return property{}, fault(l.number, help, "%.40q is no line of an iCalendar file", l.text)
	}
	p.name = strings.ToUpper(l.text[:end])
	rest := l.text[end:]
	for strings.HasPrefix(rest, ";") {
		name, after, ok := strings.Cut(rest[1:], "=")
		if !ok {
			return property{}, fault(l.number, help, "a parameter of %s has no value", p.name)
		}
		value, n := parameter(after)
		p.params[strings.ToUpper(name)] = value
		rest = after[n:]
	}
	value, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return property{}, fault(l.number, help, "%s has no value", p.name)
	}
	p.value = strings.TrimSpace(value)
	return p, nil
}

const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

// parameter reads a parameter's value up to the next ";" or ":" that is not in
// quotes, and returns how many bytes it takes with its quotes.
func parameter(text string) (value string, length int) {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case !quoted && (text[i] == ';' || text[i] == ':'):
			return strings.ReplaceAll(text[:i], `"`, ""), i
		}
	}
	return "", len(text)
}

// An event is what stands between BEGIN:VEVENT and END:VEVENT, without what
// stands in components inside it.
type event struct {
	line       int
	properties []property
}

// events returns the events of all calendars in file.
func events(file []byte) ([]event, error) {
	lines := unfold(file)
	if len(lines) == 0 || !strings.EqualFold(strings.TrimSpace(lines[0].text), "BEGIN:VCALENDAR") {
		return nil, fault(1, "use a file that begins with BEGIN:VCALENDAR", "this is no iCalendar file")
	}
	var r reader
	for _, l := range lines {
		p, err := l.property()
		if err != nil {
			return nil, err
		}
		if err := r.take(p); err != nil {
			return nil, err
		}
	}
	if len(r.open) > 0 {
		last := r.open[len(r.open)-1]
		return nil, fault(last.line, "fetch the file again, the rest of it is missing", "BEGIN:%.20s has no END", last.value)
	}
	return r.found, nil
}

// A reader puts properties into the events that they belong to.
type reader struct {
	found []event
	open  []property // the BEGIN lines that have no END yet
}

func (r *reader) take(p property) error {
	switch {
	case p.name == "BEGIN":
		r.open = append(r.open, p)
		if isEvent(r.open) {
			r.found = append(r.found, event{line: p.line})
		}
	case len(r.open) == 0:
		return fault(p.line, "remove it", "%.40s is outside of the calendar", p.name)
	case p.name == "END":
		last := r.open[len(r.open)-1]
		if !strings.EqualFold(last.value, p.value) {
			return fault(p.line, "end what began last first", "END:%.20s does not fit BEGIN:%.20s on line %d", p.value, last.value, last.line)
		}
		r.open = r.open[:len(r.open)-1]
	case isEvent(r.open):
		e := &r.found[len(r.found)-1]
		e.properties = append(e.properties, p)
	}
	return nil
}

func (p property) begins(component string) bool {
	return p.name == "BEGIN" && strings.EqualFold(p.value, component)
}

// isEvent reports whether open is an event right inside a calendar.
func isEvent(open []property) bool {
	return len(open) == 2 && open[0].begins("VCALENDAR") && open[1].begins("VEVENT")
}
