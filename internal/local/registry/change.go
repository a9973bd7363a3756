package registry

import (
	"net/http"
	"slices"
)

// A FindingsChange tells what is new about an image, as when a vulnerability is
// published after the release.
type FindingsChange struct {
	Add []Finding `json:"add,omitempty"`
	// Close names findings that are gone.
	Close []string `json:"close,omitempty"`
	// Status, when set, is what the scan says from now on: it ends one that hangs.
	Status string `json:"status,omitempty"`
}

// A ChangedImage says what ChangeFindings did to one image.
type ChangedImage struct {
	Digest string `json:"digest"`
	Added  int    `json:"added"`
	Closed int    `json:"closed"`
	// Shown reports whether clients see it now. If not, the next scan shows it.
	Shown bool `json:"shown"`
}

// ChangeFindings changes what is known about an image, which ref names by digest
// or tag. For an index it changes the images in it. Inspector tells EventBridge
// at once; basic scanning finds out in its next scan.
func (s *Service) ChangeFindings(repository, ref string, c FindingsChange) ([]ChangedImage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	im, err := s.named(repository, ref)
	if err != nil {
		return nil, err
	}
	targets := im.children()
	known := []string{""}
	for _, t := range targets {
		known = append(known, t.platform.String())
	}
	c.Add = slices.Clone(c.Add)
	if err := checkFindings(c.Add, known); err != nil {
		return nil, err
	}
	for _, t := range targets {
		if err := s.mayChange(t, c); err != nil {
			return nil, err
		}
	}
	if err := allOpen(targets, c.Close); err != nil {
		return nil, err
	}
	changed := []ChangedImage{}
	for _, t := range targets {
		changed = append(changed, s.change(t, c))
	}
	return changed, nil
}

// named finds an image by digest or tag.
func (s *Service) named(repository, ref string) (*image, error) {
	r := s.repositories[repository]
	if r == nil {
		return nil, problem{http.StatusNotFound, "There is no repository " + clip(repository) + "."}
	}
	for _, id := range []imageID{{Digest: ref}, {Tag: ref}} {
		if im := r.find(id); im != nil && ref != "" {
			return im, nil
		}
	}
	return nil, problem{http.StatusNotFound, "There is no image " + clip(ref) + " in " + r.name + "."}
}

func (s *Service) mayChange(im *image, c FindingsChange) error {
	if im.isAttestation() {
		return conflict("The image is an attestation, in which nothing is found.")
	}
	if c.Status != "" {
		if im.scan.engine == engineNone {
			return conflict("Nothing scans this image: it has no status.")
		}
		if err := s.checkStatus(im.scan.engine, c.Status); err != nil {
			return err
		}
	}
	if im.scan.engine == engineEnhanced && c.Status == "" && im.scan.status != "" && im.coverage().Code != "ACTIVE" {
		return conflict("Inspector does not watch this image: its status is %s.", im.scan.status)
	}
	if len(im.findings)+len(c.Add) > maxImageFindings || s.used.findings+len(c.Add) > maxFindings {
		return conflict("The image has %d findings and the registry %d: there is no room for %d more.", len(im.findings), s.used.findings, len(c.Add))
	}
	return nil
}

// allOpen refuses to close what is not open in any of the images.
func allOpen(images []*image, names []string) error {
	for _, name := range names {
		open := slices.ContainsFunc(images, func(im *image) bool {
			return slices.ContainsFunc(im.findings, func(f *finding) bool { return f.Name == name && !f.isClosed() })
		})
		if !open {
			return problem{http.StatusNotFound, "There is no open finding " + clip(name) + " in this image."}
		}
	}
	return nil
}

func (s *Service) change(im *image, c FindingsChange) ChangedImage {
	live := im.scan.engine == engineEnhanced && im.scan.hasResult()
	out := ChangedImage{Digest: im.digest, Shown: live}
	before := len(im.findings)
	out.Closed = s.closeFindings(im, c.Close, live)
	for _, f := range c.Add {
		if f.Platform == "" || f.Platform == im.platform.String() {
			s.addFinding(im, f, live)
			out.Added++
		}
	}
	s.used.findings += len(im.findings) - before
	if c.Status != "" {
		s.setStatus(im, c.Status)
		out.Shown = im.scan.hasResult()
	}
	return out
}

// addFinding adds a finding or replaces the one about the same thing. It never
// changes a finding in place: the result of a basic scan still has it as it was.
func (s *Service) addFinding(im *image, f Finding, live bool) {
	n := s.newFinding(im, f)
	at := slices.IndexFunc(im.findings, func(o *finding) bool { return o.arn == n.arn })
	if at < 0 {
		im.findings = append(im.findings, n)
	} else {
		n.firstSeen = im.findings[at].firstSeen
		im.findings[at] = n
	}
	if live {
		n.updated = s.now()
		im.observe(s.now())
		s.emitFinding(im, n)
	}
}

// closeFindings closes the open findings of those names and counts them. What no
// engine has told anybody just goes.
func (s *Service) closeFindings(im *image, names []string, live bool) int {
	n := 0
	kept := im.findings[:0:0]
	for _, f := range im.findings {
		if f.isClosed() || !slices.Contains(names, f.Name) {
			kept = append(kept, f)
			continue
		}
		n++
		if !live {
			continue
		}
		gone := *f
		gone.status, gone.updated = findingClosed, s.now()
		kept = append(kept, &gone)
		s.emitFinding(im, &gone)
	}
	im.findings = kept
	return n
}

// setStatus has the scan say status from now on. The first result comes with all
// its events, later changes with that of the coverage.
func (s *Service) setStatus(im *image, status string) {
	im.stopScan()
	c := &im.scan
	first := c.completedAt.IsZero()
	c.status, c.outcome = status, status
	switch {
	case c.isHanging():
		return
	case first || c.engine == engineBasic:
		s.endScan(im)
	default:
		im.archived = status == statusArchived
		s.emitCoverage(im)
	}
}
