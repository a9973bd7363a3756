package engine

import (
	"fmt"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// cloneReference is the OutputArtifactFormat of a source whose artifact is a
// reference to a Git repository, which only CodeBuild can read.
const cloneReference = "CODEBUILD_CLONE_REF"

// findInputs finds the input artifacts of r where its Region has them.
func (e *Engine) findInputs(r *run) error {
	var missing error
	for _, in := range r.action.InputArtifacts {
		d, made := r.execution.artifacts[in.Name]
		switch {
		case made:
			r.inputs = append(r.inputs, e.nearby(r, d))
		case missing == nil:
			missing = fmt.Errorf("the input artifact %s of action %s does not exist: the action that makes it has not uploaded it", in.Name, r.action.Name)
		}
		if made && missing == nil && r.action.Type.Provider != providerCodeBuild && r.execution.isCloneReference(in.Name) {
			missing = fmt.Errorf("the input artifact %s of action %s is a reference to a Git repository (OutputArtifactFormat %s), which only CodeBuild actions can read",
				in.Name, r.action.Name, cloneReference)
		}
	}
	return missing
}

// isCloneReference reports whether an artifact comes from a source with the
// full clone format.
func (x *execution) isCloneReference(artifact string) bool {
	for _, a := range x.decl.Stages[0].Actions {
		for _, out := range a.OutputArtifacts {
			if out.Name == artifact {
				return a.Configuration["OutputArtifactFormat"] == cloneReference
			}
		}
	}
	return false
}

// nearby is where r reads an artifact: CodePipeline copies what comes from
// another Region into the store of the action's Region.
func (e *Engine) nearby(r *run, d api.ArtifactDetail) api.ArtifactDetail {
	d.S3Location.Bucket = e.store(r.execution.decl, r.action).Location
	return d
}

// newArtifact places an artifact. CodePipeline cuts the pipeline's name to 20
// characters and the artifact's to 10.
func (e *Engine) newArtifact(x *execution, a *api.Action, name string) api.ArtifactDetail {
	key := cut(x.decl.Name, 20) + "/" + cut(name, 10) + "/" + e.letters(7, alphanumeric)
	return api.ArtifactDetail{
		Name:       name,
		S3Location: api.S3Location{Bucket: e.store(x.decl, a).Location, Key: key},
	}
}

// store is the artifact store of the action's Region.
func (e *Engine) store(d *api.Declaration, a *api.Action) api.ArtifactStore {
	if d.ArtifactStore != nil {
		return *d.ArtifactStore
	}
	return d.ArtifactStores[e.regionOf(a)]
}

func (e *Engine) regionOf(a *api.Action) string {
	if a.Region != "" {
		return a.Region
	}
	return e.opts.Region
}

// accountOf is the account that an action works in: that of its role.
func (e *Engine) accountOf(a *api.Action) string {
	if id := accountOfRole(a.RoleARN); id != "" {
		return id
	}
	return e.opts.Account
}

// accountOfRole is the account in the ARN of a role, empty without one.
func accountOfRole(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}
