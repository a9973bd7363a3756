package registry

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// The engines that scan an image.
const (
	engineNone     = "none"
	engineBasic    = "basic"
	engineEnhanced = "enhanced"
)

// The statuses of a scan that we treat by name. (Service model, ScanStatus.)
const (
	statusPending     = "PENDING"
	statusInProgress  = "IN_PROGRESS"
	statusComplete    = "COMPLETE"
	statusActive      = "ACTIVE"
	statusFailed      = "FAILED"
	statusUnsupported = "UNSUPPORTED_IMAGE"
	statusExpired     = "SCAN_ELIGIBILITY_EXPIRED"
	statusUnavailable = "FINDINGS_UNAVAILABLE"
	statusLimit       = "LIMIT_EXCEEDED"
	statusArchived    = "IMAGE_ARCHIVED"
)

// descriptions are what imageScanStatus says beside each status. Those of
// COMPLETE, ACTIVE and FAILED were captured; the others are ours.
var descriptions = map[string]string{
	statusPending:     "The image is waiting to be scanned.",
	statusInProgress:  "The scan is in progress.",
	statusComplete:    "The scan was completed successfully.",
	statusActive:      "Continuous scan is selected for image.",
	statusFailed:      "UnsupportedImageError: The operating system and/or package manager are not supported.",
	statusUnsupported: "The image is not supported for scanning.",
	statusExpired:     "The image is no longer eligible for scanning.",
	statusUnavailable: "The findings of the image are not available.",
	statusLimit:       "The scan quota of the registry has been exceeded.",
	statusArchived:    "The image is archived.",
}

// rescanAfter is how long an image waits for its next basic scan; the scan on
// push counts. (User guide, "Scan images for OS vulnerabilities".)
const rescanAfter = 24 * time.Hour

// A scan is what one engine knows about an image.
type scan struct {
	engine string
	// outcome is the status with which a scan ends, and delay how long it takes.
	outcome string
	delay   time.Duration
	// status is empty before there is a scan.
	status    string
	startedAt time.Time
	// completedAt is when the result came; zero without one.
	completedAt time.Time
	// result is what a basic scan found. Inspector's findings live on: they are
	// the image's.
	result []*finding
	timer  clock.Timer
}

// hasResult reports whether there is anything to judge.
func (c *scan) hasResult() bool {
	return !c.completedAt.IsZero() && (c.status == statusComplete || c.status == statusActive)
}

func (im *image) stopScan() {
	if im.scan.timer != nil {
		im.scan.timer.Stop()
		im.scan.timer = nil
	}
}

// scanOnPush begins a scan of a new image by the registry's settings.
func (s *Service) scanOnPush(im *image) {
	im.scan = scan{engine: s.settings.engine(im.repository), delay: s.opts.ScanDelay}
	im.scan.outcome = statusComplete
	if im.scan.engine == engineEnhanced {
		im.scan.outcome = statusActive
	}
	s.beginScan(im)
}

// A step is one change of a scan's status, some time after the one before.
type step struct {
	after  time.Duration
	status string
	run    func(*image)
}

// beginScan runs the scan that a push starts. Images that an engine cannot scan
// end as that engine has it.
func (s *Service) beginScan(im *image) {
	c := &im.scan
	switch {
	case c.engine == engineNone, c.engine == engineBasic && im.isIndex():
		return
	case im.isIndex(), im.isAttestation() && c.engine == engineEnhanced:
		c.outcome = statusUnsupported
	case im.isAttestation():
		c.outcome = statusFailed
	}
	c.startedAt = s.now()
	quarter := c.delay / 4
	steps := []step{
		{quarter, statusPending, s.pending},
		{quarter, statusInProgress, nil},
		{c.delay - 2*quarter, c.outcome, s.endScan},
	}
	if s.opts.Strict && c.outcome == statusActive {
		steps[2] = step{quarter, statusActive, nil}
		steps = append(steps, step{c.delay - 3*quarter, statusActive, s.endScan})
	}
	s.schedule(im, steps)
}

// schedule makes the first step when its time has come, and then the others. A
// step whose status is the outcome is the last: a scan may be told to hang.
func (s *Service) schedule(im *image, steps []step) {
	if len(steps) == 0 || s.closed {
		return
	}
	next := steps[0]
	var timer clock.Timer
	timer = s.opts.Clock.AfterFunc(next.after, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if im.scan.timer != timer { // the image went, or was told another status
			return
		}
		im.scan.timer = nil
		im.scan.status = next.status
		if next.run != nil {
			next.run(im)
		}
		if next.status == im.scan.outcome && im.scan.isHanging() {
			return
		}
		s.schedule(im, steps[1:])
	})
	im.scan.timer = timer
}

// isHanging reports whether the scan was told never to end.
func (c *scan) isHanging() bool { return c.outcome == statusPending || c.outcome == statusInProgress }

func (s *Service) pending(im *image) {
	if im.scan.engine == engineEnhanced {
		s.emitCoverage(im)
	}
}

// endScan makes the result and tells EventBridge.
func (s *Service) endScan(im *image) {
	c := &im.scan
	im.archived = im.archived || c.status == statusArchived
	if c.status == statusComplete || c.status == statusActive {
		c.completedAt = s.now()
		im.observe(s.now())
	}
	if c.engine == engineBasic {
		s.endBasicScan(im)
		return
	}
	s.emitCoverage(im)
	if c.status != statusActive {
		return
	}
	s.emitFirstScan(im)
	for _, f := range im.findings {
		s.emitFinding(im, f)
	}
}

func (s *Service) endBasicScan(im *image) {
	switch im.scan.status {
	case statusComplete:
		im.scan.result = im.open()
		s.emitBasicScan(im)
	case statusFailed, statusUnsupported:
		im.scan.result = nil
		s.emitBasicScan(im)
	}
}
