package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// validateRule checks the type, the configuration and the references of a rule.
func validateRule(stage, kind string, r *api.Rule, in scope) error {
	problem := wrongType(r)
	if problem == "" {
		problem = wrongConfiguration(r, in.namespaces)
	}
	for _, a := range r.InputArtifacts {
		if problem == "" && !in.artifacts[a.Name] {
			problem = fmt.Sprintf("reads the artifact '%s', which is not the output of an earlier action", a.Name)
		}
	}
	if check := ruleTypes[r.Type.Provider].check; problem == "" && check != nil {
		if err := check(kind, r); err != nil {
			problem = "cannot work: " + err.Error()
		}
	}
	if problem == "" {
		return nil
	}
	return api.Errorf(invalidStage, "Rule '%s' in the %s condition of stage '%s' %s", r.Name, kind, stage, problem)
}

// wrongType says what is wrong with the type of r, or nothing.
func wrongType(r *api.Rule) string {
	t := r.Type
	_, ok := ruleTypes[t.Provider]
	if !ok || t.Category != "Rule" || !slices.Contains([]string{"", ownerAWS}, t.Owner) || !slices.Contains([]string{"", "1"}, t.Version) {
		return fmt.Sprintf("has a type (Category: '%s', Owner: '%s', Provider: '%s', Version: '%s') that is not available",
			t.Category, t.Owner, t.Provider, t.Version)
	}
	if (t.Provider == ruleCommands) != (len(r.Commands) > 0) {
		return "must have commands if, and only if, its provider is Commands"
	}
	return ""
}

// wrongConfiguration says what is wrong with the configuration of r, or
// nothing.
func wrongConfiguration(r *api.Rule, namespaces map[string]bool) string {
	known := ruleTypes[r.Type.Provider]
	for _, key := range known.required {
		if r.Configuration[key] == "" {
			return fmt.Sprintf("is missing the required configuration '%s'", key)
		}
	}
	for _, key := range sorted(r.Configuration) {
		if !slices.Contains(known.required, key) && !slices.Contains(known.optional, key) {
			return fmt.Sprintf("has the unknown configuration '%s'", key)
		}
		if ref := unknownReference(r.Configuration[key], namespaces); ref != "" {
			return fmt.Sprintf("has the variable reference '%s' in its configuration '%s', which is no namespace and key "+
				"or names a namespace that does not exist there", ref, key)
		}
	}
	return ""
}

// unknownReference is the first variable reference of value that cannot be
// resolved, or empty.
func unknownReference(value string, namespaces map[string]bool) string {
	for _, m := range reference.FindAllStringSubmatch(value, -1) {
		ns, name, ok := strings.Cut(m[1], ".")
		if !ok || name == "" || !namespaces[ns] {
			return m[1]
		}
	}
	return ""
}
