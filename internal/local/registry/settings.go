package registry

import (
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The scan types of a registry and how often a repository is scanned. (Service
// model, ScanType and ScanFrequency.)
const (
	scanTypeBasic      = "BASIC"
	scanTypeEnhanced   = "ENHANCED"
	frequencyOnPush    = "SCAN_ON_PUSH"
	frequencyContinual = "CONTINUOUS_SCAN"
	frequencyManual    = "MANUAL"
)

// scanSettings say which images are scanned and by whom.
type scanSettings struct {
	ScanType string     `json:"scanType"`
	Rules    []scanRule `json:"rules"`
}

type scanRule struct {
	Frequency string       `json:"scanFrequency"`
	Filters   []scanFilter `json:"repositoryFilters"`
}

type scanFilter struct {
	Filter string `json:"filter"`
	Type   string `json:"filterType"`
}

// applied is how often r is scanned, and the filters that say so. Without a
// match enhanced scanning is off, and basic scanning waits for StartImageScan.
func (c scanSettings) applied(r *repository) (string, []scanFilter) {
	for _, rule := range c.Rules {
		for _, f := range rule.Filters {
			if wildcard(f.Filter, r.name) {
				return rule.Frequency, []scanFilter{f}
			}
		}
	}
	if c.ScanType == scanTypeBasic && r.scanOnPush {
		return frequencyOnPush, []scanFilter{}
	}
	return frequencyManual, []scanFilter{}
}

// engine is what scans an image that is pushed to r.
func (c scanSettings) engine(r *repository) string {
	frequency, _ := c.applied(r)
	switch {
	case frequency == frequencyManual:
		return engineNone
	case c.ScanType == scanTypeEnhanced:
		return engineEnhanced
	}
	return engineBasic
}

// wildcard reports whether name matches the filter, in which * stands for any
// text. A filter without one matches every name that contains it. (User guide,
// "Filters to choose which repositories are scanned".)
func wildcard(filter, name string) bool {
	if !strings.Contains(filter, "*") {
		return strings.Contains(name, filter)
	}
	parts := strings.Split(filter, "*")
	rest, ok := strings.CutPrefix(name, parts[0])
	for _, p := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, p)
		rest, ok = after, ok && found
	}
	return ok && strings.HasSuffix(rest, parts[len(parts)-1])
}

type settingsOutput struct {
	RegistryID string       `json:"registryId"`
	Settings   scanSettings `json:"scanningConfiguration"`
}

func (s *Service) registrySettings(struct{}) (settingsOutput, error) {
	return settingsOutput{s.opts.Account, s.settings}, nil
}

type putSettingsOutput struct {
	Settings scanSettings `json:"registryScanningConfiguration"`
}

// putRegistrySettings decides about images that come from now on.
func (s *Service) putRegistrySettings(in scanSettings) (putSettingsOutput, error) {
	if in.ScanType == "" {
		in.ScanType = s.settings.ScanType
	}
	if in.Rules == nil {
		in.Rules = []scanRule{}
	}
	for _, rule := range in.Rules {
		allowed := rule.Frequency == frequencyOnPush || (rule.Frequency == frequencyContinual && in.ScanType == scanTypeEnhanced) ||
			(rule.Frequency == frequencyManual && in.ScanType == scanTypeBasic)
		if !allowed {
			return putSettingsOutput{}, api.Errorf(invalidParameter, "Invalid parameter at 'rules' failed to satisfy constraint: "+
				"the scan frequency %s does not exist for the scan type %s", rule.Frequency, in.ScanType)
		}
	}
	before := map[string]string{}
	for name, r := range s.repositories {
		before[name], _ = s.settings.applied(r)
	}
	s.settings = in
	if in.ScanType == scanTypeEnhanced {
		s.emitFrequencies(before)
	}
	return putSettingsOutput{in}, nil
}

type repositorySettingsInput struct {
	Names []string `json:"repositoryNames"`
}

type repositorySettings struct {
	ARN        string       `json:"repositoryArn"`
	Name       string       `json:"repositoryName"`
	ScanOnPush bool         `json:"scanOnPush"`
	Frequency  string       `json:"scanFrequency"`
	Filters    []scanFilter `json:"appliedScanFilters"`
}

type settingsFailure struct {
	Name   string `json:"repositoryName"`
	Code   string `json:"failureCode"`
	Reason string `json:"failureReason"`
}

type repositorySettingsOutput struct {
	Settings []repositorySettings `json:"scanningConfigurations"`
	Failures []settingsFailure    `json:"failures"`
}

func (s *Service) repositorySettings(in repositorySettingsInput) (repositorySettingsOutput, error) {
	out := repositorySettingsOutput{Settings: []repositorySettings{}, Failures: []settingsFailure{}}
	for _, name := range in.Names {
		r, err := s.repository("", name)
		if err != nil {
			out.Failures = append(out.Failures, settingsFailure{name, "REPOSITORY_NOT_FOUND", "The repository does not exist"})
			continue
		}
		frequency, filters := s.settings.applied(r)
		out.Settings = append(out.Settings, repositorySettings{
			ARN: r.arn, Name: name, ScanOnPush: frequency != frequencyManual, Frequency: frequency, Filters: filters,
		})
	}
	return out, nil
}

type putScanningInput struct {
	RegistryID string                `json:"registryId"`
	Repository string                `json:"repositoryName"`
	Scanning   scanningConfiguration `json:"imageScanningConfiguration"`
}

type putScanningOutput struct {
	RegistryID string                `json:"registryId"`
	Repository string                `json:"repositoryName"`
	Scanning   scanningConfiguration `json:"imageScanningConfiguration"`
}

// putScanning is the older way to have one repository scanned on push.
func (s *Service) putScanning(in putScanningInput) (putScanningOutput, error) {
	r, err := s.repository(in.RegistryID, in.Repository)
	if err != nil {
		return putScanningOutput{}, err
	}
	r.scanOnPush = in.Scanning.ScanOnPush
	return putScanningOutput{s.opts.Account, r.name, in.Scanning}, nil
}
