package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// explain adds the problems of one error of the schema library.
func (f *former) explain(e finding) {
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		f.unknownKeys(e, k.Properties)
	case *kind.Required:
		f.missingKeys(e, k.Missing)
	case *kind.PropertyNames:
		f.badKey(e, k.Property)
	case *kind.Type:
		f.wrongKind(e, k.Want)
	case *kind.Pattern:
		help, _ := f.keyword(e.ValidationError, "patternErrorMessage").(string)
		f.report(e.value.at, e.path, fmt.Sprintf("%s cannot be %s", name(e.path), quoted(k.Got)), help)
	case *kind.Const:
		f.report(e.value.at, e.path, fmt.Sprintf("%s cannot be %s", name(e.path), shown(e.value)), fmt.Sprintf("write %s: %v", name(e.path), k.Want))
	case *kind.Enum:
		f.wrongChoice(e, k.Want)
	case *kind.UniqueItems:
		f.repeated(e, k.Duplicates)
	default:
		f.wrongSize(e)
	}
}

// wrongSize explains what is too large, too small, too long or empty.
func (f *former) wrongSize(e finding) {
	switch k := e.ErrorKind.(type) {
	case *kind.Minimum:
		f.report(e.value.at, e.path, fmt.Sprintf("%s cannot be %s", name(e.path), shown(e.value)), "write at least "+k.Want.RatString())
	case *kind.Maximum:
		f.report(e.value.at, e.path, fmt.Sprintf("%s cannot be %s", name(e.path), shown(e.value)), "write at most "+k.Want.RatString())
	case *kind.MinItems, *kind.MinProperties:
		f.report(e.at, e.path, name(e.path)+" is empty", f.emptyHelp(e))
	case *kind.MaxItems:
		f.report(e.at, e.path, fmt.Sprintf("%s has %d entries", name(e.path), k.Got), fmt.Sprintf("at most %d are possible", k.Want))
	case *kind.MaxLength:
		f.report(e.value.at, e.path, fmt.Sprintf("%s has %d characters", name(e.path), k.Got), fmt.Sprintf("at most %d are possible", k.Want))
	default: // no other keyword is in the schema
		f.report(e.at, e.path, e.Error(), "")
	}
}

// emptyHelp says what an empty list or mapping would come to.
func (f *former) emptyHelp(e finding) string {
	key := e.path[strings.LastIndexByte(e.path, '.')+1:]
	switch {
	case strings.HasSuffix(e.SchemaURL, "names"), strings.HasSuffix(e.SchemaURL, "/accounts"), strings.HasSuffix(e.SchemaURL, "/regions"):
		return "nothing could match: list at least one name, or remove the key to match all"
	case key == "match":
		return "write at least one part of a match; to match everything, write pipeline: \"*\""
	case key == "people", key == "approvals", key == "approvers", key == "require", key == "from", strings.HasPrefix(e.path, "groups."):
		return "nobody could approve: list at least one"
	}
	return "list at least one, or remove the key"
}

// wrongChoice explains what is none of a few words.
func (f *former) wrongChoice(e finding, want []any) {
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = fmt.Sprint(w)
	}
	message := fmt.Sprintf("%s cannot be %s", name(e.path), shown(e.value))
	if e.value.kind == nothingKind {
		message = name(e.path) + " has no value"
	}
	f.report(e.value.at, e.path, message, "write "+listed(words))
}

func (f *former) report(at place, path, message, help string) {
	f.problems = append(f.problems, at.problem(path, message, help))
}

func (f *former) unknownKeys(e finding, keys []string) {
	allowed := f.properties(e.ValidationError)
	for _, key := range keys {
		p, ok := e.value.pair(key)
		if !ok {
			continue
		}
		help := "possible here: " + listed(allowed)
		if near, ok := suggest(key, allowed); ok {
			help = "did you mean " + near + "?"
		}
		f.report(p.at, join(e.path, key), fmt.Sprintf("%s has no setting %s", name(e.path), quoted(key)), help)
	}
}

