package registry

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxCoveragePage is the largest page of ListCoverage, and what it has when the
// client does not say. (Service model, ListCoverageMaxResults.)
const maxCoveragePage = 200

// A coverage says whether Inspector watches an image and why.
type coverage struct {
	Code   string `json:"statusCode"`
	Reason string `json:"reason"`
}

// reasons are what Inspector says for a status of ECR. (Service model,
// ScanStatusReason; which belongs to which is inferred from the words.)
var reasons = map[string]coverage{
	statusPending:     {"ACTIVE", "PENDING_INITIAL_SCAN"},
	statusInProgress:  {"ACTIVE", "SCAN_IN_PROGRESS"},
	statusActive:      {"ACTIVE", "SUCCESSFUL"},
	statusFailed:      {"INACTIVE", "INTERNAL_ERROR"},
	statusUnsupported: {"INACTIVE", "UNSUPPORTED_OS"},
	statusExpired:     {"INACTIVE", "SCAN_ELIGIBILITY_EXPIRED"},
	statusUnavailable: {"INACTIVE", "INTERNAL_ERROR"},
	statusLimit:       {"INACTIVE", "IMAGE_SIZE_EXCEEDED"},
	statusArchived:    {"INACTIVE", "IMAGE_ARCHIVED"},
}

// coverage of an image that Inspector has heard of.
func (im *image) coverage() coverage {
	switch {
	case im.scan.status == statusUnsupported && (im.isIndex() || im.isAttestation()):
		return coverage{"INACTIVE", "UNSUPPORTED_MEDIA_TYPE"}
	case im.scan.status == statusActive && !im.scan.hasResult():
		return reasons[statusInProgress]
	}
	return reasons[im.scan.status]
}

type listCoverageInput struct {
	Filters    map[string]json.RawMessage `json:"filterCriteria"`
	NextToken  string                     `json:"nextToken"`
	MaxResults int                        `json:"maxResults"`
}

type coveredResource struct {
	Type          string           `json:"resourceType"`
	ID            string           `json:"resourceId"`
	Account       string           `json:"accountId"`
	ScanType      string           `json:"scanType"`
	Status        coverage         `json:"scanStatus"`
	Metadata      resourceMetadata `json:"resourceMetadata"`
	LastScannedAt *api.Time        `json:"lastScannedAt,omitempty"`
}

type resourceMetadata struct {
	Repository struct {
		Name      string `json:"name"`
		Frequency string `json:"scanFrequency"`
	} `json:"ecrRepository"`
	Image struct {
		Tags     []string  `json:"tags"`
		PulledAt *api.Time `json:"imagePulledAt,omitempty"`
	} `json:"ecrImage"`
}

type listCoverageOutput struct {
	Resources []coveredResource `json:"coveredResources"`
	NextToken string            `json:"nextToken,omitempty"`
}

// coverageFields are those that we filter by.
var coverageFields = []string{
	"accountId", "ecrImageTags", "ecrRepositoryName", "resourceId", "resourceType", "scanStatusCode", "scanStatusReason", "scanType",
}

// listCoverage lists the images that Inspector has heard of.
func (s *Service) listCoverage(in listCoverageInput) (listCoverageOutput, error) {
	c, err := readCriteria(in.Filters, coverageFields)
	if err != nil {
		return listCoverageOutput{}, err
	}
	var all []*image
	for _, name := range slices.Sorted(maps.Keys(s.repositories)) {
		for _, im := range s.repositories[name].sorted() {
			if im.scan.engine == engineEnhanced && im.scan.status != "" && s.covers(c, im) {
				all = append(all, im)
			}
		}
	}
	rows, next, err := page(all, "coverage", in.NextToken, cmp.Or(in.MaxResults, maxCoveragePage))
	if err != nil {
		return listCoverageOutput{}, err
	}
	out := listCoverageOutput{Resources: []coveredResource{}, NextToken: next}
	for _, im := range rows {
		out.Resources = append(out.Resources, s.covered(im))
	}
	return out, nil
}

func (s *Service) covers(c criteria, im *image) bool {
	status := im.coverage()
	return c.match("accountId", s.opts.Account) &&
		c.match("ecrImageTags", im.tags...) &&
		c.match("ecrRepositoryName", im.repository.name) &&
		c.match("resourceId", im.arn()) &&
		c.match("resourceType", containerImage) &&
		c.match("scanStatusCode", status.Code) &&
		c.match("scanStatusReason", status.Reason) &&
		c.match("scanType", "PACKAGE")
}

func (s *Service) covered(im *image) coveredResource {
	r := coveredResource{Type: containerImage, ID: im.arn(), Account: s.opts.Account, ScanType: "PACKAGE", Status: im.coverage()}
	r.Metadata.Repository.Name = im.repository.name
	r.Metadata.Repository.Frequency = frequencyContinual
	r.Metadata.Image.Tags = im.allTags()
	if !im.pulledAt.IsZero() {
		r.Metadata.Image.PulledAt = &api.Time{Time: im.pulledAt}
	}
	if im.scan.hasResult() {
		r.LastScannedAt = &api.Time{Time: im.scan.completedAt}
	}
	return r
}
