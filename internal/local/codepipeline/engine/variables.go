package engine

import (
	"fmt"
	"regexp"
	"slices"
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
)

// resolve fills in the variables of a's configuration. Its error names the
// first that nothing has produced; the rest is resolved all the same.
func (x *execution) resolve(a *api.Action) (map[string]string, error) {
	var missing error
	out := make(map[string]string, len(a.Configuration))
	for _, key := range sorted(a.Configuration) {
		out[key] = reference.ReplaceAllStringFunc(a.Configuration[key], func(ref string) string {
			value, ok := x.lookup(ref[2 : len(ref)-1])
			if !ok {
				if missing == nil {
					missing = fmt.Errorf("the variable %s in the configuration %s of action %s has no value: no action produced it", ref, key, a.Name)
				}
				return ref
			}
			return value
		})
	}
	return out, missing
}

func (x *execution) lookup(ref string) (string, bool) {
	ns, key, _ := strings.Cut(ref, ".")
	switch ns {
	case namespacePipeline:
		return x.id, key == "PipelineExecutionId"
	case namespaceVariables:
		v, ok := x.variables[key]
		return v, ok
	}
	v, ok := x.outputs[ns][key]
	return v, ok
}

// validateReferences checks that every variable is a namespace and a key, and
// that an earlier action fills the namespace.
func validateReferences(d *api.Declaration) error {
	known := map[string]bool{namespacePipeline: true, namespaceVariables: true}
	for _, s := range d.Stages {
		actions := slices.Clone(s.Actions)
		slices.SortStableFunc(actions, func(a, b api.Action) int { return a.RunOrder - b.RunOrder })
		for i, a := range actions {
			if err := validateActionReferences(s.Name, &a, known); err != nil {
				return err
			}
			if i+1 < len(actions) && actions[i+1].RunOrder == a.RunOrder {
				continue
			}
			for _, b := range actions {
				if b.RunOrder == a.RunOrder && b.Namespace != "" {
					if known[b.Namespace] {
						return api.Errorf(invalidAction, "Namespace '%s' of action '%s' is used already", b.Namespace, b.Name)
					}
					known[b.Namespace] = true
				}
			}
		}
	}
	return nil
}

func validateActionReferences(stage string, a *api.Action, known map[string]bool) error {
	for _, key := range sorted(a.Configuration) {
		for _, m := range reference.FindAllStringSubmatch(a.Configuration[key], -1) {
			ns, name, ok := strings.Cut(m[1], ".")
			if !ok || ns == "" || name == "" {
				return api.Errorf(invalidAction,
					"Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). "+
						"StageName=[%s], ActionName=[%s], ActionConfigurationKey=[%s], VariableReferenceText=[%s]", stage, a.Name, key, m[1])
			}
			if !known[ns] {
				return api.Errorf(invalidAction,
					"The following pipeline execution variables are referencing a namespace that does not exist. "+
						"StageName=[%s], ActionName=[%s], ActionConfigurationKey=[%s], VariableReferenceText=[%s]", stage, a.Name, key, m[1])
			}
		}
	}
	return nil
}
