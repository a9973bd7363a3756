package registry

import (
	"cmp"
	"strconv"
	"time"
)

// A form is one of the three ways in which a finding of Inspector is told.
type form int

const (
	// formECR is that of DescribeImageScanFindings: no EPSS, and other names for
	// the score.
	formECR form = iota
	// formAPI is that of Inspector's ListFindings.
	formAPI
	// formEvent is formAPI with times as text.
	formEvent
)

// A moment is a time in a finding: epoch seconds, or text in an event.
type moment struct {
	time.Time
	form form
}

// MarshalJSON writes the time as the form has it.
func (m moment) MarshalJSON() ([]byte, error) {
	if m.form == formEvent {
		return strconv.AppendQuote(nil, inspectorTime(m.Time)), nil
	}
	return strconv.AppendFloat(nil, float64(m.UnixMilli())/1000, 'f', 3, 64), nil
}

// A findingDetail is a finding of Inspector in any form.
type findingDetail struct {
	AccountID        string            `json:"awsAccountId"`
	Description      string            `json:"description"`
	EPSS             *epss             `json:"epss,omitempty"`
	ExploitAvailable string            `json:"exploitAvailable"`
	ARN              string            `json:"findingArn"`
	FirstObservedAt  moment            `json:"firstObservedAt"`
	FixAvailable     string            `json:"fixAvailable"`
	InspectorScore   *float64          `json:"inspectorScore,omitempty"`
	InspectorDetails *inspectorDetails `json:"inspectorScoreDetails,omitempty"`
	LastObservedAt   moment            `json:"lastObservedAt"`
	Package          packageDetails    `json:"packageVulnerabilityDetails"`
	Remediation      remediation       `json:"remediation"`
	Resources        []resource        `json:"resources"`
	Score            *float64          `json:"score,omitempty"`
	ScoreDetails     *scoreDetails     `json:"scoreDetails,omitempty"`
	Severity         string            `json:"severity"`
	Status           string            `json:"status"`
	Title            string            `json:"title"`
	Type             string            `json:"type"`
	UpdatedAt        moment            `json:"updatedAt"`
}

type epss struct {
	Score float64 `json:"score"`
}

type adjustedScore struct {
	Adjustments []struct{} `json:"adjustments"`
	CVSSSource  string     `json:"cvssSource,omitempty"`
	Score       float64    `json:"score"`
	ScoreSource string     `json:"scoreSource"`
	Vector      string     `json:"scoringVector"`
	Version     string     `json:"version"`
}

type inspectorDetails struct {
	Adjusted adjustedScore `json:"adjustedCvss"`
}

type scoreDetails struct {
	CVSS adjustedScore `json:"cvss"`
}

type cvss struct {
	BaseScore float64 `json:"baseScore"`
	Vector    string  `json:"scoringVector"`
	Source    string  `json:"source"`
	Version   string  `json:"version"`
}

type packageDetails struct {
	CVSS       []cvss              `json:"cvss"`
	References []string            `json:"referenceUrls"`
	Related    []string            `json:"relatedVulnerabilities"`
	Source     string              `json:"source"`
	SourceURL  string              `json:"sourceUrl"`
	CreatedAt  *moment             `json:"vendorCreatedAt,omitempty"`
	Severity   string              `json:"vendorSeverity"`
	ID         string              `json:"vulnerabilityId"`
	Packages   []vulnerablePackage `json:"vulnerablePackages"`
}

type vulnerablePackage struct {
	Arch        string `json:"arch"`
	Epoch       int    `json:"epoch"`
	Path        string `json:"filePath,omitempty"`
	FixedIn     string `json:"fixedInVersion"`
	Name        string `json:"name"`
	Manager     string `json:"packageManager"`
	Release     string `json:"release,omitempty"`
	Remediation string `json:"remediation,omitempty"`
	Layer       string `json:"sourceLayerHash,omitempty"`
	Version     string `json:"version"`
}

type remediation struct {
	Recommendation struct {
		Text string `json:"text"`
	} `json:"recommendation"`
}

type resource struct {
	Details struct {
		Image imageDetails `json:"awsEcrContainerImage"`
	} `json:"details"`
	ID        string             `json:"id"`
	Partition string             `json:"partition,omitempty"`
	Region    string             `json:"region,omitempty"`
	Tags      *map[string]string `json:"tags,omitempty"`
	Type      string             `json:"type"`
}

