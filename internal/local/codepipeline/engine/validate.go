package engine

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The error types of a declaration that cannot be right.
const (
	invalidStructure = "InvalidStructureException"
	invalidStage     = "InvalidStageDeclarationException"
	invalidAction    = "InvalidActionDeclarationException"
)

// validate refuses a declaration that CodePipeline would refuse. The shapes
// have been checked against the model before.
func (e *Engine) validate(d *api.Declaration) error {
	checks := []func(*api.Declaration) error{
		validateKind, validateStores, e.validateStoreRegions, e.validateRole, validateStages, e.validateActions, validateArtifacts, validateReferences,
		validateConditions,
	}
	for _, check := range checks {
		if err := check(d); err != nil {
			return err
		}
	}
	return nil
}

// validateKind checks what only V2 pipelines may have.
func validateKind(d *api.Declaration) error {
	if d.PipelineType == api.V2 {
		if len(d.Variables) > maxVariables {
			return api.Errorf("LimitExceededException", "A pipeline can have at most %d variables", maxVariables)
		}
		return nil
	}
	switch {
	case d.ExecutionMode != api.Superseded:
		return api.Errorf(invalidStructure, "Execution mode %s needs pipelineType V2", d.ExecutionMode)
	case len(d.Variables) > 0:
		return api.Errorf(invalidStructure, "Pipeline variables need pipelineType V2")
	case len(d.Triggers) > 0:
		return api.Errorf(invalidStructure, "Triggers need pipelineType V2")
	}
	return nil
}

func validateStores(d *api.Declaration) error {
	if (d.ArtifactStore == nil) == (len(d.ArtifactStores) == 0) {
		return api.Errorf(invalidStructure, "Pipeline needs either artifactStore or artifactStores")
	}
	return nil
}

func validateStages(d *api.Declaration) error {
	switch n := len(d.Stages); {
	case n < minStages:
		return api.Errorf(invalidStructure, "Pipeline has only %d stage(s). There should be a minimum of %d stages in a pipeline", n, minStages)
	case n > maxStages:
		return api.Errorf("LimitExceededException", "Pipeline has %d stages. There should be a maximum of %d", n, maxStages)
	}
	seen := map[string]bool{}
	for i := range d.Stages {
		s := &d.Stages[i]
		if seen[s.Name] {
			return api.Errorf(invalidStage, "Stage name '%s' is used more than once", s.Name)
		}
		seen[s.Name] = true
		if err := validateStage(s, i == 0); err != nil {
			return err
		}
	}
	return nil
}

func validateStage(s *api.Stage, first bool) error {
	if n := len(s.Actions); n == 0 || n > maxActionsPerStage {
		return api.Errorf(invalidStage, "Stage '%s' has %d actions. There should be between 1 and %d", s.Name, n, maxActionsPerStage)
	}
	seen := map[string]bool{}
	for _, a := range s.Actions {
		if seen[a.Name] {
			return api.Errorf(invalidAction, "Action name '%s' is used more than once in stage '%s'", a.Name, s.Name)
		}
		seen[a.Name] = true
		if isSource := a.Type.Category == categorySource; isSource != first {
			if first {
				return api.Errorf(invalidStructure, "Pipeline should start with a stage that only contains source actions, "+
					"but '%s' in stage '%s' is none", a.Name, s.Name)
			}
			return api.Errorf(invalidStructure, "Source action '%s' is in stage '%s': only the first stage can have any", a.Name, s.Name)
		}
	}
	return nil
}
