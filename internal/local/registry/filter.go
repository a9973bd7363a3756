package registry

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The comparison of a filter that wants something else than its value; the
// others are EQUALS and PREFIX.
const notEquals = "NOT_EQUALS"

// A textFilter compares one text.
type textFilter struct {
	Comparison string `json:"comparison"`
	Value      string `json:"value"`
}

func (f textFilter) matches(text string) bool {
	if f.Comparison == "PREFIX" {
		return strings.HasPrefix(text, f.Value)
	}
	return text == f.Value
}

// criteria are the filters of a request by the name of their field: a row must
// match all fields.
type criteria map[string][]textFilter

// readCriteria reads filters of the fields in known. Others exist in AWS; to
// leave them out silently would answer too much.
func readCriteria(raw map[string]json.RawMessage, known []string) (criteria, error) {
	c := criteria{}
	for _, field := range slices.Sorted(maps.Keys(raw)) {
		if !slices.Contains(known, field) {
			return nil, api.Errorf(api.NotImplemented, "This local Inspector does not filter by '%s'", field)
		}
		var filters []textFilter
		if err := json.Unmarshal(raw[field], &filters); err != nil {
			return nil, api.Errorf(api.Serialization, "The value at 'filterCriteria.%s' is not a list of filters", field)
		}
		c[field] = filters
	}
	return c, nil
}

// match reports whether one of the values passes the filters of a field. Of
// filters that want something one must be met, of those that want something else all.
func (c criteria) match(field string, values ...string) bool {
	wanted, met := false, false
	for _, f := range c[field] {
		if f.Comparison == notEquals {
			if slices.Contains(values, f.Value) {
				return false
			}
			continue
		}
		wanted, met = true, met || slices.ContainsFunc(values, f.matches)
	}
	return met || !wanted
}
