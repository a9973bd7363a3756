package registry

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// maxText is the longest text of a finding's member, maxDescription that of its
// description. (Service models: AttributeValue and FindingDescription.)
const (
	maxText        = 256
	maxDescription = 1024
	// maxName is the longest public id. (Service model, VulnerabilityId.)
	maxName = 128
)

// packageManagers are Inspector's. (Service model, PackageManager.)
var packageManagers = []string{
	"", "BUNDLER", "CARGO", "COMPOSER", "NPM", "NUGET", "PIPENV", "POETRY", "YARN", "GOBINARY", "GOMOD", "JAR", osPackages,
	"PIP", "PYTHONPKG", "NODEPKG", "POM", "GEMSPEC", "DOTNET_CORE",
}

// checkFindings refuses findings that no engine would tell, and puts their names
// in their places.
func checkFindings(all []Finding, platforms []string) error {
	if len(all) > maxNewFindings {
		return bad("There are %d findings, more than the %d that are taken at once.", len(all), maxNewFindings)
	}
	seen := make(map[string]bool, len(all))
	for i := range all {
		f := &all[i]
		if f.Name != "" && f.CVE != "" && f.Name != f.CVE {
			return bad("findings[%d] has a name and another cve.", i)
		}
		f.Name, f.CVE = cmp.Or(f.Name, f.CVE), ""
		if err := f.check(i, platforms); err != nil {
			return err
		}
		key := f.Platform + "\x00" + f.key()
		if seen[key] {
			return bad("findings[%d] is there twice: %s in %s %s.", i, f.Name, f.Package, f.Version)
		}
		seen[key] = true
	}
	return nil
}

func (f *Finding) check(i int, platforms []string) error {
	if err := f.checkTexts(i); err != nil {
		return err
	}
	_, known := baseScores[f.Severity]
	switch {
	case !known:
		return bad("findings[%d].severity %q is not CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED or UNTRIAGED.", i, clip(f.Severity))
	case !slices.Contains(packageManagers, f.Type):
		return bad("findings[%d].type %q is no package manager of Inspector, such as OS, NPM or GOMOD.", i, clip(f.Type))
	case !slices.Contains(platforms, f.Platform):
		return bad("findings[%d].platform %q is none of the image's.", i, clip(f.Platform))
	case f.EPSS != nil && (*f.EPSS < 0 || *f.EPSS > 1):
		return bad("findings[%d].epss is not between 0 and 1.", i)
	case f.Score != nil && (*f.Score < 0 || *f.Score > 10):
		return bad("findings[%d].score is not between 0 and 10.", i)
	}
	return nil
}

func (f *Finding) checkTexts(i int) error {
	texts := []struct {
		member, text string
		least, most  int
	}{
		{"name", f.Name, 1, maxName},
		{"package", f.Package, 1, maxText},
		{"version", f.Version, 1, maxText},
		{"fixed_in", f.FixedIn, 0, maxText},
		{"path", f.Path, 0, maxText},
		{"description", f.Description, 0, maxDescription},
	}
	for _, t := range texts {
		if n := utf8.RuneCountInString(t.text); n < t.least || n > t.most {
			return bad("findings[%d].%s has %d characters instead of %d to %d.", i, t.member, n, t.least, t.most)
		}
	}
	return nil
}

// checkStatus refuses a status that scans of the engine do not have.
func (s *Service) checkStatus(engine, status string) error {
	if !slices.Contains([]string{"", engineBasic, engineEnhanced, engineNone}, engine) {
		return bad("scan %q is not basic, enhanced or none.", clip(engine))
	}
	if status == "" {
		return nil
	}
	if _, ok := descriptions[status]; !ok {
		return bad("status %q is not a ScanStatus of ECR, such as COMPLETE, ACTIVE or FAILED.", clip(status))
	}
	switch {
	case engine == "":
		return bad("status needs scan, as the two engines have different ones.")
	case engine == engineEnhanced && status == statusComplete:
		return bad("An enhanced scan never says COMPLETE: ACTIVE is its word for a scanned image.")
	case engine != engineEnhanced && (status == statusActive || status == statusExpired):
		return bad("Only an enhanced scan says %s.", status)
	}
	return nil
}
