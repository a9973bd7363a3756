package event

// An Image is one container image in ECR. The registry is that of Meta.Account
// and Meta.Region.
type Image struct {
	Repository string
	// Digest is what the event is about; tags move.
	Digest string
	// Tags may be empty: a manifest inside an index has none.
	Tags []string
}

// ImageChanged says that an image was pushed or deleted.
type ImageChanged struct {
	Meta
	Image
	// Action is PUSH or DELETE.
	Action string
	// Result is SUCCESS, or the change did not happen.
	Result string
	// MediaType is the manifest's; empty when the event does not say. An index
	// is pushed after the images in it.
	MediaType string
}

// ReferrerChanged says that something that refers to an image, such as a
// signature, was pushed or deleted. Image is the referrer, not what it refers
// to.
type ReferrerChanged struct {
	Meta
	Image
	Action, Result string
	// ArtifactType says what kind of thing the referrer is.
	ArtifactType string
}

// ImageScanned says that a basic scan ended. A registry with enhanced scanning
// sends InspectorScanned instead.
type ImageScanned struct {
	Meta
	Image
	// Status is COMPLETE, or there is no result.
	Status string
	// Counts holds the number of findings by severity, in which an absent one
	// is 0. It is nil when the event has no counts at all.
	Counts map[string]int
}

// ImageCached says that a pull-through cache rule fetched an image.
type ImageCached struct {
	Meta
	Image
	// Result is SUCCESS, or nothing was fetched.
	Result   string
	Upstream string
}

// ImageReplicated says that an image arrived here from another registry.
type ImageReplicated struct {
	Meta
	Image
	// Result is SUCCESS, or it did not arrive.
	Result                      string
	SourceAccount, SourceRegion string
}

// ScanSettingsChanged says that repositories are scanned more or less often
// from now on.
type ScanSettingsChanged struct {
	Meta
	Repositories []ScanSetting
}

// A ScanSetting is how often one repository is scanned: MANUAL, SCAN_ON_PUSH
// or CONTINUOUS_SCAN.
type ScanSetting struct {
	Repository string
	Frequency  string
	Previous   string
}

func (ImageChanged) event()        {}
func (ReferrerChanged) event()     {}
func (ImageScanned) event()        {}
func (ImageCached) event()         {}
func (ImageReplicated) event()     {}
func (ScanSettingsChanged) event() {}

type imageDetail struct {
	Repository string   `json:"repository-name"`
	Digest     string   `json:"image-digest"`
	Tag        string   `json:"image-tag"`
	Tags       []string `json:"image-tags"`
}

func (d imageDetail) read(f *fields) Image {
	tags := d.Tags
	if d.Tag != "" {
		tags = []string{d.Tag}
	}
	return Image{
		Repository: f.text("detail.repository-name", d.Repository),
		Digest:     f.text("detail.image-digest", d.Digest),
		Tags:       tags,
	}
}

type imageActionDetail struct {
	imageDetail
	Action       string `json:"action-type"`
	Result       string `json:"result"`
	MediaType    string `json:"manifest-media-type"`
	ArtifactType string `json:"artifact-media-type"`
}

func imageChanged(m Meta, d imageActionDetail, f *fields) Event {
	return ImageChanged{
		Meta:      m,
		Image:     d.read(f),
		Action:    f.text("detail.action-type", d.Action),
		Result:    f.text("detail.result", d.Result),
		MediaType: d.MediaType,
	}
}

func referrerChanged(m Meta, d imageActionDetail, f *fields) Event {
	return ReferrerChanged{
		Meta:         m,
		Image:        d.read(f),
		Action:       f.text("detail.action-type", d.Action),
		Result:       f.text("detail.result", d.Result),
		ArtifactType: d.ArtifactType,
	}
}

type imageScanDetail struct {
	imageDetail
	Status string            `json:"scan-status"`
	Counts map[string]number `json:"finding-severity-counts"`
}

func imageScanned(m Meta, d imageScanDetail, f *fields) Event {
	return ImageScanned{
		Meta:   m,
		Image:  d.read(f),
		Status: f.text("detail.scan-status", d.Status),
		Counts: severities(d.Counts, f),
	}
}

func severities(counts map[string]number, f *fields) map[string]int {
	if counts == nil {
		return nil
	}
	all := make(map[string]int, len(counts))
	for severity, n := range counts {
		f.text("detail.finding-severity-counts", string(n)) // nothing is not 0 here
		all[severity] = f.whole("detail.finding-severity-counts", n)
	}
	return all
}

type imageCacheDetail struct {
	imageDetail
	Result   string `json:"sync-status"`
	Upstream string `json:"upstream-registry-url"`
}

func imageCached(m Meta, d imageCacheDetail, f *fields) Event {
	return ImageCached{
		Meta:     m,
		Image:    d.read(f),
		Result:   f.text("detail.sync-status", d.Result),
		Upstream: d.Upstream,
	}
}

type imageReplicationDetail struct {
	imageDetail
	Result        string `json:"result"`
	SourceAccount string `json:"source-account"`
	SourceRegion  string `json:"source-region"`
}

func imageReplicated(m Meta, d imageReplicationDetail, f *fields) Event {
	return ImageReplicated{
		Meta:          m,
		Image:         d.read(f),
		Result:        f.text("detail.result", d.Result),
		SourceAccount: d.SourceAccount,
		SourceRegion:  d.SourceRegion,
	}
}

type scanSettingsDetail struct {
	Repositories []struct {
		Name      string `json:"repository-name"`
		Frequency string `json:"scan-frequency"`
		Previous  string `json:"previous-scan-frequency"`
	} `json:"repositories"`
}

func scanSettingsChanged(m Meta, d scanSettingsDetail, f *fields) Event {
	e := ScanSettingsChanged{Meta: m}
	for _, r := range d.Repositories {
		e.Repositories = append(e.Repositories, ScanSetting{
			Repository: f.text("detail.repositories.repository-name", r.Name),
			Frequency:  f.text("detail.repositories.scan-frequency", r.Frequency),
			Previous:   r.Previous,
		})
	}
	if len(e.Repositories) == 0 {
		f.fail("detail.repositories", errMissing)
	}
	return e
}
