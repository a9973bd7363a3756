package event

import (
	"strings"
	"time"
)

// InspectorScanned says that Amazon Inspector ended its first scan of an image.
// Later scans of the same image send only FindingChanged.
type InspectorScanned struct {
	Meta
	Image
	// Status is INITIAL_SCAN_COMPLETE.
	Status string
	// Counts holds the number of findings for CRITICAL, HIGH, MEDIUM and
	// TOTAL, in which lower severities are hidden; an absent one is 0. It is
	// nil when the event has no counts at all.
	Counts map[string]int
}

// FindingChanged says that Inspector opened, updated or closed one finding.
type FindingChanged struct {
	Meta
	ARN string
	// Status is ACTIVE, SUPPRESSED or CLOSED.
	Status   string
	Severity string
	// Type is PACKAGE_VULNERABILITY, CODE_VULNERABILITY or
	// NETWORK_REACHABILITY.
	Type  string
	Title string
	// Vulnerability is the CVE or another public id, or empty.
	Vulnerability string
	// FixAvailable is YES, NO or PARTIAL; ExploitAvailable YES or NO.
	FixAvailable     string
	ExploitAvailable string
	// Score is Inspector's, from 0 to 10; EPSS is the probability of use, from
	// 0 to 1.
	Score, EPSS float64
	FirstSeenAt time.Time
	UpdatedAt   time.Time
	Packages    []Package
	// Images are those it was found in; empty when it is about another kind of
	// resource.
	Images []Image
}

// A Package is software with a vulnerability.
type Package struct {
	Name, Version string
	// FixedIn is the first version without it, or empty.
	FixedIn string
}

// CoverageChanged says that Inspector began or ceased to watch something.
type CoverageChanged struct {
	Meta
	// Images are the images that it is about; empty for other resources.
	Images []Image
	// Status is ACTIVE or INACTIVE, and Reason says why, such as
	// UNSUPPORTED_OS.
	Status, Reason string
}

func (InspectorScanned) event() {}
func (FindingChanged) event()   {}
func (CoverageChanged) event()  {}

func inspectorScanned(m Meta, d imageScanDetail, f *fields) Event {
	// Here, and only here, the repository's name is its ARN.
	if _, name, ok := strings.Cut(d.Repository, ":repository/"); ok {
		d.Repository = name
	}
	return InspectorScanned{
		Meta:   m,
		Image:  d.read(f),
		Status: f.text("detail.scan-status", d.Status),
		Counts: severities(d.Counts, f),
	}
}

// The two ways in which Inspector writes a time.
const (
	findingLayout    = "Mon Jan 02 15:04:05.000 MST 2006"
	oldFindingLayout = "Jan 2, 2006, 3:04:05 PM"
)

type findingDetail struct {
	ARN              string  `json:"findingArn"`
	Status           string  `json:"status"`
	Severity         string  `json:"severity"`
	Type             string  `json:"type"`
	Title            string  `json:"title"`
	FixAvailable     string  `json:"fixAvailable"`
	ExploitAvailable string  `json:"exploitAvailable"`
	Score            float64 `json:"inspectorScore"`
	EPSS             struct {
		Score float64 `json:"score"`
	} `json:"epss"`
	FirstObservedAt string `json:"firstObservedAt"`
	UpdatedAt       string `json:"updatedAt"`
	Vulnerability   struct {
		ID       string `json:"vulnerabilityId"`
		Packages []struct {
			Name    string `json:"name"`
			Version string `json:"version"`
			FixedIn string `json:"fixedInVersion"`
		} `json:"vulnerablePackages"`
	} `json:"packageVulnerabilityDetails"`
	Resources []struct {
		Details struct {
			Image *struct {
				Repository string   `json:"repositoryName"`
				Digest     string   `json:"imageHash"`
				Tags       []string `json:"imageTags"`
			} `json:"awsEcrContainerImage"`
		} `json:"details"`
	} `json:"resources"`
}

func findingChanged(m Meta, d findingDetail, f *fields) Event {
	e := FindingChanged{
		Meta:             m,
		ARN:              f.text("detail.findingArn", d.ARN),
		Status:           f.text("detail.status", d.Status),
		Severity:         f.text("detail.severity", d.Severity),
		Type:             d.Type,
		Title:            d.Title,
		Vulnerability:    d.Vulnerability.ID,
		FixAvailable:     d.FixAvailable,
		ExploitAvailable: d.ExploitAvailable,
		Score:            d.Score,
		EPSS:             d.EPSS.Score,
		FirstSeenAt:      optionalTime(d.FirstObservedAt, findingLayout, oldFindingLayout),
		UpdatedAt:        optionalTime(d.UpdatedAt, findingLayout, oldFindingLayout),
	}
	for _, p := range d.Vulnerability.Packages {
		e.Packages = append(e.Packages, Package(p))
	}
	for _, r := range d.Resources {
		if i := r.Details.Image; i != nil {
			e.Images = append(e.Images, Image{
				Repository: f.text("detail.resources.details.awsEcrContainerImage.repositoryName", i.Repository),
				Digest:     f.text("detail.resources.details.awsEcrContainerImage.imageHash", i.Digest),
				Tags:       i.Tags,
			})
		}
	}
	return e
}

type coverageDetail struct {
	ScanStatus struct {
		Reason string `json:"reason"`
		Code   string `json:"statusCodeValue"`
	} `json:"scanStatus"`
}

// coverageChanged reads the images from the envelope: the detail does not name
// them.
func coverageChanged(m Meta, env envelope, f *fields) Event {
	var d coverageDetail
	f.json("detail", env.Detail, &d)
	e := CoverageChanged{
		Meta:   m,
		Status: f.text("detail.scanStatus.statusCodeValue", d.ScanStatus.Code),
		Reason: d.ScanStatus.Reason,
	}
	for _, arn := range env.Resources {
		if image, ok := imageByARN(arn); ok {
			e.Images = append(e.Images, image)
		}
	}
	return e
}

// imageByARN reads an ARN that ends in :repository/NAME/sha256:DIGEST.
func imageByARN(arn string) (Image, bool) {
	_, path, ok := strings.Cut(arn, ":repository/")
	slash := strings.LastIndexByte(path, '/')
	if !ok || slash < 1 || slash == len(path)-1 {
		return Image{}, false
	}
	return Image{Repository: path[:slash], Digest: path[slash+1:]}, true
}
