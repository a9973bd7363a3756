package registry

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The error types of the two APIs that we answer with. (Service models.)
const (
	invalidParameter    = "InvalidParameterException"
	repositoryNotFound  = "RepositoryNotFoundException"
	repositoryExists    = "RepositoryAlreadyExistsException"
	repositoryNotEmpty  = "RepositoryNotEmptyException"
	imageNotFound       = "ImageNotFoundException"
	imageExists         = "ImageAlreadyExistsException"
	imageTagExists      = "ImageTagAlreadyExistsException"
	imageDigestMismatch = "ImageDigestDoesNotMatchException"
	referencedNotFound  = "ReferencedImagesNotFoundException"
	imageArchived       = "ImageArchivedException"
	scanNotFound        = "ScanNotFoundException"
	unsupportedImage    = "UnsupportedImageTypeException"
	limitExceeded       = "LimitExceededException"
	accessDenied        = "AccessDeniedException"
)

// A repository holds images by digest. Tags point at them and move.
type repository struct {
	name       string
	arn        string
	createdAt  time.Time
	mutability string
	scanOnPush bool
	encryption encryption
	images     map[string]*image
	tags       map[string]string // digest by tag
}

// An image is one manifest: a platform's image, an attestation or an index.
type image struct {
	repository *repository
	digest     string
	manifest   string
	parsed     manifest
	mediaType  string
	platform   Platform
	// tags are those that point here, in the order in which they came.
	tags     []string
	pushedAt time.Time
	pulledAt time.Time
	// sequence orders the images by arrival.
	sequence int
	archived bool
	scan     scan
	findings []*finding
}

func (im *image) isIndex() bool { return indexTypes[im.mediaType] }

// isAttestation reports whether im is what BuildKit pushes beside an image.
func (im *image) isAttestation() bool {
	return im.platform.Architecture == unknown || im.parsed.hasAttestation()
}

// children are the images of an index that can be scanned; any other image is
// its own.
func (im *image) children() []*image {
	if !im.isIndex() {
		return []*image{im}
	}
	var all []*image
	for _, d := range im.parsed.Manifests {
		if c := im.repository.images[d.Digest]; c != nil && !c.isIndex() && !c.isAttestation() {
			all = append(all, c)
		}
	}
	return all
}

// arn is how Inspector names an image.
func (im *image) arn() string { return im.repository.arn + "/" + im.digest }

// sorted are the images by arrival.
func (r *repository) sorted() []*image {
	return slices.SortedFunc(maps.Values(r.images), func(a, b *image) int { return a.sequence - b.sequence })
}

// An imageID names an image by digest, by tag or by both.
type imageID struct {
	Digest string `json:"imageDigest,omitempty"`
	Tag    string `json:"imageTag,omitempty"`
}

// String is how ECR's messages show it.
func (id imageID) String() string {
	shown := func(s string) string {
		if s == "" {
			return "null"
		}
		return clip(s)
	}
	return fmt.Sprintf("{imageDigest:'%s', imageTag:'%s'}", shown(id.Digest), shown(id.Tag))
}

// What ECR accepts as a digest and as a tag. It answers InvalidParameter with
// the first; the second is that of the registry protocol.
var (
	digestPattern = regexp.MustCompile(`^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$`)
	tagPattern    = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)
)

// find is the image that id names, or nil when there is none.
func (r *repository) find(id imageID) *image {
	digest := id.Digest
	if id.Tag != "" {
		tagged, ok := r.tags[id.Tag]
		if !ok || (digest != "" && digest != tagged) {
			return nil
		}
		digest = tagged
	}
	return r.images[digest]
}

// repository is the one of that name. The registry is ours or another account's,
// to which nobody has given us access.
func (s *Service) repository(registryID, name string) (*repository, error) {
	if registryID != "" && registryID != s.opts.Account {
		return nil, api.Errorf(accessDenied, "User: arn:aws:iam::%s:root is not authorized to access the resource: arn:aws:ecr:%s:%s:repository/%s"+
			" because no resource-based policy allows the action", s.opts.Account, s.opts.Region, registryID, clip(name))
	}
	r := s.repositories[name]
	if r == nil {
		return nil, api.Errorf(repositoryNotFound, "The repository with name '%s' does not exist in the registry with id '%s'", clip(name), s.opts.Account)
	}
	return r, nil
}

// image finds an image for an operation that works on one.
func (s *Service) image(registryID, name string, id imageID) (*image, error) {
	r, err := s.repository(registryID, name)
	if err != nil {
		return nil, err
	}
	if err := checkID(id); err != nil {
		return nil, err
	}
	im := r.find(id)
	if im == nil {
		return nil, s.noImage(r, id)
	}
	return im, nil
}

func (s *Service) noImage(r *repository, id imageID) error {
	return api.Errorf(imageNotFound, "The image with imageId %s does not exist within the repository with name '%s' in the registry with id '%s'",
		id, r.name, s.opts.Account)
}

// checkID refuses an id that names nothing or is no digest or tag.
func checkID(id imageID) error {
	switch {
	case id == imageID{}:
		return api.Errorf(invalidParameter, "Invalid parameter at 'imageId' failed to satisfy constraint: both tag and digest cannot be null")
	case id.Digest != "" && !digestPattern.MatchString(id.Digest):
		return api.Errorf(invalidParameter, "Invalid parameter at 'imageDigest' failed to satisfy constraint: 'must satisfy regular expression '%s''", digestPattern)
	case id.Tag != "" && !tagPattern.MatchString(id.Tag):
		return api.Errorf(invalidParameter, "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '%s''", tagPattern)
	}
	return nil
}

// maxShown is how much of a client's text an error repeats (chosen).
const maxShown = 300

func clip(t string) string {
	if len(t) <= maxShown {
		return t
	}
	return strings.ToValidUTF8(t[:maxShown], "") + "…"
}
