package engine

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// defaultPage is how many rows a list has when the client does not say: the
// maximum, 100. (Service model, MaxResults.)
const defaultPage = 100

// page cuts the page that starts after the row that token names out of all.
// The second result is the token of the next page, empty after the last. Tokens
// name a row and not a position, so that new rows do not shift the pages.
func page[T any](all []T, key func(T) string, token string, size int) ([]T, string, error) {
	from := 0
	if token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		last, found := strings.CutPrefix(string(raw), "after:")
		at := slices.IndexFunc(all, func(t T) bool { return key(t) == last })
		if err != nil || !found || at < 0 {
			return nil, "", api.Errorf(api.InvalidNextToken, "nextToken is not one that this list has given, or its row is gone")
		}
		from = at + 1
	}
	to := min(from+cmp.Or(size, defaultPage), len(all))
	if to == len(all) {
		return all[from:], "", nil
	}
	return all[from:to], base64.RawURLEncoding.EncodeToString([]byte("after:" + key(all[to-1]))), nil
}

// ListPipelines lists the pipelines by name.
func (e *Engine) ListPipelines(_ Caller, in api.ListPipelinesInput) (api.ListPipelinesOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	names, next, err := page(e.names(), func(n string) string { return n }, in.NextToken, in.MaxResults)
	if err != nil {
		return api.ListPipelinesOutput{}, err
	}
	out := api.ListPipelinesOutput{Pipelines: []api.PipelineSummary{}, NextToken: next}
	for _, n := range names {
		p := e.pipelines[n]
		out.Pipelines = append(out.Pipelines, api.PipelineSummary{
			Name: n, Version: p.decl.Version, PipelineType: p.decl.PipelineType, ExecutionMode: p.decl.ExecutionMode,
			Created: api.Time{Time: p.created}, Updated: api.Time{Time: p.updated},
		})
	}
	return out, nil
}
