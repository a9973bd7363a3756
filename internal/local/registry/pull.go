package registry

import "slices"

type batchGetInput struct {
	RegistryID string    `json:"registryId"`
	Repository string    `json:"repositoryName"`
	IDs        []imageID `json:"imageIds"`
	Accepted   []string  `json:"acceptedMediaTypes"`
}

type batchGetOutput struct {
	Images   []storedImage  `json:"images"`
	Failures []imageFailure `json:"failures"`
}

// batchGet answers manifests, as a pull would.
func (s *Service) batchGet(in batchGetInput) (batchGetOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return batchGetOutput{}, err
	}
	out := batchGetOutput{Images: []storedImage{}, Failures: []imageFailure{}}
	for _, id := range in.IDs {
		im, failure := r.pick(id)
		if failure == nil {
			im, failure = im.acceptable(id, in.Accepted)
		}
		if failure != nil {
			out.Failures = append(out.Failures, *failure)
			continue
		}
		im.pulledAt = s.now()
		out.Images = append(out.Images, storedImage{
			RegistryID: s.opts.Account, Repository: r.name, ID: imageID{Digest: im.digest, Tag: id.Tag},
			Manifest: im.manifest, MediaType: im.mediaType,
		})
	}
	return out, nil
}

// acceptable is im if the client takes its media type. A client that does not
// know indexes gets the image in it for linux/amd64 or else the first, as
// registries have it. Whoever names no types takes all.
func (im *image) acceptable(id imageID, accepted []string) (*image, *imageFailure) {
	if im.archived {
		return nil, &imageFailure{id, "ImageInaccessible", "Requested image is archived"}
	}
	if len(accepted) == 0 || slices.Contains(accepted, im.mediaType) {
		return im, nil
	}
	children := im.children()
	slices.SortStableFunc(children, func(a, b *image) int {
		return isDefault(b) - isDefault(a)
	})
	for _, c := range children {
		if slices.Contains(accepted, c.mediaType) {
			return c, nil
		}
	}
	return nil, &imageFailure{id, "ImageNotFound", "Requested image not found in an accepted media type"}
}

func isDefault(im *image) int {
	if im.platform == defaultPlatform {
		return 1
	}
	return 0
}
