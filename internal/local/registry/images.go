package registry

import (
	"cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// An imageFilter narrows a list of images.
type imageFilter struct {
	TagStatus   string `json:"tagStatus"`
	ImageStatus string `json:"imageStatus"`
}

const anything = "ANY"

// The states of an image itself, which has nothing to do with scans.
const (
	storedActive   = "ACTIVE"
	storedArchived = "ARCHIVED"
)

func (f imageFilter) tagged(yes bool) bool {
	switch f.TagStatus {
	case "TAGGED":
		return yes
	case "UNTAGGED":
		return !yes
	}
	return true
}

func (f imageFilter) status(im *image) bool {
	want := cmp.Or(f.ImageStatus, anything)
	return want == anything || want == im.storage()
}

func (im *image) storage() string {
	if im.archived {
		return storedArchived
	}
	return storedActive
}

type listImagesInput struct {
	RegistryID string      `json:"registryId"`
	Repository string      `json:"repositoryName"`
	Filter     imageFilter `json:"filter"`
	NextToken  string      `json:"nextToken"`
	MaxResults int         `json:"maxResults"`
}

type listImagesOutput struct {
	IDs       []imageID `json:"imageIds"`
	NextToken string    `json:"nextToken,omitempty"`
}

// listImages lists every tag, and every image without one.
func (s *Service) listImages(in listImagesInput) (listImagesOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return listImagesOutput{}, err
	}
	ids := []imageID{}
	for _, im := range r.sorted() {
		if !in.Filter.status(im) || !in.Filter.tagged(len(im.tags) > 0) {
			continue
		}
		for _, t := range im.tags {
			ids = append(ids, imageID{Digest: im.digest, Tag: t})
		}
		if len(im.tags) == 0 {
			ids = append(ids, imageID{Digest: im.digest})
		}
	}
	rows, next, err := page(ids, "images "+r.name, in.NextToken, cmp.Or(in.MaxResults, defaultPage))
	return listImagesOutput{IDs: rows, NextToken: next}, err
}

type describeImagesInput struct {
	RegistryID string      `json:"registryId"`
	Repository string      `json:"repositoryName"`
	IDs        []imageID   `json:"imageIds"`
	Filter     imageFilter `json:"filter"`
	NextToken  string      `json:"nextToken"`
	MaxResults int         `json:"maxResults"`
}

type imageDetail struct {
	RegistryID   string       `json:"registryId"`
	Repository   string       `json:"repositoryName"`
	Digest       string       `json:"imageDigest"`
	Tags         []string     `json:"imageTags,omitempty"`
	Size         int64        `json:"imageSizeInBytes"`
	PushedAt     api.Time     `json:"imagePushedAt"`
	ScanStatus   *scanStatus  `json:"imageScanStatus,omitempty"`
	Summary      *scanSummary `json:"imageScanFindingsSummary,omitempty"`
	MediaType    string       `json:"imageManifestMediaType"`
	ArtifactType string       `json:"artifactMediaType,omitempty"`
	PulledAt     *api.Time    `json:"lastRecordedPullTime,omitempty"`
	Subject      string       `json:"subjectManifestDigest,omitempty"`
	Status       string       `json:"imageStatus"`
}

type describeImagesOutput struct {
	Details   []imageDetail `json:"imageDetails"`
	NextToken string        `json:"nextToken,omitempty"`
}

// describeImages describes the images that the request names, or all.
func (s *Service) describeImages(in describeImagesInput) (describeImagesOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return describeImagesOutput{}, err
	}
	if len(in.IDs) > 0 {
		return s.describeNamed(r, in)
	}
	var all []*image
	for _, im := range r.sorted() {
		if in.Filter.status(im) && in.Filter.tagged(len(im.tags) > 0) {
			all = append(all, im)
		}
	}
	rows, next, err := page(all, "details "+r.name, in.NextToken, cmp.Or(in.MaxResults, defaultPage))
	if err != nil {
		return describeImagesOutput{}, err
	}
	out := describeImagesOutput{Details: []imageDetail{}, NextToken: next}
	for _, im := range rows {
		out.Details = append(out.Details, s.detail(im))
	}
	return out, nil
}

func (s *Service) describeNamed(r *repository, in describeImagesInput) (describeImagesOutput, error) {
	if in.NextToken != "" || in.MaxResults != 0 {
		return describeImagesOutput{}, api.Errorf(invalidParameter, "Invalid parameter at 'imageIds' failed to satisfy constraint: "+
			"it cannot be used with nextToken or maxResults")
	}
	out := describeImagesOutput{Details: []imageDetail{}}
	seen := map[*image]bool{}
	for _, id := range in.IDs {
		im, err := s.image(in.RegistryID, r.name, id)
		if err != nil {
			return describeImagesOutput{}, err
		}
		if !seen[im] && in.Filter.status(im) && in.Filter.tagged(len(im.tags) > 0) {
			out.Details = append(out.Details, s.detail(im))
		}
		seen[im] = true
	}
	return out, nil
}

func (s *Service) detail(im *image) imageDetail {
	d := imageDetail{
		RegistryID: s.opts.Account, Repository: im.repository.name, Digest: im.digest, Tags: im.allTags(),
		Size: im.size(), PushedAt: api.Time{Time: im.pushedAt},
		MediaType: im.mediaType, ArtifactType: im.parsed.artifactType(), Status: im.storage(),
	}
	if im.parsed.Subject != nil {
		d.Subject = im.parsed.Subject.Digest
	}
	if !im.pulledAt.IsZero() {
		d.PulledAt = &api.Time{Time: im.pulledAt}
	}
	if im.scan.status != "" {
		d.ScanStatus = im.scanStatus()
	}
	if im.scan.hasResult() {
		d.Summary = im.summary()
	}
	return d
}

// size of an index is that of the images in it.
func (im *image) size() int64 {
	n := im.parsed.size()
	for _, d := range im.parsed.Manifests {
		if c := im.repository.images[d.Digest]; c != nil {
			n += c.parsed.size()
		}
	}
	return n
}
