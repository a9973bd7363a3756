package registry

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type scanInput struct {
	RegistryID string  `json:"registryId"`
	Repository string  `json:"repositoryName"`
	ID         imageID `json:"imageId"`
}

type scanOutput struct {
	RegistryID string      `json:"registryId"`
	Repository string      `json:"repositoryName"`
	ID         imageID     `json:"imageId"`
	Status     *scanStatus `json:"imageScanStatus"`
}

// startScan starts a basic scan by hand: at most one a day, and the scan on push
// counts.
func (s *Service) startScan(in scanInput) (scanOutput, error) {
	im, err := s.image(in.RegistryID, in.Repository, in.ID)
	if err != nil {
		return scanOutput{}, err
	}
	if err := s.mayScan(im); err != nil {
		return scanOutput{}, err
	}
	im.stopScan()
	c := &im.scan
	c.engine, c.status, c.startedAt = engineBasic, statusInProgress, s.now()
	if im.isAttestation() {
		c.outcome = statusFailed
	}
	if c.outcome != statusInProgress {
		s.schedule(im, []step{{c.delay, c.outcome, s.endScan}})
	}
	return scanOutput{
		RegistryID: s.opts.Account, Repository: im.repository.name,
		ID: imageID{Digest: im.digest, Tag: in.ID.Tag}, Status: im.scanStatus(),
	}, nil
}

func (s *Service) mayScan(im *image) error {
	c := im.scan
	switch {
	case c.engine == engineEnhanced, c.engine == engineNone && s.settings.ScanType == scanTypeEnhanced:
		return api.Errorf(api.Validation, "This feature is disabled")
	case im.archived:
		return api.Errorf(imageArchived, "The image with digest '%s' is archived", im.digest)
	case im.isIndex():
		return api.Errorf(unsupportedImage, "An artifact with media type '%s' cannot be scanned. For more information, see the Amazon ECR documentation.", im.mediaType)
	case !c.startedAt.IsZero() && s.now().Sub(c.startedAt) < rescanAfter:
		return api.Errorf(limitExceeded, "The scan quota per image has been exceeded. Wait and try again.")
	}
	return nil
}
