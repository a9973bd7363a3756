package deployment_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEnvironmentsAreComplete: the environments of samconfig.toml do not
// inherit from each other, so a setting that one of them lacks is a default of
// SAM there.
func TestEnvironmentsAreComplete(t *testing.T) {
	t.Parallel()
	environments := settings(read(t, "samconfig.toml"))
	if diff := cmp.Diff([]string{"default", "prod", "staging"}, keys(environments)); diff != "" {
		t.Fatal(diff)
	}
	for name, has := range environments {
		if diff := cmp.Diff(environments["default"], has); diff != "" {
			t.Errorf("default (-) and %s (+) set different things:\n%s", name, diff)
		}
	}
}

// TestParametersOfEnvironmentsExist: SAM drops an override that the template
// does not know, with a warning that nobody reads.
func TestParametersOfEnvironmentsExist(t *testing.T) {
	t.Parallel()
	known, _ := load(t).mapping["Parameters"].(mapping)
	overrides := regexp.MustCompile(`"(\w+)=`).FindAllStringSubmatch(read(t, "samconfig.toml"), -1)
	if len(overrides) == 0 {
		t.Error("samconfig.toml overrides no parameter")
	}
	for _, m := range overrides {
		if known[m[1]] == nil {
			t.Errorf("samconfig.toml sets %s, which template.yaml does not have", m[1])
		}
	}
}

// TestAnIncompleteEnvironmentIsFound proves the comparison.
func TestAnIncompleteEnvironmentIsFound(t *testing.T) {
	t.Parallel()
	spoilt := settings(strings.Replace(read(t, "samconfig.toml"), "\nconfirm_changeset = true", "", 1))
	if cmp.Equal(spoilt["default"], spoilt["prod"]) {
		t.Error("a missing confirm_changeset is not seen")
	}
}

var (
	table      = regexp.MustCompile(`^\[(\w+)\.([\w.]+)\]$`)
	assignment = regexp.MustCompile(`^(\w+) = (.*)$`)
	override   = regexp.MustCompile(`"(\w+)=`)
)

// settings are the settings of each environment, sorted, each with its table;
// parameter_overrides counts parameter by parameter.
func settings(toml string) map[string][]string {
	all := map[string][]string{}
	var environment, command string
	for line := range strings.Lines(toml) {
		line = strings.TrimSpace(line)
		if m := table.FindStringSubmatch(line); m != nil {
			environment, command = m[1], m[2]
			continue
		}
		m := assignment.FindStringSubmatch(line)
		if m == nil || environment == "" {
			continue
		}
		all[environment] = append(all[environment], command+"."+m[1])
		for _, parameter := range override.FindAllStringSubmatch(m[2], -1) {
			all[environment] = append(all[environment], command+"."+m[1]+"."+parameter[1])
		}
	}
	for _, has := range all {
		slices.Sort(has)
	}
	return all
}

// TestTheLocalRunBuildsWhatIsDeployed: the same flags, so that what is tried
// out and measured is what ships.
func TestTheLocalRunBuildsWhatIsDeployed(t *testing.T) {
	t.Parallel()
	deployed := flags(t, read(t, "Makefile"), `(?s)define function.*?go build (.*?)\\`, `"([^"]+)"|(\S+)`)
	local := flags(t, read(t, "internal/local/stack/build.go"), `(?s)var buildFlags = \[\]string\{(.*?)\}`, `"([^"]+)"()`)
	if diff := cmp.Diff(deployed, local); diff != "" {
		t.Errorf("the Makefile (-) and internal/local/stack (+) build with different flags:\n%s", diff)
	}
}

// flags finds the words of a command line, sorted, within what the expression
// where finds.
func flags(t *testing.T, text, where, word string) []string {
	t.Helper()
	line := regexp.MustCompile(where).FindStringSubmatch(text)
	if line == nil {
		t.Fatalf("nothing like %s was found", where)
	}
	var all []string
	for _, m := range regexp.MustCompile(word).FindAllStringSubmatch(line[1], -1) {
		all = append(all, m[1]+m[2])
	}
	slices.Sort(all)
	return all
}
