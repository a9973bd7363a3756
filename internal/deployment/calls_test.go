package deployment_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	module  = "github.com/signalbox/signalbox/"
	service = "github.com/aws/aws-sdk-go-v2/service/"
)

// ports are the interfaces that a function uses an adapter of many calls
// through, by the adapter, or the structs that use it, of which everything counts
// that they call. What it can do besides, the function does not. Of an adapter
// that is not here, every call counts.
var ports = map[string]map[string][]string{
	"approval": {
		"internal/store":    {"internal/approval.Store"},
		"internal/pipeline": {"internal/approval.Source", "internal/approval.Pipeline"},
	},
	"web": {"internal/store": {"internal/web.Links", "internal/web.Requests"}},
	"notify": {
		"internal/store": {"internal/telegraph.Notifier"},
		"internal/cards": {"internal/telegraph.Queue"},
	},
	"deliver": {
		"internal/store":    {"internal/telegraph.Deliverer", "internal/telegraph.Badges"},
		"internal/pipeline": {"internal/telegraph.Source"},
	},
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
		}
	})
	for _, imported := range wire.imports {
		adapter, ours := strings.CutPrefix(imported, module)
		if !ours {
			continue
		}
		code := source(t, adapter)
		all = append(all, code.requests(code.idle(t, ports[function][adapter]))...)
		if operations := code.operations(); len(operations) > 0 {
			all = append(all, reached(t, code, operations, ports[function][adapter])...)
		}
	}
	for i, call := range all { // a batch is allowed by the right to one
		if service, ok := strings.CutSuffix(call, "Batch"); ok && strings.HasPrefix(call, "sqs:") {
			all[i] = service
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// requests are the operations that an adapter asks for without a client, as
// docs/decisions/0010-one-call-without-a-client.md has it, but for those in
// functions that are idle.
func (f folder) requests(idle map[*ast.FuncDecl]bool) []string {
	services := map[string]string{} // variables by their service
	f.walk(func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		for i, v := range spec.Values {
			if m := servicePattern.FindStringSubmatch(f.text(v)); m != nil {
				services[spec.Names[i].Name] = m[1]
			}
		}
	})
	var all []string
	f.busy(idle, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.BasicLit:
			if m := jsonOperation.FindStringSubmatch(n.Value); m != nil {
				all = append(all, m[1]+":"+m[2])
			}
		case *ast.CallExpr:
			name, put := "", strings.HasSuffix(f.text(n.Fun), ".SignHTTP")
			for _, argument := range n.Args {
				if put && f.text(argument) == `"s3"` { // in REST, and only to put
					all = append(all, "s3:PutObject")
				}
				if s := services[identifier(argument)]; s != "" {
					name = s
				} else if m := operationArgument.FindStringSubmatch(f.text(argument)); m != nil && name != "" {
					all = append(all, name+":"+m[1])
				}
			}
		}
	})
	return all
}

var (
	// jsonOperation is an operation in the protocol AWS JSON: the service,
	// which has the same name in IAM, and the operation.
	jsonOperation = regexp.MustCompile(`^"(secretsmanager)\.([A-Z][A-Za-z]+)"$`)
	// servicePattern is a service of internal/pipeline/signed. What a request is
	// signed for is its name in IAM, too.
	servicePattern = regexp.MustCompile(`(?s)^signed\.Service\{.*\bName:\s*"([a-z0-9-]+)"`)
	// operationArgument is an operation of such a service, as a word or as the
	// Action of a query.
	operationArgument = regexp.MustCompile(`(?s)^(?:url\.Values\{\s*"Action":\s*\{)?"([A-Z][A-Za-z]+)"`)
)

// operations are those that an adapter is handed as its Calls, by their
// service.
func (f folder) operations() map[string]string {
	all := map[string]string{}
	f.walk(func(n ast.Node) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Calls" {
			return
		}
		calls, ok := spec.Type.(*ast.StructType)
		if !ok {
			return
		}
		for _, field := range calls.Fields.List {
			if m := inputPattern.FindStringSubmatch(f.text(field.Type)); m != nil {
				all[field.Names[0].Name] = m[1]
			}
		}
	})
	return all
}

// inputPattern is the beginning of the type of an operation of the SDK.
var inputPattern = regexp.MustCompile(`^func\(context\.Context, \*([a-z0-9]+)\.[A-Z]\w*Input,`)

// reached are the operations that an adapter makes for the methods of the
// given ports, or all when there are none.
func reached(t *testing.T, code folder, operations map[string]string, ports []string) []string {
	t.Helper()
	var all []string
	if len(ports) == 0 {
		for operation, name := range operations {
			all = append(all, name+":"+operation)
		}
	}
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if operation := paginator.ReplaceAllString(n.Name, "$1"); operations[operation] != "" {
				all = append(all, operations[operation]+":"+operation)
			}
		case *ast.SelectorExpr:
			if transacted[n.Sel.Name] != "" && identifier(n.X) == "types" {
				all = append(all, "dynamodb:"+transacted[n.Sel.Name])
			}
		case *ast.KeyValueExpr:
			if identifier(n.Key) == "IndexName" {
				all = append(all, indexQuery)
			}
		}
		return true
	}
	for body := range code.reach(portMethods(t, ports)) {
		ast.Inspect(body, look)
	}
	// A transaction is allowed by the rights to what is in it.
	return slices.DeleteFunc(all, func(o string) bool { return o == "dynamodb:TransactWriteItems" })
}

// indexQuery stands for a Query of an index, which is a resource of its own.
const indexQuery = "dynamodb:Query of an index"

var paginator = regexp.MustCompile(`^New(\w+)Paginator$`)

// transacted are the rights that the parts of a transaction need.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
var transacted = map[string]string{
	"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
}
