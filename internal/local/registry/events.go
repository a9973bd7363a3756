package registry

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/local/delivery"
)

// The sources of our events.
const (
	sourceECR       = "aws.ecr"
	sourceInspector = "aws.inspector2"
)

// The detail types of our events.
const (
	imageAction        = "ECR Image Action"
	imageScan          = "ECR Image Scan"
	scanResourceChange = "ECR Scan Resource Change"
	inspectorScan      = "Inspector2 Scan"
	inspectorFinding   = "Inspector2 Finding"
	inspectorCoverage  = "Inspector2 Coverage"
)

// newOutbox sends events to p behind the registry's back; nil drops them.
func newOutbox(p delivery.Publisher, log *slog.Logger) *delivery.Outbox[delivery.Event] {
	send := func(context.Context, delivery.Event) error { return nil }
	if p != nil {
		send = p.Publish
	}
	return delivery.NewOutbox(send, func(e delivery.Event, why error) {
		log.Warn("registry event lost: the bus does not take it", "detail-type", e.DetailType, "resources", e.Resources, "err", why)
	})
}

// emit sends an event. Its id is left to the bus. The details are structs of texts and numbers, which
// always can be written.
func (s *Service) emit(source, detailType string, resources []string, detail any) {
	raw, err := json.Marshal(detail)
	if err != nil {
		s.log.Error("event detail is no JSON", "detail-type", detailType, "err", err)
		return
	}
	err = s.outbox.Put(delivery.Event{Source: source, DetailType: detailType, Time: s.now(), Resources: resources, Detail: raw})
	if err != nil {
		s.log.Warn("registry event lost", "detail-type", detailType, "resources", resources, "err", err)
	}
}

type imageActionDetail struct {
	Result     string `json:"result"`
	Repository string `json:"repository-name"`
	Digest     string `json:"image-digest"`
	Action     string `json:"action-type"`
	Tag        string `json:"image-tag,omitempty"`
}

// emitAction tells that an image was pushed or deleted. A manifest inside an
// index has no tag.
func (s *Service) emitAction(im *image, action, tag string) {
	s.emit(sourceECR, imageAction, []string{}, imageActionDetail{
		Result: "SUCCESS", Repository: im.repository.name, Digest: im.digest, Action: action, Tag: tag,
	})
}

type imageScanDetail struct {
	Status     string         `json:"scan-status"`
	Repository string         `json:"repository-name"`
	Counts     map[string]int `json:"finding-severity-counts"`
	Digest     string         `json:"image-digest"`
	Tags       []string       `json:"image-tags"`
	Version    string         `json:"version,omitempty"`
}

// emitBasicScan tells how a basic scan ended. A failed one has no counts.
func (s *Service) emitBasicScan(im *image) {
	status, counts := "FAILED", map[string]int{}
	if im.scan.status == statusComplete {
		status, counts = statusComplete, im.counts()
	}
	s.emit(sourceECR, imageScan, []string{im.repository.arn}, imageScanDetail{
		Status: status, Repository: im.repository.name, Counts: counts, Digest: im.digest, Tags: im.allTags(),
	})
}

// emitFirstScan tells that Inspector has looked at an image for the first time.
// Here the repository's name is its ARN, and only three severities are counted.
func (s *Service) emitFirstScan(im *image) {
	all := im.counts()
	counts := map[string]int{"TOTAL": 0}
	for severity, n := range all {
		counts["TOTAL"] += n
		if slices.Contains([]string{"CRITICAL", "HIGH", "MEDIUM"}, severity) {
			counts[severity] = n
		}
	}
	s.emit(sourceInspector, inspectorScan, []string{im.repository.arn}, imageScanDetail{
		Status: "INITIAL_SCAN_COMPLETE", Repository: im.repository.arn, Counts: counts,
		Digest: im.digest, Tags: im.allTags(), Version: "1.0",
	})
}

// allTags is never nil, as events have an empty list.
func (im *image) allTags() []string { return append([]string{}, im.tags...) }

type coverageDetail struct {
	ScanStatus struct {
		Reason string `json:"reason"`
		Code   string `json:"statusCodeValue"`
	} `json:"scanStatus"`
	ScanType string `json:"scanType"`
	At       string `json:"eventTimestamp"`
	Version  string `json:"version"`
}

// emitCoverage tells whether Inspector watches an image.
func (s *Service) emitCoverage(im *image) {
	d := coverageDetail{ScanType: "PACKAGE", Version: "1.0", At: s.now().UTC().Format("2006-01-02T15:04:05.000Z")}
	c := im.coverage()
	d.ScanStatus.Reason, d.ScanStatus.Code = c.Reason, c.Code
	s.emit(sourceInspector, inspectorCoverage, []string{im.arn()}, d)
}

type frequencyChange struct {
	Name     string `json:"repository-name"`
	ARN      string `json:"repository-arn"`
	Now      string `json:"scan-frequency"`
	Previous string `json:"previous-scan-frequency"`
}

type scanChangeDetail struct {
	Action       string            `json:"action-type"`
	Repositories []frequencyChange `json:"repositories"`
	ResourceType string            `json:"resource-type"`
	ScanType     string            `json:"scan-type"`
}

// emitFrequencies tells which repositories Inspector looks at more or less often
// from now on; before holds their frequencies until now.
func (s *Service) emitFrequencies(before map[string]string) {
	d := scanChangeDetail{Action: "SCAN_FREQUENCY_CHANGE", ResourceType: "REPOSITORY", ScanType: scanTypeEnhanced}
	var arns []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		r := s.repositories[name]
		now, _ := s.settings.applied(r)
		if now != before[name] {
			d.Repositories = append(d.Repositories, frequencyChange{Name: name, ARN: r.arn, Now: now, Previous: before[name]})
			arns = append(arns, r.arn)
		}
	}
	if len(d.Repositories) > 0 {
		s.emit(sourceECR, scanResourceChange, arns, d)
	}
}

// inspectorTime is how Inspector writes a time in its events.
func inspectorTime(t time.Time) string { return t.UTC().Format("Mon Jan 02 15:04:05.000 MST 2006") }
