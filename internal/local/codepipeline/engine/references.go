package engine

import (
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A reach is what the references to variables in a declaration may use.
type reach struct {
	// makers are the actions that fill namespaces, wherever they are.
	makers map[string]*api.Action
	// ready are the namespaces that an earlier action has filled for certain.
	ready map[string]bool
	// declared are the pipeline variables.
	declared map[string]bool
	// artifacts are the names that no namespace may have.
	artifacts map[string]bool
}

func newReach(d *api.Declaration) reach {
	rc := reach{
		makers: map[string]*api.Action{}, ready: map[string]bool{}, declared: map[string]bool{}, artifacts: map[string]bool{},
	}
	for _, v := range d.Variables {
		rc.declared[v.Name] = true
	}
	for i := range d.Stages {
		for j := range d.Stages[i].Actions {
			a := &d.Stages[i].Actions[j]
			if a.Namespace != "" {
				rc.makers[a.Namespace] = a
			}
			for _, out := range a.OutputArtifacts {
				rc.artifacts[out.Name] = true
			}
		}
	}
	return rc
}

// validateReferences checks that every variable is a namespace and a key, and
// that an action which has ended for certain fills the namespace.
func validateReferences(d *api.Declaration) error {
	if err := validateVariables(d); err != nil {
		return err
	}
	rc := newReach(d)
	for i := range d.Stages {
		s := &d.Stages[i]
		actions := slices.Clone(s.Actions)
		slices.SortStableFunc(actions, func(a, b api.Action) int { return a.RunOrder - b.RunOrder })
		for j := range actions {
			if err := rc.check(s.Name, &actions[j]); err != nil {
				return err
			}
			if j+1 < len(actions) && actions[j+1].RunOrder == actions[j].RunOrder {
				continue // what runs at the same time is not ready
			}
			if err := rc.add(actions, actions[j].RunOrder); err != nil {
				return err
			}
		}
	}
	return nil
}

// add makes the namespaces of a run order ready.
func (rc reach) add(actions []api.Action, order int) error {
	for _, a := range actions {
		ns := a.Namespace
		if a.RunOrder != order || ns == "" {
			continue
		}
		switch {
		case ns == namespacePipeline || ns == namespaceVariables:
			return api.Errorf(invalidAction, "Namespace '%s' of action '%s' is reserved", ns, a.Name)
		case rc.artifacts[ns]:
			return api.Errorf(invalidAction, "Namespace '%s' of action '%s' is also the name of an artifact", ns, a.Name)
		case rc.ready[ns]:
			return api.Errorf(invalidAction, "Namespace '%s' of action '%s' is used already", ns, a.Name)
		}
		rc.ready[ns] = true
	}
	return nil
}

// check judges the references of one action.
func (rc reach) check(stage string, a *api.Action) error {
	for _, key := range sorted(a.Configuration) {
		for _, m := range reference.FindAllStringSubmatch(a.Configuration[key], -1) {
			if why := rc.wrong(a, m[1]); why != "" {
				return api.Errorf(invalidAction, "%s StageName=[%s], ActionName=[%s], ActionConfigurationKey=[%s], VariableReferenceText=[%s]",
					why, stage, a.Name, key, m[1])
			}
		}
	}
	return nil
}

// wrong is why a cannot use a reference, or empty when it can.
func (rc reach) wrong(a *api.Action, ref string) string {
	ns, name, ok := strings.Cut(ref, ".")
	switch {
	case !ok || ns == "" || name == "":
		return "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.)."
	case ns == namespacePipeline && name != variableExecution:
		return "The only variable of the namespace codepipeline is PipelineExecutionId."
	case ns == namespaceVariables:
		return rc.wrongVariable(a, name)
	case ns == namespacePipeline || rc.ready[ns]:
		return ""
	}
	return rc.unready(a, ns)
}

// wrongVariable is why a cannot use a pipeline variable, or empty.
func (rc reach) wrongVariable(a *api.Action, name string) string {
	switch {
	case isSource(a):
		return "Pipeline variables cannot be used in a source action."
	case !rc.declared[name]:
		return "The following pipeline variables are referenced and not declared."
	}
	return ""
}

// unready is why the namespace ns has no values yet when a starts.
func (rc reach) unready(a *api.Action, ns string) string {
	const missing = "The following pipeline execution variables are referencing a namespace that does not exist"
	maker := rc.makers[ns]
	switch {
	case maker == nil:
		return missing + "."
	case rc.reaches(maker, a.Namespace, map[string]bool{}):
		return missing + " before the action starts: the variables of action '" + maker.Name + "' and of this one need each other (a cycle)."
	}
	return missing + " before the action starts: action '" + maker.Name + "' fills it at the same time or later."
}

// reaches reports whether a uses the namespace ns, itself or through the
// actions whose variables it uses.
func (rc reach) reaches(a *api.Action, ns string, seen map[string]bool) bool {
	if ns == "" || seen[a.Namespace] {
		return false
	}
	if a.Namespace == ns {
		return true
	}
	seen[a.Namespace] = true
	for _, value := range a.Configuration {
		for _, m := range reference.FindAllStringSubmatch(value, -1) {
			used, _, _ := strings.Cut(m[1], ".")
			if used == ns {
				return true
			}
			if next := rc.makers[used]; next != nil && rc.reaches(next, ns, seen) {
				return true
			}
		}
	}
	return false
}
