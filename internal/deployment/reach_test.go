package deployment_test

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// functions are those of a folder by their names, which methods of several types
// may share.
func (f folder) functions() map[string][]*ast.FuncDecl {
	all := map[string][]*ast.FuncDecl{}
	f.walk(func(n ast.Node) {
		if d, ok := n.(*ast.FuncDecl); ok {
			all[d.Name.Name] = append(all[d.Name.Name], d)
		}
	})
	return all
}

// reach are the functions that the methods with the given names come to,
// themselves included. It goes by names, so it may be too many.
func (f folder) reach(methods []string) map[*ast.FuncDecl]bool {
	type called struct {
		name   string
		method bool
	}
	var waiting []called
	for _, name := range methods {
		waiting = append(waiting, called{name, true})
	}
	known, seen, all := f.functions(), map[called]bool{}, map[*ast.FuncDecl]bool{}
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		for _, d := range known[next.name] {
			if (receiver(d) != "") != next.method {
				continue
			}
			all[d] = true
			chosen, set := map[*ast.Ident]bool{}, map[ast.Expr]bool{}
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt: // what it sets is no method
					for _, to := range n.Lhs {
						set[to] = true
					}
				case *ast.SelectorExpr:
					chosen[n.Sel] = true
					if !set[n] {
						waiting = append(waiting, called{n.Sel.Name, true})
					}
				case *ast.Ident:
					if !chosen[n] {
						waiting = append(waiting, called{n.Name, false})
					}
				}
				return true
			})
		}
	}
	return all
}

// idle are the functions that serve only methods which nobody calls: of the type
// that has those of the ports, the other exported ones.
func (f folder) idle(t *testing.T, ports []string) map[*ast.FuncDecl]bool {
	t.Helper()
	if len(ports) == 0 {
		return nil
	}
	called := portMethods(t, ports)
	wanted := map[string]bool{}
	for _, name := range called {
		wanted[name] = true
	}
	types := map[string]bool{}
	for _, name := range called {
		for _, d := range f.functions()[name] {
			types[receiver(d)] = true
		}
	}
	var others []string
	for name, declared := range f.functions() {
		for _, d := range declared {
			if r := receiver(d); r != "" && ast.IsExported(r) && types[r] && d.Name.IsExported() && !wanted[name] {
				others = append(others, name)
			}
		}
	}
	idle := f.reach(others)
	for d := range f.reach(called) {
		delete(idle, d)
	}
	return idle
}

// receiver is the type whose method d is, or "".
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	of := d.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	return identifier(of)
}

// busy walks through all but the functions that are idle.
func (f folder) busy(idle map[*ast.FuncDecl]bool, visit func(ast.Node)) {
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok && idle[d] {
				return false
			}
			visit(n)
			return true
		})
	}
}

// portMethods are the methods of all ports.
func portMethods(t *testing.T, ports []string) []string {
	t.Helper()
	var all []string
	for _, name := range ports {
		all = append(all, methods(t, name)...)
	}
	return all
}

// methods are those of an interface, or what a struct calls, given as
// folder.Name.
func methods(t *testing.T, name string) []string {
	t.Helper()
	folder, bare := strings.TrimSuffix(name, path.Ext(name)), strings.TrimPrefix(path.Ext(name), ".")
	code := source(t, folder)
	var all []string
	code.walk(func(n ast.Node) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != bare {
			return
		}
		declared, ok := spec.Type.(*ast.InterfaceType)
		if !ok {
			all = code.calledBy(bare)
			return
		}
		for _, m := range declared.Methods.List {
			if len(m.Names) == 0 { // another interface, embedded
				all = append(all, methods(t, folder+"."+identifier(m.Type))...)
				continue
			}
			all = append(all, m.Names[0].Name)
		}
	})
	if len(all) == 0 {
		t.Fatalf("there is nothing called %s", name)
	}
	return all
}

// calledBy are the names of all methods that a type's methods call, and what
// they come to in this folder.
func (f folder) calledBy(name string) []string {
	var own []string
	for called, declared := range f.functions() {
		for _, d := range declared {
			if receiver(d) == name {
				own = append(own, called)
			}
		}
	}
	var all []string
	for d := range f.reach(own) {
		ast.Inspect(d, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				all = append(all, s.Sel.Name)
			}
			return true
		})
	}
	return all
}
