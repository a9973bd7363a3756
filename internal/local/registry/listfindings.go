package registry

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxInspectorPage is the largest page of ListFindings, and what it has when
// the client does not say. (Service model, ListFindingsMaxResults.)
const maxInspectorPage = 100

type sortCriteria struct {
	Field string `json:"field"`
	Order string `json:"sortOrder"`
}

type listFindingsInput struct {
	Filters    map[string]json.RawMessage `json:"filterCriteria"`
	Sort       sortCriteria               `json:"sortCriteria"`
	NextToken  string                     `json:"nextToken"`
	MaxResults int                        `json:"maxResults"`
}

type listFindingsOutput struct {
	Findings  []findingDetail `json:"findings"`
	NextToken string          `json:"nextToken,omitempty"`
}

// findingFields are those that we filter by.
var findingFields = []string{
	"awsAccountId", "ecrImageArchitecture", "ecrImageHash", "ecrImageRegistry", "ecrImageRepositoryName", "ecrImageTags",
	"exploitAvailable", "findingArn", "findingStatus", "findingType", "fixAvailable", "resourceId", "resourceType",
	"severity", "title", "vulnerabilityId",
}

// A found is a finding and where it is.
type found struct {
	*finding
	image *image
}

// listFindings lists the findings of all images, closed ones too.
func (s *Service) listFindings(in listFindingsInput) (listFindingsOutput, error) {
	c, err := readCriteria(in.Filters, findingFields)
	if err != nil {
		return listFindingsOutput{}, err
	}
	var all []found
	for im := range s.watched() {
		if !s.imageMatches(c, im) {
			continue
		}
		for _, f := range im.findings {
			if s.findingMatches(c, f) {
				all = append(all, found{f, im})
			}
		}
	}
	if err := sortFindings(all, in.Sort); err != nil {
		return listFindingsOutput{}, err
	}
	rows, next, err := page(all, "findings", in.NextToken, cmp.Or(in.MaxResults, maxInspectorPage))
	if err != nil {
		return listFindingsOutput{}, err
	}
	out := listFindingsOutput{Findings: []findingDetail{}, NextToken: next}
	for _, f := range rows {
		out.Findings = append(out.Findings, s.finding(f.image, f.finding, formAPI))
	}
	return out, nil
}

// watched are the images that Inspector has findings of, repository by
// repository and by arrival.
func (s *Service) watched() func(func(*image) bool) {
	return func(yield func(*image) bool) {
		for _, name := range slices.Sorted(maps.Keys(s.repositories)) {
			for _, im := range s.repositories[name].sorted() {
				if im.scan.engine == engineEnhanced && im.scan.hasResult() && !yield(im) {
					return
				}
			}
		}
	}
}

func (s *Service) imageMatches(c criteria, im *image) bool {
	return c.match("awsAccountId", s.opts.Account) &&
		c.match("ecrImageArchitecture", im.platform.Architecture) &&
		c.match("ecrImageHash", im.digest) &&
		c.match("ecrImageRegistry", s.opts.Account) &&
		c.match("ecrImageRepositoryName", im.repository.name) &&
		c.match("ecrImageTags", im.tags...) &&
		c.match("resourceId", im.arn()) &&
		c.match("resourceType", containerImage)
}

func (s *Service) findingMatches(c criteria, f *finding) bool {
	return c.match("exploitAvailable", yes(f.Exploit)) &&
		c.match("findingArn", f.arn) &&
		c.match("findingStatus", f.status) &&
		c.match("findingType", packageVulnerability) &&
		c.match("fixAvailable", yes(f.FixedIn != "")) &&
		c.match("severity", f.severity(engineEnhanced)) &&
		c.match("title", f.Name+" - "+f.Package) &&
		c.match("vulnerabilityId", f.Name)
}

// severities from the least to the worst.
var severities = []string{untriaged, "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"}

// orders are the fields that we sort by.
var orders = map[string]func(a, b found) int{
	"SEVERITY": func(a, b found) int {
		return slices.Index(severities, a.severity(engineEnhanced)) - slices.Index(severities, b.severity(engineEnhanced))
	},
	"FIRST_OBSERVED_AT": func(a, b found) int { return a.firstSeen.Compare(b.firstSeen) },
	"LAST_OBSERVED_AT":  func(a, b found) int { return a.lastSeen.Compare(b.lastSeen) },
	"FINDING_STATUS":    func(a, b found) int { return strings.Compare(a.status, b.status) },
	"VULNERABILITY_ID":  func(a, b found) int { return strings.Compare(a.Name, b.Name) },
	"INSPECTOR_SCORE":   func(a, b found) int { return cmp.Compare(a.score(), b.score()) },
	"EPSS_SCORE":        func(a, b found) int { return cmp.Compare(a.epss(), b.epss()) },
	"ECR_IMAGE_REPOSITORY_NAME": func(a, b found) int {
		return strings.Compare(a.image.repository.name, b.image.repository.name)
	},
	"ECR_IMAGE_PUSHED_AT": func(a, b found) int { return a.image.pushedAt.Compare(b.image.pushedAt) },
}

func (f Finding) epss() float64 {
	if f.EPSS == nil {
		return 0
	}
	return *f.EPSS
}

func sortFindings(all []found, by sortCriteria) error {
	if by.Field == "" {
		return nil
	}
	order, ok := orders[by.Field]
	if !ok {
		return api.Errorf(api.NotImplemented, "This local Inspector does not sort by '%s'", by.Field)
	}
	slices.SortStableFunc(all, func(a, b found) int {
		if by.Order == "DESC" {
			return order(b, a)
		}
		return order(a, b)
	})
	return nil
}
