package deployment_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module  = "github.com/signalbox/signalbox/"
	service = "github.com/aws/aws-sdk-go-v2/service/"
)

// ports are the interfaces that a function uses its adapters of many calls
// through, by the service behind the adapter. What an adapter can do besides,
// the function does not.
var ports = map[string]map[string][]string{
	"approval": {
		"dynamodb":     {"internal/approval.Register", "internal/approval.Record"},
		"codepipeline": {"internal/approval.Source", "internal/approval.Pipeline"},
	},
	"web": {"dynamodb": {"internal/web.Links", "internal/web.Requests"}},
}

// calls are the operations of AWS that a function can make, as in IAM:
// "dynamodb:GetItem". They are read from its wiring, where adapters are handed
// calls and not clients: see docs/decisions/0009-calls-not-clients.md.
func calls(t *testing.T, function string) []string {
	t.Helper()
	wire := source(t, "functions/"+function)
	var all []string
	clients := map[string]string{} // variables by their service
	made := func(e ast.Expr) string {
		if v, ok := e.(*ast.Ident); ok {
			return clients[v.Name]
		}
		return wire.client(e)
	}
	wire.walk(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if v, ok := n.Lhs[0].(*ast.Ident); ok && wire.client(n.Rhs[0]) != "" {
				clients[v.Name] = wire.client(n.Rhs[0])
			}
		case *ast.SelectorExpr: // client.Operation
			if name := made(n.X); name != "" {
				all = append(all, name+":"+n.Sel.Name)
			}
		case *ast.CallExpr: // adapter.CallsOf(client)
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "CallsOf" {
				name := made(n.Args[0])
				for _, operation := range reached(t, wire.imports[f.X.(*ast.Ident).Name], ports[function][name]) {
					all = append(all, name+":"+operation)
				}
			}
		}
	})
	for _, imported := range wire.imports {
		if adapter, ok := strings.CutPrefix(imported, module); ok {
			all = append(all, source(t, adapter).requests()...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// requests are the operations that an adapter asks for without a client, as
// docs/decisions/0010-one-call-without-a-client.md has it.
func (f folder) requests() []string {
	var all []string
	f.walk(func(n ast.Node) {
		if text, ok := n.(*ast.BasicLit); ok {
			if m := jsonOperation.FindStringSubmatch(text.Value); m != nil {
				all = append(all, m[1]+":"+m[2])
			}
		}
	})
	return all
}

// jsonOperation is an operation in the protocol AWS JSON: the service, which
// has the same name in IAM, and the operation.
var jsonOperation = regexp.MustCompile(`^"(secretsmanager)\.([A-Z][A-Za-z]+)"$`)

// reached are the operations that an adapter makes for the methods of the
// given interfaces.
func reached(t *testing.T, adapter string, interfaces []string) []string {
	t.Helper()
	code := source(t, strings.TrimPrefix(adapter, module))
	bodies, operations := map[string]*ast.FuncDecl{}, map[string]bool{}
	code.walk(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			bodies[n.Name.Name] = n
		case *ast.TypeSpec:
			if calls, ok := n.Type.(*ast.StructType); ok && n.Name.Name == "Calls" {
				for _, f := range calls.Fields.List {
					operations[f.Names[0].Name] = true
				}
			}
		}
	})
	var all, waiting []string
	for _, name := range interfaces {
		waiting = append(waiting, methods(t, name)...)
	}
	if len(waiting) == 0 || len(operations) == 0 {
		t.Fatalf("%s: no calls, or no port in this test's table", adapter)
	}
	seen := map[string]bool{}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if seen[name] || bodies[name] == nil {
			continue
		}
		seen[name] = true
		ast.Inspect(bodies[name], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				operation := paginator.ReplaceAllString(id.Name, "$1")
				switch {
				case operations[operation]:
					all = append(all, operation)
				case bodies[id.Name] != nil:
					waiting = append(waiting, id.Name)
				}
			}
			if s, ok := n.(*ast.SelectorExpr); ok && transacted[s.Sel.Name] != "" && identifier(s.X) == "types" {
				all = append(all, transacted[s.Sel.Name])
			}
			return true
		})
	}
	// A transaction is allowed by the rights to what is in it.
	return slices.DeleteFunc(all, func(o string) bool { return o == "TransactWriteItems" })
}

var paginator = regexp.MustCompile(`^New(\w+)Paginator$`)

// transacted are the rights that the parts of a transaction need.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
var transacted = map[string]string{
	"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
}

// methods are those of an interface, given as folder.Name.
func methods(t *testing.T, name string) []string {
	t.Helper()
	folder, bare := strings.TrimSuffix(name, path.Ext(name)), strings.TrimPrefix(path.Ext(name), ".")
	var all []string
	source(t, folder).walk(func(n ast.Node) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != bare {
			return
		}
		for _, m := range spec.Type.(*ast.InterfaceType).Methods.List {
			if len(m.Names) == 0 { // another interface, embedded
				all = append(all, methods(t, folder+"."+identifier(m.Type))...)
				continue
			}
			all = append(all, m.Names[0].Name)
		}
	})
	if len(all) == 0 {
		t.Fatalf("there is no interface %s", name)
	}
	return all
}

// A folder is the parsed code of one, without its tests.
type folder struct {
	files   []*ast.File
	imports map[string]string // by the name in the code
}

func source(t *testing.T, name string) folder {
	t.Helper()
	//nolint:staticcheck // its replacement needs the go command, which Go's test cache cannot see behind
	packages, err := parser.ParseDir(token.NewFileSet(), root+name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := folder{imports: map[string]string{}}
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
