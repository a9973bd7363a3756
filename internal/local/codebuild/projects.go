package codebuild

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Declare creates a project exactly as the API operation CreateProject does.
// Its error is the one that a client would get.
func (s *Service) Declare(p Project) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the project %s: %w", p.Name, err)
	}
	_, err = s.run("CreateProject", body)
	return err
}

type projectAnswer struct {
	Project map[string]any `json:"project"`
}

func (s *Service) createProject(in map[string]json.RawMessage) (projectAnswer, error) {
	d, err := s.read(in)
	if err != nil {
		return projectAnswer{}, err
	}
	if s.projects[d.Name] != nil {
		return projectAnswer{}, api.Errorf(alreadyExists, "Project already exists: %s", s.arn("project/"+d.Name))
	}
	if len(s.projects) >= maxProjects {
		return projectAnswer{}, api.Errorf(limitExceeded, "Cannot have more than %d projects in the account", maxProjects)
	}
	p := &project{Project: d, definition: in, created: s.now(), modified: s.now()}
	s.projects[d.Name] = p
	return projectAnswer{s.view(p)}, nil
}

// updateProject replaces the members that are given and keeps the others.
func (s *Service) updateProject(in map[string]json.RawMessage) (projectAnswer, error) {
	var name string
	if err := json.Unmarshal(in["name"], &name); err != nil { // the model has it as a string
		return projectAnswer{}, fmt.Errorf("read the name of a project: %w", err)
	}
	p, err := s.project(name)
	if err != nil {
		return projectAnswer{}, err
	}
	definition := maps.Clone(p.definition)
	maps.Copy(definition, in)
	definition["name"] = p.definition["name"]
	d, err := s.read(definition)
	if err != nil {
		return projectAnswer{}, err
	}
	p.Project, p.definition, p.modified = d, definition, s.now()
	return projectAnswer{s.view(p)}, nil
}

type deleteProjectInput struct {
	Name string `json:"name"`
}

// deleteProject forgets a project. Its builds stay, and those that run go on.
func (s *Service) deleteProject(in deleteProjectInput) (struct{}, error) {
	if p, err := s.project(in.Name); err == nil {
		delete(s.projects, p.Name)
	}
	return struct{}{}, nil
}

type batchGetProjectsInput struct {
	Names []string `json:"names"`
}

type batchGetProjectsOutput struct {
	Projects []map[string]any `json:"projects"`
	NotFound []string         `json:"projectsNotFound,omitempty"`
}

func (s *Service) batchGetProjects(in batchGetProjectsInput) (batchGetProjectsOutput, error) {
	out := batchGetProjectsOutput{Projects: []map[string]any{}}
	for _, name := range unique(in.Names) {
		if p, err := s.project(name); err == nil {
			out.Projects = append(out.Projects, s.view(p))
		} else {
			out.NotFound = append(out.NotFound, name)
		}
	}
	return out, nil
}

type listProjectsInput struct {
	SortBy    string `json:"sortBy"`
	SortOrder string `json:"sortOrder"`
	NextToken string `json:"nextToken"`
}

type listProjectsOutput struct {
	Projects  []string `json:"projects"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (s *Service) listProjects(in listProjectsInput) (listProjectsOutput, error) {
	all := s.names()
	switch in.SortBy {
	case "CREATED_TIME":
		slices.SortStableFunc(all, func(a, b string) int { return s.projects[a].created.Compare(s.projects[b].created) })
	case "LAST_MODIFIED_TIME":
		slices.SortStableFunc(all, func(a, b string) int { return s.projects[a].modified.Compare(s.projects[b].modified) })
	}
	if in.SortOrder == descending {
		slices.Reverse(all)
	}
	rows, next, err := page(all, func(name string) string { return name }, in.NextToken, pageSize)
	return listProjectsOutput{rows, next}, err
}
