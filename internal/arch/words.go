package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pretending are the words by which production code would know that it is not
// in production, in lower case. The seam is a URL, never a switch.
var pretending = regexp.MustCompile(`(^|_)(is_local|mock(s|ed)?|fake(s|d)?|stub(s|bed)?|dry_run)(_|$)`)

// environment is the shape of an environment variable's name.
var environment = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)

func pretendingWords(t Tree) []string {
	var found []string
	for _, f := range t.Go {
		if f.pretends() {
			continue
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if name := named(n); pretending.MatchString(snake(name)) {
				found = append(found, fmt.Sprintf("%s: %s; only tests and internal/local pretend", f.at(n), name))
			}
			return true
		})
	}
	return found
}

// named returns the name that n is: an identifier, or a string that could name
// an environment variable.
func named(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.BasicLit:
		if text := literal(n); environment.MatchString(text) {
			return text
		}
	}
	return ""
}

var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// snake turns camelCase into camel_case.
func snake(name string) string {
	return strings.ToLower(wordStart.ReplaceAllString(name, "${1}_${2}"))
}

// literal returns the value of a string literal, or nothing.
func literal(e ast.Node) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// A ban is a function that only some files may use.
type ban struct {
	names  []string
	banned func(GoFile) bool
	reason string
}

var bans = []ban{
	{
		[]string{"panic", "log.Fatal", "log.Fatalf", "log.Fatalln", "log.Panic", "log.Panicf", "log.Panicln"},
		func(GoFile) bool { return true },
		"return an error; only main may exit, before it serves",
	},
	{
		[]string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.Setenv"},
		func(f GoFile) bool { return !f.under("functions/", "cmd/", "internal/config/") },
		"main passes the environment on as getenv; internal/config reads it",
	},
	{
		[]string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc", "time.Tick", "time.NewTimer", "time.NewTicker"},
		func(f GoFile) bool { return slices.Contains(domains, path.Dir(f.Path)) },
		"a domain has no clock; a time comes in as a value or a func",
	},
	{
		[]string{"context.Background", "context.TO" + "DO"},
		func(f GoFile) bool { return f.Syntax.Name.Name != "main" },
		"pass the caller's context on",
	},
}

// forbiddenCalls reports uses, not only calls: handing time.Now on is a clock
// too.
func forbiddenCalls(t Tree) []string {
	var found []string
	for _, f := range t.Go {
		if f.pretends() {
			continue
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			used := use(n)
			for _, b := range bans {
				if slices.Contains(b.names, used) && b.banned(f) {
					found = append(found, fmt.Sprintf("%s: %s; %s", f.at(n), used, b.reason))
				}
			}
			if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, f.at(n)+": func init; do it in main, where it can fail")
			}
			return true
		})
	}
	return found
}

// use names what n uses: "pkg.Name", or the builtin that it calls.
func use(n ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if pkg, ok := n.X.(*ast.Ident); ok {
			return pkg.Name + "." + n.Sel.Name
		}
	case *ast.CallExpr:
		if fn, ok := n.Fun.(*ast.Ident); ok {
			return fn.Name
		}
	}
	return ""
}

func forbiddenText(t Tree) []string {
	var found []string
	for _, f := range t.Go {
		if f.pretends() {
			continue
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if strings.HasPrefix(literal(n), "failed"+" to") {
				found = append(found, f.at(n)+": an error says what was being done; that it failed is known")
			}
			if literal(n) == "%"+"w" {
				found = append(found, f.at(n)+": an error wrapped in nothing says nothing")
			}
			if i, ok := n.(*ast.InterfaceType); ok && len(i.Methods.List) == 0 {
				found = append(found, f.at(n)+": interface{}; write the type, or any")
			}
			return true
		})
	}
	return found
}
