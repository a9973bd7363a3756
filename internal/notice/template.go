package notice

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTemplate is how long a template may be, in characters: a reply is a few
// sentences, and Slack cuts the text of a block at 3000.
// https://docs.slack.dev/reference/block-kit/blocks/section-block
const maxTemplate = 1000

// A part of a template is literal text, or the value of a name, for which
// there is other text if it is not known.
type part struct {
	text, name, instead string
}

// CheckTemplate says what is wrong with a template, where, and what to write.
//
// A template is text in which {{name}} stands for a value, and {{name|text}}
// for the text where the value is not known. TemplateNames lists the names. It
// has no conditions, loops or functions, so that what it makes is always text.
func CheckTemplate(template string) error {
	if n := utf8.RuneCountInString(template); n > maxTemplate {
		return fmt.Errorf("the template has %d characters; write at most %d", n, maxTemplate)
	}
	if strings.TrimSpace(template) == "" {
		return fmt.Errorf("the template is empty; leave it out to have the built-in text")
	}
	if i := opened(template); i >= 0 {
		return fmt.Errorf("character %d: < may only begin a link, as <http… or <%s|text>; whom to call is said under mention", column(template, i), linked)
	}
	_, err := parse(template)
	return err
}

// linked is the one value that may follow a <.
const linked = "{{commit.url}}"

// opened is where a < begins something else than a link, or -1. In Slack <!…>
// and <@…> call people, and a value behind a < could become either, since
// escaping a value looks at the value alone.
func opened(template string) int {
	for i := range len(template) {
		rest := template[i:]
		if rest[0] == '<' && !strings.HasPrefix(rest[1:], "http") && !strings.HasPrefix(rest[1:], linked) {
			return i
		}
	}
	return -1
}

// TemplateNames lists the names that a template may use.
func TemplateNames() []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.name
	}
	return names
}

// parse splits a template into its parts.
func parse(template string) ([]part, error) {
	var parts []part
	rest := template
	for {
		text, after, found := strings.Cut(rest, "{{")
		if text != "" {
			parts = append(parts, part{text: text})
		}
		if !found {
			return parts, nil
		}
		at := column(template, len(template)-len(after)-len("{{"))
		inside, behind, closed := strings.Cut(after, "}}")
		if !closed || strings.Contains(inside, "{{") {
			return nil, fmt.Errorf("character %d: {{ is not closed; write }} after the name", at)
		}
		name, instead, _ := strings.Cut(inside, "|")
		name = strings.TrimSpace(name)
		if !slices.Contains(TemplateNames(), name) {
			return nil, fmt.Errorf("character %d: {{%.40s}} is no value; %s", at, inside, suggest(name))
		}
		parts = append(parts, part{name: name, instead: instead})
		rest = behind
	}
}

// column is the number of the character at byte i, counted from 1.
func column(text string, i int) int { return utf8.RuneCountInString(text[:i]) + 1 }

// suggest says what to write instead of name.
func suggest(name string) string {
	best, least := "", 1+len(name)/3
	for _, known := range TemplateNames() {
		if d := distance(strings.ToLower(name), known); d <= least && (best == "" || d < least) {
			best, least = known, d
		}
	}
	if best != "" {
		return "did you mean {{" + best + "}}?"
	}
	return "write one of " + strings.Join(TemplateNames(), ", ")
}

// distance is how many characters have to be put in, taken out or changed to
// make b of a. Long names are not compared.
func distance(a, b string) int {
	const longest = 40
	if len(a) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// fill writes template with the values of t, which pass escape; the template's
// own text does not. It is false if there is nothing worth saying: the template
// is broken, or comes to nothing.
func (t Telling) fill(template string, escape func(string) string) (string, bool) {
	parts, err := parse(template)
	if err != nil {
		return "", false
	}
	var out strings.Builder
	for _, p := range parts {
		switch value := t.value(p.name); {
		case p.name == "":
			out.WriteString(p.text)
		case value == "" && strings.HasSuffix(out.String(), "<"):
			return "", false // a link to nowhere
		case value == "":
			out.WriteString(p.instead)
		default:
			out.WriteString(escape(value))
		}
	}
	return out.String(), strings.TrimSpace(out.String()) != ""
}
