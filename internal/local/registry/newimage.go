package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A NewImage tells Push what to put into the registry and what scans of it find.
type NewImage struct {
	// Repository is made if it is missing.
	Repository string `json:"repository"`
	// Tag moves here from the image that had it; empty pushes without a tag.
	Tag string `json:"tag,omitempty"`
	// Platforms, such as linux/arm64, are one image each; none is linux/amd64.
	// Several, or Attestations, make an index, which then has the tag.
	Platforms    []string `json:"platforms,omitempty"`
	Attestations bool     `json:"attestations,omitempty"`
	// Scan is basic, enhanced or none; empty is what the registry's settings say.
	Scan string `json:"scan,omitempty"`
	// Status is how the scan ends, a ScanStatus of ECR. PENDING and IN_PROGRESS
	// never end. Empty is COMPLETE or ACTIVE.
	Status string `json:"status,omitempty"`
	// ScanDelayMS is how many milliseconds a scan takes; nil is the default.
	ScanDelayMS *int64 `json:"scan_delay_ms,omitempty"`
	// Findings are what a scan finds; with Scan none, one that is started later.
	Findings []Finding `json:"findings,omitempty"`
}

// A PushedImage says what Push made.
type PushedImage struct {
	// URI is where a deployment would pull it from, by digest.
	URI    string `json:"uri"`
	Digest string `json:"digest"`
	// Children are the manifests of an index; any other image has none.
	Children []Child `json:"children"`
}

// A Child is one manifest of an index.
type Child struct {
	Digest string `json:"digest"`
	// Platform is unknown/unknown for an attestation.
	Platform    string `json:"platform"`
	Attestation bool   `json:"attestation"`
}

const (
	// maxScanDelay is the longest a scan is told to take (chosen).
	maxScanDelay = 7 * 24 * time.Hour
	// maxPlatforms is more than any image has (chosen).
	maxPlatforms = 20
	// maxNewFindings is the most findings in one push or change (chosen).
	maxNewFindings = 10_000
)

// A problem is a refusal of Push, ChangeFindings or Control.
type problem struct {
	status int // of HTTP
	text   string
}

// Error is a sentence for whoever made the request.
func (p problem) Error() string { return p.text }

func bad(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) error {
	return problem{http.StatusConflict, fmt.Sprintf(format, args...)}
}

