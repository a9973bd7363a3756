package registry

import (
	"fmt"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type putImageInput struct {
	RegistryID string `json:"registryId"`
	Repository string `json:"repositoryName"`
	Manifest   string `json:"imageManifest"`
	MediaType  string `json:"imageManifestMediaType"`
	Tag        string `json:"imageTag"`
	Digest     string `json:"imageDigest"`
}

// A storedImage is an image as PutImage and BatchGetImage answer it.
type storedImage struct {
	RegistryID string  `json:"registryId"`
	Repository string  `json:"repositoryName"`
	ID         imageID `json:"imageId"`
	Manifest   string  `json:"imageManifest"`
	MediaType  string  `json:"imageManifestMediaType"`
}

type putImageOutput struct {
	Image storedImage `json:"image"`
}

// putImage stores a manifest. The images of an index must be there before it.
func (s *Service) putImage(in putImageInput) (putImageOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return putImageOutput{}, err
	}
	digest := digestOf(in.Manifest)
	if err := checkID(imageID{Digest: digest, Tag: in.Tag}); err != nil {
		return putImageOutput{}, err
	}
	if in.Digest != "" && in.Digest != digest {
		return putImageOutput{}, api.Errorf(imageDigestMismatch, "Manifest with digest '%s' does not match the digest '%s' of the request", digest, clip(in.Digest))
	}
	m, mediaType, err := parseManifest(in.Manifest, in.MediaType)
	if err != nil {
		return putImageOutput{}, err
	}
	im, isNew, err := s.add(r, &image{
		repository: r, digest: digest, manifest: in.Manifest, parsed: m, mediaType: mediaType, platform: platformOf(m, mediaType),
	}, in.Tag)
	if err != nil {
		return putImageOutput{}, err
	}
	if isNew {
		s.scanOnPush(im)
	}
	return putImageOutput{storedImage{
		RegistryID: s.opts.Account, Repository: r.name, ID: imageID{Digest: digest, Tag: in.Tag}, Manifest: im.manifest, MediaType: mediaType,
	}}, nil
}

// platformOf is what a pushed manifest runs on: the truth is in its config,
// which we do not have, or in the index that comes later.
func platformOf(m manifest, mediaType string) Platform {
	switch {
	case indexTypes[mediaType]:
		return Platform{}
	case m.hasAttestation():
		return Platform{Architecture: unknown, OS: unknown}
	}
	return defaultPlatform
}

// add stores im, or finds the image with its digest, points the tag at it and
// tells EventBridge. It reports whether the image is new.
func (s *Service) add(r *repository, im *image, tag string) (*image, bool, error) {
	known := r.images[im.digest]
	if known != nil && (tag == "" || r.tags[tag] == im.digest) {
		return nil, false, api.Errorf(imageExists, "Image with digest '%s' and tag '%s' already exists in the repository with name '%s' in registry with id '%s'",
			im.digest, tag, r.name, s.opts.Account)
	}
	if err := s.mayTag(r, im, tag); err != nil {
		return nil, false, err
	}
	if known == nil {
		if err := s.mayStore(r, im); err != nil {
			return nil, false, err
		}
		s.store(r, im)
	} else {
		im = known
	}
	if tag != "" {
		r.untag(tag)
		r.tags[tag] = im.digest
		im.tags = append(im.tags, tag)
	}
	s.emitAction(im, "PUSH", tag)
	return im, known == nil, nil
}

func (s *Service) mayTag(r *repository, im *image, tag string) error {
	_, moves := r.tags[tag]
	known := r.images[im.digest]
	switch {
	case tag == "":
		return nil
	case moves && r.mutability == immutable:
		return api.Errorf(imageTagExists, "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable.", tag, r.name)
	case known != nil && len(known.tags) >= maxTags:
		return api.Errorf(limitExceeded, "The image has %d tags already", maxTags)
	case !moves && s.tags() >= maxAllTags:
		return api.Errorf(limitExceeded, "This local registry has %d tags and takes no more", maxAllTags)
	}
	return nil
}

// tags is how many there are.
func (s *Service) tags() int {
	n := 0
	for _, r := range s.repositories {
		n += len(r.tags)
	}
	return n
}

func (s *Service) mayStore(r *repository, im *image) error {
	for _, d := range im.parsed.Manifests {
		if r.images[d.Digest] == nil {
			return api.Errorf(referencedNotFound, "Images with digests '[%s]' required for pushing image into repository with name '%s'"+
				" in the registry with id '%s' do not exist", clip(d.Digest), r.name, s.opts.Account)
		}
	}
	if s.used.images >= maxImages || s.used.manifestBytes+len(im.manifest) > maxManifestBytes {
		return api.Errorf(limitExceeded, "This local registry holds %d images and %d bytes of manifests and takes no more", s.used.images, s.used.manifestBytes)
	}
	return nil
}

// store keeps im. The images of an index learn their platforms from it.
func (s *Service) store(r *repository, im *image) {
	s.sequence++
	im.sequence, im.pushedAt = s.sequence, s.now()
	r.images[im.digest] = im
	s.used.images++
	s.used.manifestBytes += len(im.manifest)
	for _, d := range im.parsed.Manifests {
		if c := r.images[d.Digest]; d.Platform != nil && !c.isIndex() {
			c.platform = *d.Platform
		}
	}
}

// untag takes a tag off the image that has it.
func (r *repository) untag(tag string) {
	if im := r.images[r.tags[tag]]; im != nil {
		im.tags = slices.DeleteFunc(im.tags, func(t string) bool { return t == tag })
	}
	delete(r.tags, tag)
}

// pushMade stores the manifests that Push made: children first and without a
// tag, then the one that gets it, which is the last.
func (s *Service) pushMade(r *repository, parts []made, tag string) ([]*image, error) {
	var all []*image
	for i, p := range parts {
		m, mediaType, err := parseManifest(p.text, "")
		if err != nil {
			return nil, fmt.Errorf("read a manifest of our own: %w", err)
		}
		t := ""
		if i == len(parts)-1 {
			t = tag
		}
		im, _, err := s.add(r, &image{
			repository: r, digest: p.digest(), manifest: p.text, parsed: m, mediaType: mediaType, platform: p.platform,
		}, t)
		if err != nil {
			return nil, err
		}
		all = append(all, im)
	}
	return all, nil
}
