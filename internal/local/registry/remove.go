package registry

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type batchDeleteInput struct {
	RegistryID string    `json:"registryId"`
	Repository string    `json:"repositoryName"`
	IDs        []imageID `json:"imageIds"`
}

// An imageFailure says why one image of a batch was left out.
type imageFailure struct {
	ID     imageID `json:"imageId"`
	Code   string  `json:"failureCode"`
	Reason string  `json:"failureReason"`
}

type batchDeleteOutput struct {
	IDs      []imageID      `json:"imageIds"`
	Failures []imageFailure `json:"failures"`
}

// batchDelete deletes images by digest, or takes tags off them: an image goes
// with its last tag.
func (s *Service) batchDelete(in batchDeleteInput) (batchDeleteOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return batchDeleteOutput{}, err
	}
	out := batchDeleteOutput{IDs: []imageID{}, Failures: []imageFailure{}}
	for _, id := range in.IDs {
		im, failure := r.pick(id)
		if failure == nil && (id.Tag == "" || len(im.tags) == 1) && r.referenced(im.digest) {
			failure = &imageFailure{id, "ImageReferencedByManifestList", "Requested image referenced by manifest list"}
		}
		if failure != nil {
			out.Failures = append(out.Failures, *failure)
			continue
		}
		out.IDs = append(out.IDs, s.remove(im, id.Tag)...)
	}
	return out, nil
}

// pick finds an image of a batch or says why not.
func (r *repository) pick(id imageID) (*image, *imageFailure) {
	switch {
	case id == imageID{}:
		return nil, &imageFailure{id, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"}
	case id.Digest != "" && !digestPattern.MatchString(id.Digest):
		return nil, &imageFailure{id, "InvalidImageDigest", "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"}
	case id.Tag != "" && !tagPattern.MatchString(id.Tag):
		return nil, &imageFailure{id, "InvalidImageTag", "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9-_.]+'"}
	}
	im := r.find(id)
	if im == nil && id.Digest != "" && id.Tag != "" && r.images[id.Digest] != nil {
		return nil, &imageFailure{id, "ImageTagDoesNotMatchDigest", "Requested image tag does not match the digest"}
	}
	if im == nil {
		return nil, &imageFailure{id, "ImageNotFound", "Requested image not found"}
	}
	return im, nil
}

// referenced reports whether an index holds the image of that digest.
func (r *repository) referenced(digest string) bool {
	for _, im := range r.images {
		if slices.ContainsFunc(im.parsed.Manifests, func(d descriptor) bool { return d.Digest == digest }) {
			return true
		}
	}
	return false
}

// remove takes a tag off im or, without a tag or with the last one, deletes it.
// It returns what is gone.
func (s *Service) remove(im *image, tag string) []imageID {
	gone := im.allTags()
	if tag != "" {
		gone = []string{tag}
	}
	last := tag == "" || len(im.tags) == 1
	ids := make([]imageID, 0, len(gone))
	for _, t := range gone {
		im.repository.untag(t)
		s.emitAction(im, "DELETE", t)
		ids = append(ids, imageID{Digest: im.digest, Tag: t})
	}
	if len(gone) == 0 {
		s.emitAction(im, "DELETE", "")
		ids = append(ids, imageID{Digest: im.digest})
	}
	if last {
		s.forget(im)
	}
	return ids
}

// forget drops im and what it takes.
func (s *Service) forget(im *image) {
	im.stopScan()
	delete(im.repository.images, im.digest)
	s.used.images--
	s.used.manifestBytes -= len(im.manifest)
	s.used.findings -= len(im.findings)
}

type deleteRepositoryInput struct {
	RegistryID string `json:"registryId"`
	Repository string `json:"repositoryName"`
	Force      bool   `json:"force"`
}

// deleteRepository deletes a repository, with its images only if force says so.
func (s *Service) deleteRepository(in deleteRepositoryInput) (repositoryOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return repositoryOutput{}, err
	}
	if len(r.images) > 0 && !in.Force {
		return repositoryOutput{}, api.Errorf(repositoryNotEmpty, "The repository with name '%s' in registry with id '%s' cannot be deleted"+
			" because it still contains images", r.name, s.opts.Account)
	}
	for _, im := range r.sorted() {
		s.remove(im, "")
	}
	delete(s.repositories, r.name)
	return repositoryOutput{s.describe(r)}, nil
}
