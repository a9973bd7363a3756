// Package arch keeps the packages apart: it knows which may import which, what
// the local world must not leak into, and what no file may hold. Its tests run
// every rule on this repository, and prove every rule by a planted violation.
//
// It reads the sources itself. A test that ran `go list` would be served from
// Go's test cache and miss what changed.
package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// module is the import path of this repository's root.
const module = "github.com/signalbox/signalbox/"

// A Rule is one thing that must hold for the whole repository.
type Rule struct {
	// Name is short, for a test's name.
	Name string
	// Check returns what breaks the rule, each as "file:line: what and why".
	Check func(Tree) []string
}

// Rules are all of them.
var Rules = []Rule{
	{"domains stay pure", domainImports},
	{"events import nothing of ours", eventImports},
	{"the local world is not deployed", localImports},
	{"functions stay light", heavyImports},
	{"no pretending words", pretendingWords},
	{"no forbidden calls", forbiddenCalls},
	{"no forbidden text", forbiddenText},
	{"files stay short", fileLengths},
	{"the template builds functions only", templateBuilds},
	{"the makefile builds functions only", makefileBuilds},
	{"no machine's paths", machinePaths},
	{"nothing unfinished", unfinished},
}

// A Tree is what the rules look at.
type Tree struct {
	// Go holds the Go files, Texts every text file including those, both
	// sorted by path.
	Go    []GoFile
	Texts []TextFile
}

// A TextFile is a file that people read. Its path is relative to the root,
// with slashes.
type TextFile struct {
	Path string
	Text string
}

// A GoFile is a parsed source file.
type GoFile struct {
	TextFile
	Syntax *ast.File
	fset   *token.FileSet
}

// Load reads the tree under fsys, without what git ignores.
func Load(fsys fs.FS) (Tree, error) {
	var t Tree
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipped(name) {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		return t.add(fsys, name)
	})
	if err != nil {
		return Tree{}, fmt.Errorf("load sources: %w", err)
	}
	return t, nil
}

// skipped reports whether dir is not part of the project: hidden, except for
// what CI reads, or built.
func skipped(dir string) bool {
	hidden := strings.HasPrefix(dir, ".") && dir != "." && dir != ".ci" && dir != ".github"
	return hidden || dir == "build"
}

func (t *Tree) add(fsys fs.FS, name string) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil || !utf8.Valid(raw) {
		return err
	}
	text := TextFile{Path: name, Text: string(raw)}
	t.Texts = append(t.Texts, text)
	if path.Ext(name) != ".go" {
		return nil
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, raw, parser.ParseComments)
	if err != nil {
		return err
	}
	t.Go = append(t.Go, GoFile{TextFile: text, Syntax: syntax, fset: fset})
	return nil
}

// file returns the text file at name, or false.
func (t Tree) file(name string) (TextFile, bool) {
	i := slices.IndexFunc(t.Texts, func(f TextFile) bool { return f.Path == name })
	if i < 0 {
		return TextFile{}, false
	}
	return t.Texts[i], true
}

// under reports whether f lies in one of the folders, each given with a slash
// at its end.
func (f TextFile) under(folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return strings.HasPrefix(f.Path, folder) })
}

// test reports whether f is compiled by go test only.
func (f TextFile) test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// pretends reports whether f may pretend: a test, or the local world.
func (f TextFile) pretends() bool { return f.test() || f.under("internal/local/") }

// at says where node is, for a finding.
func (f GoFile) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", f.Path, f.fset.Position(node.Pos()).Line)
}
