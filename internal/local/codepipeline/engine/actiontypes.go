package engine

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// customCategories are those that custom action types may have. Source:
// CodePipeline user guide, "Create and add a custom action in CodePipeline".
var customCategories = []string{"Build", categoryDeploy, "Test", categoryInvoke}

// maxCustomTypes is how many an account may have in a Region (user guide,
// "Quotas").
const maxCustomTypes = 50

// A customType is an action type that a job worker of the account carries out.
type customType struct {
	id         api.ActionType
	settings   *api.ActionSettings
	properties []api.ActionProperty
	in, out    api.ArtifactCounts
	tags       []api.Tag
	// offered are the jobs that wait for a job worker, oldest first. Those that
	// are over or taken are dropped when somebody looks.
	offered []*job
}

// provider is t as declarations are checked against it.
func (t *customType) provider() provider {
	p := provider{
		optional: none, inputs: span{t.in.Min, t.in.Max}, outputs: span{t.out.Min, t.out.Max}, limit: jobLimit,
	}
	for _, property := range t.properties {
		if property.Required {
			p.required = append(p.required, property.Name)
		} else {
			p.optional = append(p.optional, property.Name)
		}
	}
	return p
}

// queryable is the property that PollForJobs may select by, or empty.
func (t *customType) queryable() string {
	for _, p := range t.properties {
		if p.Queryable {
			return p.Name
		}
	}
	return ""
}

// CreateCustomActionType declares an action type.
func (e *Engine) CreateCustomActionType(_ Caller, in api.CreateCustomActionTypeInput) (api.CreateCustomActionTypeOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := &customType{
		id:       api.ActionType{Category: in.Category, Owner: ownerCustom, Provider: in.Provider, Version: in.Version},
		settings: in.Settings, properties: in.Configuration, in: in.Inputs, out: in.Outputs, tags: in.Tags,
	}
	if err := e.validateType(t); err != nil {
		return api.CreateCustomActionTypeOutput{}, err
	}
	e.types[t.id] = t
	return api.CreateCustomActionTypeOutput{ActionType: t.detail(), Tags: in.Tags}, nil
}

// validateType refuses a type that CodePipeline would refuse.
func (e *Engine) validateType(t *customType) error {
	switch {
	case !slices.Contains(customCategories, t.id.Category):
		return api.Errorf(api.Validation, "category: custom action types can be %s, not %s", strings.Join(customCategories, ", "), t.id.Category)
	case e.types[t.id] != nil:
		return api.Errorf(api.Validation, "version: the action type %s has a version %s already", t.id.Provider, t.id.Version)
	case len(e.types) >= maxCustomTypes:
		return api.Errorf("LimitExceededException", "An account can have at most %d custom action types in a Region", maxCustomTypes)
	case t.in.Min > t.in.Max:
		return api.Errorf(api.Validation, "inputArtifactDetails: minimumCount is larger than maximumCount")
	case t.out.Min > t.out.Max:
		return api.Errorf(api.Validation, "outputArtifactDetails: minimumCount is larger than maximumCount")
	}
	seen, queryable := map[string]bool{}, 0
	for _, p := range t.properties {
		if seen[p.Name] {
			return api.Errorf(api.Validation, "configurationProperties: '%s' is there more than once", p.Name)
		}
		seen[p.Name] = true
		if !p.Queryable {
			continue
		}
		queryable++
		if !p.Required || p.Secret || queryable > 1 {
			return api.Errorf(api.Validation, "configurationProperties: '%s' is queryable, which one property can be that is required and not secret", p.Name)
		}
	}
	return validateTags(t.tags)
}

// DeleteCustomActionType forgets an action type. Jobs of it that wait can no
// longer be polled; deleting what is not there is no error.
func (e *Engine) DeleteCustomActionType(_ Caller, in api.DeleteCustomActionTypeInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.types, api.ActionType{Category: in.Category, Owner: ownerCustom, Provider: in.Provider, Version: in.Version})
	return api.Nothing{}, nil
}

// ListActionTypes lists AWS's action types and the account's own.
func (e *Engine) ListActionTypes(_ Caller, in api.ListActionTypesInput) (api.ListActionTypesOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := []api.ActionTypeDetail{}
	for id, p := range providers {
		all = append(all, p.detail(api.ActionType{Category: id[0], Owner: id[1], Provider: id[2], Version: "1"}))
	}
	for _, t := range e.types {
		all = append(all, t.detail())
	}
	all = slices.DeleteFunc(all, func(d api.ActionTypeDetail) bool { return in.Owner != "" && d.ID.Owner != in.Owner })
	name := func(d api.ActionTypeDetail) string { return typeResource(d.ID) }
	slices.SortFunc(all, func(a, b api.ActionTypeDetail) int { return strings.Compare(name(a), name(b)) })
	rows, next, err := page(all, name, in.NextToken, 0)
	if err != nil {
		return api.ListActionTypesOutput{}, err
	}
	return api.ListActionTypesOutput{ActionTypes: append([]api.ActionTypeDetail{}, rows...), NextToken: next}, nil
}

func (t *customType) detail() api.ActionTypeDetail {
	return api.ActionTypeDetail{ID: t.id, Settings: t.settings, Configuration: t.properties, Inputs: t.in, Outputs: t.out}
}

// listedProperties and listedArtifacts are the most that ListActionTypes may
// show (service model), although some of AWS's types take more.
const (
	listedProperties = 10
	listedArtifacts  = 5
)

func (p provider) detail(id api.ActionType) api.ActionTypeDetail {
	d := api.ActionTypeDetail{
		ID:      id,
		Inputs:  api.ArtifactCounts{Min: p.inputs.min, Max: min(p.inputs.max, listedArtifacts)},
		Outputs: api.ArtifactCounts{Min: p.outputs.min, Max: min(p.outputs.max, listedArtifacts)},
	}
	for i, key := range slices.Concat(p.required, p.optional) {
		if i < listedProperties {
			secret := key == "OAuthToken"
			d.Configuration = append(d.Configuration, api.ActionProperty{Name: key, Required: i < len(p.required), Key: true, Secret: secret})
		}
	}
	return d
}

// executionURL is where the job worker of r shows the execution id.
func (e *Engine) executionURL(r *run, id string) string {
	t := e.types[r.action.Type]
	if t == nil || t.settings == nil || id == "" {
		return ""
	}
	pairs := []string{"{ExternalExecutionId}", url.PathEscape(id)}
	for _, key := range slices.Sorted(maps.Keys(r.resolved)) {
		pairs = append(pairs, "{Config:"+key+"}", url.PathEscape(r.resolved[key]))
	}
	return link(strings.NewReplacer(pairs...).Replace(t.settings.ExecutionURLTemplate))
}
