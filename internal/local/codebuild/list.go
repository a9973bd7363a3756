package codebuild

import (
	"encoding/base64"
	"slices"
	"strings"
)

const descending, ascending = "DESCENDING", "ASCENDING"

type batchGetBuildsInput struct {
	IDs []string `json:"ids"`
}

type batchGetBuildsOutput struct {
	Builds   []buildView `json:"builds"`
	NotFound []string    `json:"buildsNotFound,omitempty"`
}

func (s *Service) batchGetBuilds(in batchGetBuildsInput) (batchGetBuildsOutput, error) {
	out := batchGetBuildsOutput{Builds: []buildView{}}
	for _, id := range unique(in.IDs) {
		if b := s.build(id); b != nil {
			out.Builds = append(out.Builds, s.show(b))
		} else {
			out.NotFound = append(out.NotFound, id)
		}
	}
	return out, nil
}

type listBuildsInput struct {
	// ProjectName is for ListBuildsForProject alone.
	ProjectName string `json:"projectName"`
	SortOrder   string `json:"sortOrder"`
	NextToken   string `json:"nextToken"`
}

type listBuildsOutput struct {
	IDs       []string `json:"ids"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (s *Service) listBuilds(in listBuildsInput) (listBuildsOutput, error) {
	return s.list(in, func(*build) bool { return true })
}

func (s *Service) listBuildsForProject(in listBuildsInput) (listBuildsOutput, error) {
	p, err := s.project(in.ProjectName)
	if err != nil {
		return listBuildsOutput{}, err
	}
	return s.list(in, func(b *build) bool { return b.project == p.Name })
}

func (s *Service) list(in listBuildsInput, wanted func(*build) bool) (listBuildsOutput, error) {
	var ids []string
	for _, b := range s.history {
		if wanted(b) {
			ids = append(ids, b.id())
		}
	}
	if in.SortOrder != ascending {
		slices.Reverse(ids)
	}
	rows, next, err := page(ids, func(id string) string { return id }, in.NextToken, pageSize)
	return listBuildsOutput{rows, next}, err
}

// unique are the strings of l without repetitions, in order.
func unique(l []string) []string {
	var out []string
	for _, v := range l {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

const tokenPrefix = "after:"

// page cuts at most size rows out of all, from where token says, and returns
// them with the token for the rest. Rows have ids, so that a list that grows
// meanwhile neither repeats nor leaves out any.
func page[T any](all []T, id func(T) string, token string, size int) ([]T, string, error) {
	from := 0
	if token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		last, ok := strings.CutPrefix(string(raw), tokenPrefix)
		i := slices.IndexFunc(all, func(row T) bool { return id(row) == last })
		if err != nil || !ok || i < 0 {
			return nil, "", invalid("nextToken is not valid")
		}
		from = i + 1
	}
	rows := append([]T{}, all[from:min(from+size, len(all))]...)
	if from+size >= len(all) {
		return rows, "", nil
	}
	return rows, base64.RawURLEncoding.EncodeToString([]byte(tokenPrefix + id(rows[len(rows)-1]))), nil
}
