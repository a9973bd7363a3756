package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// validateStoreRegions checks that a pipeline across Regions has a store for its
// own: each action's is checked with the action. Source: CodePipeline user
// guide, "Add a cross-Region action in CodePipeline".
func (e *Engine) validateStoreRegions(d *api.Declaration) error {
	if d.ArtifactStore == nil && d.ArtifactStores[e.opts.Region] == (api.ArtifactStore{}) {
		return api.Errorf(invalidStructure, "artifactStores has none for the pipeline's own Region %s", e.opts.Region)
	}
	return nil
}

// validatePlace checks the Region and the role that an action works with.
func (e *Engine) validatePlace(d *api.Declaration, a *api.Action) error {
	region := e.regionOf(a)
	switch {
	case d.ArtifactStore != nil && region != e.opts.Region:
		return api.Errorf(invalidStructure, "artifactStore is for the Region %s alone: action '%s' in %s needs artifactStores, with one for each Region",
			e.opts.Region, a.Name, region)
	case d.ArtifactStore == nil && d.ArtifactStores[region] == (api.ArtifactStore{}):
		return api.Errorf(invalidStructure, "artifactStores has none for the Region %s of action '%s'", region, a.Name)
	case region != e.opts.Region && (isSource(a) || a.Type.Owner != ownerAWS):
		return api.Errorf(invalidAction, "Action '%s' cannot be in another Region (%s): source, third-party and custom actions have to be in the pipeline's",
			a.Name, region)
	case a.RoleARN != "" && !e.knowsRole(a.RoleARN):
		return api.Errorf(invalidStructure, "%s is not authorized to perform AssumeRole on role %s", d.RoleARN, a.RoleARN)
	}
	return nil
}

// validateRole refuses a pipeline role that CodePipeline cannot assume.
func (e *Engine) validateRole(d *api.Declaration) error {
	if accountOfRole(d.RoleARN) == e.opts.Account && e.knowsRole(d.RoleARN) {
		return nil
	}
	return api.Errorf(invalidStructure, "CodePipeline is not authorized to perform AssumeRole on role %s", d.RoleARN)
}

// knowsRole reports whether a role exists, as far as this world knows.
func (e *Engine) knowsRole(arn string) bool { return e.opts.Roles == nil || e.opts.Roles(arn) }