type imageDetails struct {
	Architecture string   `json:"architecture"`
	Digest       string   `json:"imageHash"`
	Tags         []string `json:"imageTags"`
	Platform     string   `json:"platform"`
	PushedAt     moment   `json:"pushedAt"`
	Registry     string   `json:"registry"`
	Repository   string   `json:"repositoryName"`
}

const (
	packageVulnerability = "PACKAGE_VULNERABILITY"
	containerImage       = "AWS_ECR_CONTAINER_IMAGE"
	osPackages           = "OS"
	// noFix is what Inspector says where the fixed version would be (captured).
	noFix = "NotAvailable"
	// vector is the same for all: nobody judges by it (chosen).
	vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	// nvd is the source of every finding here (chosen).
	nvd = "NVD"
)

// finding tells a finding of Inspector in one of its forms.
func (s *Service) finding(im *image, f *finding, as form) findingDetail {
	at := func(t time.Time) moment { return moment{t, as} }
	d := findingDetail{
		AccountID: s.opts.Account, Description: f.description(), ARN: f.arn, Title: f.Name + " - " + f.Package,
		ExploitAvailable: yes(f.Exploit), FixAvailable: yes(f.FixedIn != ""),
		FirstObservedAt: at(f.firstSeen), LastObservedAt: at(f.lastSeen), UpdatedAt: at(f.updated),
		Package: im.packageDetails(f, as), Resources: []resource{s.resource(im, as)},
		Severity: f.severity(engineEnhanced), Status: f.status, Type: packageVulnerability,
	}
	d.Remediation.Recommendation.Text = "None Provided"
	score := f.score()
	adjusted := adjustedScore{Adjustments: []struct{}{}, Score: score, ScoreSource: nvd, Vector: vector, Version: "3.1"}
	if as == formECR {
		d.Score, d.ScoreDetails = &score, &scoreDetails{adjusted}
		return d
	}
	adjusted.CVSSSource = nvd
	d.InspectorScore, d.InspectorDetails = &score, &inspectorDetails{adjusted}
	if f.EPSS != nil {
		d.EPSS = &epss{*f.EPSS}
	}
	return d
}

func yes(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

func (im *image) packageDetails(f *finding, as form) packageDetails {
	p := vulnerablePackage{
		Arch: architectures[im.platform.Architecture], Path: f.Path, FixedIn: cmp.Or(f.FixedIn, noFix), Name: f.Package,
		Manager: cmp.Or(f.Type, osPackages), Layer: im.lastLayer(), Version: f.Version,
	}
	if p.Manager == osPackages {
		p.Release = "1"
	}
	if as != formECR && f.FixedIn != "" {
		p.Remediation = "Update " + f.Package + " to " + f.FixedIn
	}
	d := packageDetails{
		CVSS:       []cvss{{BaseScore: f.score(), Vector: vector, Source: nvd, Version: "3.1"}},
		References: []string{f.url()}, Related: []string{}, Source: nvd, SourceURL: f.url(),
		Severity: f.severity(engineEnhanced), ID: f.Name, Packages: []vulnerablePackage{p},
	}
	if f.KnownSince != nil {
		d.CreatedAt = &moment{*f.KnownSince, as}
	}
	return d
}

// architectures are Inspector's words for those of images.
var architectures = map[string]string{"amd64": "X86_64", "arm64": "AARCH64", "386": "I686", "arm": "ARMV7"}

// lastLayer is the one that Inspector blames.
func (im *image) lastLayer() string {
	if n := len(im.parsed.Layers); n > 0 {
		return im.parsed.Layers[n-1].Digest
	}
	return ""
}

func (s *Service) resource(im *image, as form) resource {
	r := resource{ID: im.arn(), Type: containerImage}
	r.Details.Image = imageDetails{
		Architecture: im.platform.Architecture, Digest: im.digest, Tags: im.allTags(), Platform: "DEBIAN_12",
		PushedAt: moment{im.pushedAt, as}, Registry: s.opts.Account, Repository: im.repository.name,
	}
	if as == formECR {
		r.Tags = &map[string]string{}
		return r
	}
	r.Partition, r.Region = "aws", s.opts.Region
	return r
}

// emitFinding tells EventBridge about one finding.
func (s *Service) emitFinding(im *image, f *finding) {
	s.emit(sourceInspector, inspectorFinding, []string{im.arn()}, s.finding(im, f, formEvent))
}