// missingKeys leaves out what an unknown key was most likely meant to be.
func (f *former) missingKeys(e finding, keys []string) {
	allowed := f.properties(e.ValidationError)
	var meant []string
	for _, p := range e.value.pairs {
		if near, ok := suggest(p.key, allowed); ok && !slices.Contains(allowed, p.key) {
			meant = append(meant, near)
		}
	}
	for _, key := range keys {
		if !slices.Contains(meant, key) {
			f.report(e.at, join(e.path, key), fmt.Sprintf("%s has no %s", name(e.path), key),
				"add it: "+lowerFirst(f.description(e.SchemaURL, key)))
		}
	}
}

// badKey finds the mapping by the schema: jsonschema v6.0.3 does not copy the
// location of the errors about names, and overwrites it later.
func (f *former) badKey(e finding, key string) {
	_, fragment, _ := strings.Cut(e.SchemaURL, "#/properties/")
	section, _, _ := strings.Cut(fragment, "/")
	p, ok := f.root.get(section).pair(key)
	if !ok {
		return
	}
	help := ""
	for _, cause := range leaves(e.ValidationError) {
		if s, ok := f.keyword(cause, "patternErrorMessage").(string); ok {
			help = s
		}
	}
	f.report(p.at, join(section, key), quoted(key)+" cannot be an id", help)
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

// wrongKind explains, say, a number where text belongs.
func (f *former) wrongKind(e finding, want []string) {
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = kinds[w]
	}
	wanted := listed(words)
	help := "it has to be " + wanted
	switch {
	case e.value.kind == nothingKind:
		if comment := f.commentAfter(e.at); comment != "" {
			help = fmt.Sprintf("%s is a comment: # begins one, outside of quotes", quoted(comment))
		}
		f.report(e.at, e.path, name(e.path)+" has no value", help)
		return
	case e.value.kind == numberKind && strings.HasSuffix(e.SchemaURL, "/duration"):
		help, _ = f.keyword(e.ValidationError, "patternErrorMessage").(string)
	case slices.Contains(want, "string") && (e.value.kind == numberKind || e.value.kind == truthKind):
		help = "put it in quotes if it is meant as text"
	}
	f.report(e.value.at, e.path, fmt.Sprintf("%s cannot be %s", name(e.path), shown(e.value)), help)
}

// kinds are the types of JSON Schema that our schema uses, for people.
var kinds = map[string]string{
	"object": "a mapping, such as {key: value}", "array": "a list, such as [a, b]", "string": "text",
	"boolean": "true or false", "integer": "a whole number",
}

// commentAfter returns the comment that follows the key at a place, if nothing
// else does: "channel: #releases" has lost its value that way.
func (f *former) commentAfter(at place) string {
	if at.line > len(f.lines) {
		return ""
	}
	_, after, _ := strings.Cut(f.lines[at.line-1], ":")
	after = strings.TrimSpace(after)
	if !strings.HasPrefix(after, "#") || strings.HasPrefix(after, "# ") {
		return ""
	}
	word, _, _ := strings.Cut(after, " ")
	return word
}

func (f *former) repeated(e finding, pair [2]int) {
	i := max(pair[0], pair[1])
	again := e.value.items[i]
	if again.scalar == nil {
		return // not a name at all, which is reported as well
	}
	f.report(again.at, fmt.Sprintf("%s[%d]", e.path, i),
		fmt.Sprintf("%s lists %s twice", name(e.path), shown(again)), "remove one of the two")
}

// lowerFirst makes the first sentence of a description part of another one.
func lowerFirst(description string) string {
	s, _, _ := strings.Cut(strings.TrimSuffix(description, "."), ". ")
	return strings.ToLower(s[:min(1, len(s))]) + s[min(1, len(s)):] // the schema is ASCII
}

// name is what a sentence calls the value at a path.
func name(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// shown is a value in a sentence.
func shown(n *node) string {
	switch n.kind {
	case textKind:
		return quoted(fmt.Sprint(n.scalar))
	case numberKind, truthKind:
		return fmt.Sprint(n.scalar)
	}
	return string(n.kind)
}

// quoted quotes text of the file, and shortens what would fill the screen.
func quoted(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}