// Push puts an image into the registry as a build would, tells EventBridge and
// starts its scan. An error is a sentence that says what is wrong with n.
func (s *Service) Push(n NewImage) (PushedImage, error) {
	platforms, err := s.checkImage(&n)
	if err != nil {
		return PushedImage{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repositories[n.Repository]
	if r == nil {
		if r, err = s.newRepository(n.Repository); err != nil {
			return PushedImage{}, err
		}
	}
	s.pushes++
	parts, err := manifests(fmt.Sprintf("%s:%s %d", n.Repository, n.Tag, s.pushes), platforms, n.Attestations)
	if err != nil {
		return PushedImage{}, err
	}
	if err := s.fits(r, parts, n); err != nil {
		return PushedImage{}, err
	}
	images, err := s.pushMade(r, parts, n.Tag)
	if err != nil {
		return PushedImage{}, err
	}
	for _, im := range images {
		s.tell(im, n)
	}
	return s.pushed(images), nil
}

// manifests makes those of one push, the one with the tag last.
func manifests(seed string, platforms []Platform, attested bool) ([]made, error) {
	var parts []made
	about := map[string]string{}
	for _, p := range platforms {
		m, err := imageManifest(seed, p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, m)
	}
	if attested {
		for _, of := range parts[:len(platforms)] {
			m, err := attestationManifest(of.digest())
			if err != nil {
				return nil, err
			}
			parts = append(parts, m)
			about[m.digest()] = of.digest()
		}
	}
	if len(parts) == 1 {
		return parts, nil
	}
	index, err := indexManifest(parts, about)
	return append(parts, index), err
}

// fits refuses a push that would go beyond the limits or overwrite an immutable
// tag, before anything is stored.
func (s *Service) fits(r *repository, parts []made, n NewImage) error {
	size := 0
	for _, p := range parts {
		size += len(p.text)
	}
	if _, taken := r.tags[n.Tag]; taken && r.mutability == immutable {
		return conflict("The tag %s of %s exists and is immutable.", n.Tag, r.name)
	}
	if s.used.images+len(parts) > maxImages || s.used.manifestBytes+size > maxManifestBytes ||
		s.used.findings+len(n.Findings)*len(parts) > maxFindings {
		return conflict("The registry is full: it holds %d images and %d findings. Delete some with BatchDeleteImage.", s.used.images, s.used.findings)
	}
	return nil
}

// tell gives an image its scan and what the scan finds.
func (s *Service) tell(im *image, n NewImage) {
	engine := cmp.Or(n.Scan, s.settings.engine(im.repository))
	im.scan = scan{engine: engine, outcome: cmp.Or(n.Status, usual(engine)), delay: s.opts.ScanDelay}
	if n.ScanDelayMS != nil {
		im.scan.delay = time.Duration(*n.ScanDelayMS) * time.Millisecond
	}
	if !im.isIndex() && !im.isAttestation() {
		for _, f := range n.Findings {
			if f.Platform == "" || f.Platform == im.platform.String() {
				im.findings = append(im.findings, s.newFinding(im, f))
			}
		}
		s.used.findings += len(im.findings)
	}
	s.beginScan(im)
}

// usual is the status with which a scan of the engine ends.
func usual(engine string) string {
	if engine == engineEnhanced {
		return statusActive
	}
	return statusComplete
}

func (s *Service) pushed(images []*image) PushedImage {
	top := images[len(images)-1]
	p := PushedImage{URI: s.host() + "/" + top.repository.name + "@" + top.digest, Digest: top.digest, Children: []Child{}}
	for _, im := range images[:len(images)-1] {
		p.Children = append(p.Children, Child{Digest: im.digest, Platform: im.platform.String(), Attestation: im.isAttestation()})
	}
	return p
}

// checkImage refuses what makes no image, and puts a finding's name in its
// place. It returns the platforms.
func (s *Service) checkImage(n *NewImage) ([]Platform, error) {
	body, err := json.Marshal(map[string]string{"repositoryName": n.Repository})
	if err != nil {
		return nil, fmt.Errorf("write a repository's name: %w", err)
	}
	if _, err := s.ecr.Input("CreateRepository", body); err != nil {
		return nil, bad("repository %q is not the name of one: lower-case letters and digits, with single separators between them.", clip(n.Repository))
	}
	if n.Tag != "" && !tagPattern.MatchString(n.Tag) {
		return nil, bad("tag %q is not one: letters, digits, dots, dashes and underscores, at most 128.", clip(n.Tag))
	}
	if d := n.ScanDelayMS; d != nil && (*d < 0 || *d > maxScanDelay.Milliseconds()) {
		return nil, bad("scan_delay_ms is not between 0 and %d.", maxScanDelay.Milliseconds())
	}
	if err := s.checkStatus(n.Scan, n.Status); err != nil {
		return nil, err
	}
	platforms, err := checkPlatforms(n.Platforms)
	if err != nil {
		return nil, err
	}
	known := []string{""}
	for _, p := range platforms {
		known = append(known, p.String())
	}
	n.Findings = slices.Clone(n.Findings)
	return platforms, checkFindings(n.Findings, known)
}

func checkPlatforms(texts []string) ([]Platform, error) {
	if len(texts) > maxPlatforms {
		return nil, bad("platforms has %d entries, more than %d.", len(texts), maxPlatforms)
	}
	var all []Platform
	for _, text := range texts {
		p, ok := parsePlatform(text)
		if !ok || slices.Contains(all, p) {
			return nil, bad("platforms: %q is not a platform such as linux/amd64, or is there twice.", clip(text))
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		all = []Platform{defaultPlatform}
	}
	return all, nil
}
