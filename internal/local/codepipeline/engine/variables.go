package engine

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// reference is a variable in a configuration value, as in
// #{SourceVariables.CommitId}.
var reference = regexp.MustCompile(`#\{([^{}]*)\}`)

// The namespaces that CodePipeline itself fills.
const (
	namespacePipeline  = "codepipeline"
	namespaceVariables = "variables"
	variableExecution  = "PipelineExecutionId"
)

// resolve fills in the variables of a's configuration. Its error names the
// first that nothing has produced; the rest is resolved all the same.
func (x *execution) resolve(a *api.Action) (map[string]string, error) {
	filled, missing := x.fill(a.Configuration)
	if missing != "" {
		return filled, fmt.Errorf("the variable %s in the configuration of action %s has no value: no action produced it", missing, a.Name)
	}
	size := 0
	for key, value := range filled {
		size += len(key) + len(value)
	}
	if size > resolvedLimit {
		return filled, fmt.Errorf("the configuration of action %s has %d bytes with its variables filled in, more than the %d allowed", a.Name, size, resolvedLimit)
	}
	return filled, nil
}

func (x *execution) lookup(ref string) (string, bool) {
	ns, key, _ := strings.Cut(ref, ".")
	switch ns {
	case namespacePipeline:
		return x.id, key == variableExecution
	case namespaceVariables:
		v, ok := x.variables[key]
		return v, ok
	}
	v, ok := x.outputs[ns][key]
	return v, ok
}

// variables are the pipeline variables with given values over the defaults.
func (p *pipeline) variables(given []api.VariableValue) (map[string]string, error) {
	values, declared, set := map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, v := range p.decl.Variables {
		declared[v.Name] = true
		if v.DefaultValue != "" {
			values[v.Name] = v.DefaultValue
		}
	}
	for _, g := range given {
		if !declared[g.Name] {
			return nil, api.Errorf(api.Validation, "variables: pipeline '%s' does not declare the variable '%s'", p.decl.Name, g.Name)
		}
		if set[g.Name] {
			return nil, api.Errorf(api.Validation, "variables: the variable '%s' is given twice", g.Name)
		}
		set[g.Name] = true
		values[g.Name] = g.Value
	}
	for _, v := range p.decl.Variables {
		if _, ok := values[v.Name]; !ok {
			return nil, api.Errorf(api.Validation, "variables: the variable '%s' of pipeline '%s' has no default, so it must be given a value",
				v.Name, p.decl.Name)
		}
	}
	return values, nil
}

// validateVariables checks the declared pipeline variables.
func validateVariables(d *api.Declaration) error {
	seen := map[string]bool{}
	for _, v := range d.Variables {
		if seen[v.Name] {
			return api.Errorf(invalidStructure, "Pipeline variable '%s' is declared more than once", v.Name)
		}
		seen[v.Name] = true
	}
	return nil
}
