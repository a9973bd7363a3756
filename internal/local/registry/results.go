package registry

import (
	"cmp"
	"strconv"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type findingsInput struct {
	RegistryID string  `json:"registryId"`
	Repository string  `json:"repositoryName"`
	ID         imageID `json:"imageId"`
	NextToken  string  `json:"nextToken"`
	MaxResults int     `json:"maxResults"`
}

type findingsOutput struct {
	RegistryID string       `json:"registryId"`
	Repository string       `json:"repositoryName"`
	ID         imageID      `json:"imageId"`
	Status     *scanStatus  `json:"imageScanStatus"`
	Findings   *scanResults `json:"imageScanFindings,omitempty"`
	NextToken  string       `json:"nextToken,omitempty"`
}

type scanStatus struct {
	Status      string `json:"status"`
	Description string `json:"description"`
}

func (im *image) scanStatus() *scanStatus {
	return &scanStatus{im.scan.status, descriptions[im.scan.status]}
}

// A scanSummary is what both engines say about all findings of an image.
type scanSummary struct {
	CompletedAt     api.Time       `json:"imageScanCompletedAt"`
	SourceUpdatedAt api.Time       `json:"vulnerabilitySourceUpdatedAt"`
	Counts          map[string]int `json:"findingSeverityCounts"`
}

func (im *image) summary() *scanSummary {
	at := api.Time{Time: im.scan.completedAt}
	return &scanSummary{CompletedAt: at, SourceUpdatedAt: at, Counts: im.counts()}
}

// scanResults are one page of findings, of one engine. The summary is repeated
// on every page.
type scanResults struct {
	*scanSummary
	Basic    *[]basicFinding  `json:"findings,omitempty"`
	Enhanced *[]findingDetail `json:"enhancedFindings,omitempty"`
}

type basicFinding struct {
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
	URI         string      `json:"uri"`
	Severity    string      `json:"severity"`
	Attributes  []attribute `json:"attributes"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// scanFindings answers how far a scan is and, when it has ended, what it found.
func (s *Service) scanFindings(in findingsInput) (findingsOutput, error) {
	im, err := s.image(in.RegistryID, in.Repository, in.ID)
	if err != nil {
		return findingsOutput{}, err
	}
	if im.scan.status == "" {
		return findingsOutput{}, api.Errorf(scanNotFound, "Image scan does not exist for the image with '%s' in the repository with name '%s' in the registry with id '%s'",
			in.ID, im.repository.name, s.opts.Account)
	}
	out := findingsOutput{
		RegistryID: s.opts.Account, Repository: im.repository.name, ID: imageID{Digest: im.digest, Tag: in.ID.Tag}, Status: im.scanStatus(),
	}
	rows, next, err := page(im.shown(), "findings "+im.digest, in.NextToken, cmp.Or(in.MaxResults, defaultPage))
	if err != nil {
		return findingsOutput{}, err
	}
	out.NextToken = next
	out.Findings = s.results(im, rows)
	return out, nil
}

// results shows a page of findings in the format of the engine. Without a
// result there are none, except for the trap of an image that is ACTIVE and has
// not been looked at (see assumptions.go).
func (s *Service) results(im *image, rows []*finding) *scanResults {
	switch {
	case im.scan.status == statusActive && !im.scan.hasResult():
		return &scanResults{Basic: &[]basicFinding{}}
	case !im.scan.hasResult():
		return nil
	case im.scan.engine == engineBasic:
		basic := []basicFinding{}
		for _, f := range rows {
			basic = append(basic, f.basic())
		}
		return &scanResults{scanSummary: im.summary(), Basic: &basic}
	}
	enhanced := []findingDetail{}
	for _, f := range rows {
		enhanced = append(enhanced, s.finding(im, f, formECR))
	}
	return &scanResults{scanSummary: im.summary(), Enhanced: &enhanced}
}

// basic is the finding as ECR's own engine tells it: no fix, no exploit.
func (f *finding) basic() basicFinding {
	return basicFinding{
		Name: f.Name, Description: f.Description, URI: f.url(), Severity: f.severity(engineBasic),
		Attributes: []attribute{
			{"package_version", f.Version},
			{"package_name", f.Package},
			{"CVSS3_SCORE", strconv.FormatFloat(f.score(), 'f', 1, 64)},
		},
	}
}
