package registry

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// A Finding is one vulnerability of one package, as whoever pushes an image
// tells it. Which of its members a client gets to see depends on the engine.
type Finding struct {
	// Name is the public id, such as CVE-2026-0001. CVE is another word for it.
	Name string `json:"name,omitempty"`
	CVE  string `json:"cve,omitempty"`
	// Severity is CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, or what an engine
	// says when it does not know: UNDEFINED or UNTRIAGED, either for both.
	Severity string `json:"severity"`
	Package  string `json:"package"`
	Version  string `json:"version"`
	// FixedIn is the first version without it; empty when there is no fix.
	FixedIn string `json:"fixed_in,omitempty"`
	// Exploit says that one is known, and EPSS, from 0 to 1, how probable it is
	// that it is used.
	Exploit bool     `json:"exploit,omitempty"`
	EPSS    *float64 `json:"epss,omitempty"`
	// Score is the CVSS base score; nil is one that fits the severity.
	Score *float64 `json:"score,omitempty"`
	// Path is the file that the package was found in.
	Path string `json:"path,omitempty"`
	// Type is the package manager, such as OS or NPM; empty is OS.
	Type        string `json:"type,omitempty"`
	Description string `json:"description,omitempty"`
	// KnownSince is when the vendor made it public.
	KnownSince *time.Time `json:"known_since,omitempty"`
	// Suppressed is a finding that a rule in Inspector hides.
	Suppressed bool `json:"suppressed,omitempty"`
	// Platform is the only one of a multi-platform image that has it, such as
	// linux/arm64; empty is all.
	Platform string `json:"platform,omitempty"`
}

// The status of a finding. (Inspector's service model, FindingStatus.)
const (
	findingActive     = "ACTIVE"
	findingSuppressed = "SUPPRESSED"
	findingClosed     = "CLOSED"
)

// A finding is a Finding in one image, with its history.
type finding struct {
	Finding
	arn    string
	status string
	// firstSeen is zero until an engine has looked.
	firstSeen, lastSeen, updated time.Time
}

func (f *finding) isClosed() bool { return f.status == findingClosed }

// newFinding is f as the image im has it. Inspector names a finding by what it
// is about, so that one that comes back keeps its name.
func (s *Service) newFinding(im *image, f Finding) *finding {
	sum := sha256.Sum256([]byte(strings.Join([]string{im.arn(), f.key()}, "\x00")))
	n := &finding{
		Finding: f,
		arn:     "arn:aws:inspector2:" + s.opts.Region + ":" + s.opts.Account + ":finding/" + hex.EncodeToString(sum[:16]),
	}
	n.open()
	return n
}

// open makes a finding one that counts, unless it is suppressed.
func (f *finding) open() {
	f.status = findingActive
	if f.Suppressed {
		f.status = findingSuppressed
	}
}

// key tells one finding of an image from another.
func (f Finding) key() string {
	return strings.Join([]string{f.Name, f.Package, f.Version, f.Path}, "\x00")
}

// observe notes that an engine has looked at im.
func (im *image) observe(now time.Time) {
	for _, f := range im.findings {
		if f.firstSeen.IsZero() {
			f.firstSeen, f.updated = now, now
		}
		if !f.isClosed() {
			f.lastSeen = now
		}
	}
}

// open are the findings that im has now.
func (im *image) open() []*finding {
	all := []*finding{}
	for _, f := range im.findings {
		if !f.isClosed() {
			all = append(all, f)
		}
	}
	return all
}

// shown are the findings that the engine of im answers with.
func (im *image) shown() []*finding {
	switch {
	case !im.scan.hasResult():
		return nil
	case im.scan.engine == engineBasic:
		return im.scan.result
	}
	return im.open()
}

// counts are the numbers of findings by severity, in the words of the engine.
func (im *image) counts() map[string]int {
	all := map[string]int{}
	for _, f := range im.shown() {
		all[f.severity(im.scan.engine)]++
	}
	return all
}

// The words of the two engines for a severity that they do not know.
const (
	undefined = "UNDEFINED"
	untriaged = "UNTRIAGED"
)

// baseScores are CVSS base scores that fit the severities (CVSS 3.1, table 14).
var baseScores = map[string]float64{"CRITICAL": 9.8, "HIGH": 7.5, "MEDIUM": 5.3, "LOW": 3.1, "INFORMATIONAL": 0, undefined: 0, untriaged: 0}

// severity is the word of an engine for it.
func (f Finding) severity(engine string) string {
	switch {
	case f.Severity == untriaged && engine == engineBasic:
		return undefined
	case f.Severity == undefined && engine == engineEnhanced:
		return untriaged
	}
	return f.Severity
}

func (f Finding) score() float64 {
	if f.Score != nil {
		return *f.Score
	}
	return baseScores[f.Severity]
}

func (f Finding) description() string {
	return cmp.Or(f.Description, "A vulnerability in "+f.Package+" "+f.Version+".")
}

// url is where a client reads more; names that are no CVE get one, too.
func (f Finding) url() string { return "https://nvd.nist.gov/vuln/detail/" + f.Name }
