package deployment_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"strconv"
	"strings"
	"testing"
)

// A folder is the parsed code of one, without its tests.
type folder struct {
	positions *token.FileSet
	files     []*ast.File
	imports   map[string]string // by the name in the code
}

func source(t *testing.T, name string) folder {
	t.Helper()
	positions := token.NewFileSet()
	//nolint:staticcheck // its replacement needs the go command, which Go's test cache cannot see behind
	packages, err := parser.ParseDir(positions, root+name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := folder{positions: positions, imports: map[string]string{}}
	for _, p := range packages {
		for file, syntax := range p.Files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f.files = append(f.files, syntax)
			for _, i := range syntax.Imports {
				full, _ := strconv.Unquote(i.Path.Value)
				short := path.Base(full)
				if i.Name != nil {
					short = i.Name.Name
				}
				f.imports[short] = full
			}
		}
	}
	return f
}

func (f folder) walk(visit func(ast.Node)) {
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			visit(n)
			return true
		})
	}
}

// text is n as it is written.
func (f folder) text(n ast.Node) string {
	var out strings.Builder
	if err := printer.Fprint(&out, f.positions, n); err != nil {
		return ""
	}
	return out.String()
}

// client is the service whose client e makes, such as "sqs", or "".
func (f folder) client(e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	made, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || made.Sel.Name != "NewFromConfig" {
		return ""
	}
	name, _ := strings.CutPrefix(f.imports[identifier(made.X)], service)
	return name
}

func identifier(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
