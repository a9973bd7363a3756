package arch

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// domains decide; they know no AWS, HTTP, environment or clock. A name may be
// listed before its package exists.
var domains = []string{
	"internal/approval", "internal/audit", "internal/calendar", "internal/doctor", "internal/insight", "internal/notice",
	"internal/people", "internal/queue", "internal/release", "internal/scan", "internal/ticket", "internal/trigger",
}

// vocabulary is what every domain may import; besides it they ignore each other.
var vocabulary = []string{"internal/audit", "internal/calendar", "internal/event", "internal/people", "internal/release"}

// outside lists the standard packages by which a domain would reach outside.
var outside = []string{"net", "net/http", "os", "os/exec", "os/signal", "syscall", "database/sql", "log", "math/rand", "math/rand/v2"}

// heavy packages cost init time in every cold start of a function that links
// them, for each function that must not.
var heavy = []struct{ function, pkg, reason string }{
	{"functions/", "github.com/aws/aws-sdk-go-v2/config", "links four more services; use internal/awsenv"},
	{"functions/", "github.com/aws/aws-sdk-go/", "is version 1, ten milliseconds of endpoint tables"},
	{"functions/", "github.com/aws/aws-xray-sdk-go/xray", "is version 1, which drags in the old SDK; use v2"},
	{"functions/", "github.com/goccy/go-yaml", "is for build time; functions read the compiled configuration"},
	{"functions/slack", "github.com/aws/aws-xray-sdk-go/v2", "makes Slack wait; Lambda's own segments suffice"},
}

// imported is one import in one file.
type imported struct {
	file GoFile
	at   string
	path string // as written
	ours string // relative to the root, or empty
}

func (t Tree) imports() []imported {
	var all []imported
	for _, f := range t.Go {
		for _, spec := range f.Syntax.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue // it would not compile
			}
			ours, mine := strings.CutPrefix(name, module)
			if !mine {
				ours = ""
			}
			all = append(all, imported{file: f, at: f.at(spec), path: name, ours: ours})
		}
	}
	return all
}

func domainImports(t Tree) []string {
	var found []string
	for _, i := range t.imports() {
		dir := path.Dir(i.file.Path)
		if !slices.Contains(domains, dir) || i.file.test() {
			continue
		}
		allowed := slices.Contains(vocabulary, i.ours) && !slices.Contains(vocabulary, dir) || folds(dir, i.ours)
		foreign := strings.Contains(strings.Split(i.path, "/")[0], ".")
		if foreign && !allowed || slices.Contains(outside, i.path) {
			found = append(found, fmt.Sprintf("%s: %s imports %s; a domain decides, adapters reach outside", i.at, dir, i.path))
		}
	}
	return found
}

// folds reports the one word of the vocabulary that is made of another: the
// execution record is what events told. See docs/decisions/0014.
func folds(dir, ours string) bool { return dir == "internal/release" && ours == "internal/event" }

func eventImports(t Tree) []string {
	var found []string
	for _, i := range t.imports() {
		if i.file.under("internal/event/") && !i.file.test() && i.ours != "" {
			found = append(found, fmt.Sprintf("%s: internal/event imports %s; everybody imports it, so it imports nobody", i.at, i.ours))
		}
	}
	return found
}

func localImports(t Tree) []string {
	var found []string
	for _, i := range t.imports() {
		local := i.ours == "internal/local" || strings.HasPrefix(i.ours, "internal/local/")
		if local && !i.file.pretends() && !i.file.under("cmd/signalbox/") {
			found = append(found, fmt.Sprintf("%s: imports %s; what is deployed must not know the local world", i.at, i.ours))
		}
	}
	return found
}

// heavyImports follows each function's imports through our own packages.
func heavyImports(t Tree) []string {
	edges := map[string][]imported{}
	for _, i := range t.imports() {
		if !i.file.test() {
			dir := path.Dir(i.file.Path)
			edges[dir] = append(edges[dir], i)
		}
	}
	var found []string
	for _, function := range t.functions() {
		for _, i := range reached(edges, function) {
			for _, h := range heavy {
				if strings.HasPrefix(function, h.function) && strings.HasPrefix(i.path, h.pkg) {
					found = append(found, fmt.Sprintf("%s: %s links %s, which %s", i.at, function, i.path, h.reason))
				}
			}
		}
	}
	return found
}

// reached lists the imports of dir and of all of our packages that it links.
func reached(edges map[string][]imported, dir string) []imported {
	var all []imported
	seen := map[string]bool{dir: true}
	for next := []string{dir}; len(next) > 0; next = next[1:] {
		for _, i := range edges[next[0]] {
			all = append(all, i)
			if i.ours != "" && !seen[i.ours] {
				seen[i.ours] = true
				next = append(next, i.ours)
			}
		}
	}
	return all
}

// functions lists the folders of the Lambda functions, sorted.
func (t Tree) functions() []string {
	var all []string
	for _, f := range t.Go {
		if dir := path.Dir(f.Path); f.under("functions/") && !slices.Contains(all, dir) {
			all = append(all, dir)
		}
	}
	slices.Sort(all)
	return all
}
