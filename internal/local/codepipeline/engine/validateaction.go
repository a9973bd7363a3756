package engine

import (
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func (e *Engine) validateActions(d *api.Declaration) error {
	for i := range d.Stages {
		for j := range d.Stages[i].Actions {
			a := &d.Stages[i].Actions[j]
			if err := e.validateAction(d, a); err != nil {
				return err
			}
			if err := e.validatePlace(d, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) validateAction(d *api.Declaration, a *api.Action) error {
	t := a.Type
	kind, ok := e.provider(t)
	if !ok {
		return api.Errorf(invalidAction,
			"ActionType (Category: '%s', Provider: '%s', Owner: '%s', Version: '%s') in action '%s' is not available in region %s",
			t.Category, t.Provider, t.Owner, t.Version, a.Name, strings.ToUpper(strings.ReplaceAll(e.regionOf(a), "-", "_")))
	}
	if kind.v2 && d.PipelineType != api.V2 {
		return api.Errorf(invalidAction, "Provider %s in action '%s' needs pipelineType V2", t.Provider, a.Name)
	}
	if a.TimeoutInMinutes > 0 && !isApproval(a) {
		return api.Errorf(invalidAction, "Action '%s' has timeoutInMinutes, which only approval actions can have", a.Name)
	}
	if err := countArtifacts(a, "input", len(a.InputArtifacts), kind.inputs); err != nil {
		return err
	}
	if err := countArtifacts(a, "output", len(a.OutputArtifacts), kind.outputs); err != nil {
		return err
	}
	return validateConfiguration(a, kind)
}

func countArtifacts(a *api.Action, kind string, n int, allowed span) error {
	if n >= allowed.min && n <= allowed.max {
		return nil
	}
	return api.Errorf(invalidAction, "Action '%s' has %d %s artifacts, but provider %s takes between %d and %d",
		a.Name, n, kind, a.Type.Provider, allowed.min, allowed.max)
}

func validateConfiguration(a *api.Action, kind provider) error {
	for _, key := range kind.required {
		if a.Configuration[key] == "" {
			return api.Errorf(invalidAction, "Action configuration for action '%s' is missing required configuration '%s'", a.Name, key)
		}
	}
	if kind.optional == nil {
		return nil
	}
	for _, key := range sorted(a.Configuration) {
		if !slices.Contains(kind.required, key) && !slices.Contains(kind.optional, key) {
			return api.Errorf(invalidAction, "Action configuration for action '%s' contains unknown configuration '%s'", a.Name, key)
		}
	}
	return nil
}

// validateArtifacts checks that every input artifact is the output of an
// earlier action, and that no two actions write the same one.
func validateArtifacts(d *api.Declaration) error {
	made := map[string]bool{}
	for _, s := range d.Stages {
		actions := slices.Clone(s.Actions)
		slices.SortStableFunc(actions, func(a, b api.Action) int { return a.RunOrder - b.RunOrder })
		for i, a := range actions {
			for _, in := range a.InputArtifacts {
				if !made[in.Name] {
					return api.Errorf(invalidStructure,
						"Input Artifact Bundle %s in action %s is not the output of an earlier action", in.Name, a.Name)
				}
			}
			if i+1 < len(actions) && actions[i+1].RunOrder == a.RunOrder {
				continue // artifacts appear once the whole run order is done
			}
			if err := addOutputs(made, actions, a.RunOrder); err != nil {
				return err
			}
		}
	}
	return nil
}

func addOutputs(made map[string]bool, actions []api.Action, order int) error {
	for _, a := range actions {
		if a.RunOrder != order {
			continue
		}
		for _, out := range a.OutputArtifacts {
			if made[out.Name] {
				return api.Errorf(invalidStructure, "UniqueOutputArtifactNames: output artifact %s of action %s is written twice", out.Name, a.Name)
			}
			made[out.Name] = true
		}
	}
	return nil
}

func sorted(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
