package engine

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The kinds of source revision that StartPipelineExecution may ask for.
const (
	revisionCommit  = "COMMIT_ID"
	revisionDigest  = "IMAGE_DIGEST"
	revisionVersion = "S3_OBJECT_VERSION_ID"
	revisionKey     = "S3_OBJECT_KEY"
)

// revisionTypes are those that a source provider takes. Source: CodePipeline
// user guide, "Start a pipeline with a source revision override".
var revisionTypes = map[string][]string{
	providerConnection: {revisionCommit},
	providerCodeCommit: {revisionCommit},
	providerECR:        {revisionDigest},
	providerS3:         {revisionVersion, revisionKey},
}

// A pin is the revision that a source must use instead of the newest.
type pin struct{ commit, digest, version, key string }

// pinned are the source revisions that a caller asked for, by action. Whether
// such a revision exists is found out by the source action.
func (p *pipeline) pinned(given []api.RevisionOverride) (map[string]pin, error) {
	pinned := map[string]pin{}
	for _, g := range given {
		a := p.action(place{p.decl.Stages[0].Name, g.ActionName})
		if a == nil {
			return nil, api.Errorf(api.Validation, "sourceRevisions: actionName '%s' is no source action of pipeline '%s'",
				g.ActionName, p.decl.Name)
		}
		if !slices.Contains(revisionTypes[a.Type.Provider], g.RevisionType) {
			return nil, api.Errorf(api.Validation, "sourceRevisions: revisionType %s does not fit the provider %s of action '%s'",
				g.RevisionType, a.Type.Provider, g.ActionName)
		}
		if g.RevisionType == revisionKey && a.Configuration["AllowOverrideForS3ObjectKey"] != "true" {
			return nil, api.Errorf(api.Validation, "sourceRevisions: revisionType %s needs the configuration "+
				"AllowOverrideForS3ObjectKey of action '%s' to be true", g.RevisionType, g.ActionName)
		}
		r := pinned[g.ActionName]
		value := r.value(g.RevisionType)
		if *value != "" {
			return nil, api.Errorf(api.Validation, "sourceRevisions: revisionType %s is given twice for action '%s'",
				g.RevisionType, g.ActionName)
		}
		*value = g.RevisionValue
		pinned[g.ActionName] = r
	}
	return pinned, nil
}

// value is where r keeps a kind of revision.
func (r *pin) value(kind string) *string {
	switch kind {
	case revisionDigest:
		return &r.digest
	case revisionVersion:
		return &r.version
	case revisionKey:
		return &r.key
	}
	return &r.commit
}
