package deployment_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// A rule is one thing that must hold for the template. It returns what breaks
// it, each as "logical id: what, and why it matters".
type rule struct {
	name  string
	check func(template) []string
}

var rules = []rule{
	{"functions are described and limited", functionsAreComplete},
	{"functions log where logs end", functionsLog},
	{"functions have roles of their own", functionsHaveRoles},
	{"rules park what they cannot deliver", rulesPark},
	{"dead-letter queues take from our rules only", queuesTakeFromRules},
	{"asynchronous functions park what they cannot handle", functionsPark},
	{"queues are encrypted", queuesAreEncrypted},
	{"queues raise alarms", queuesRaiseAlarms},
	{"queues keep order", queuesKeepOrder},
	{"functions raise alarms", functionsRaiseAlarms},
	{"alarms reach operations", alarmsReachOperations},
	{"batches fail one by one", batchesFailOneByOne},
	{"permissions name what they allow", permissionsAreNarrow},
	{"the table survives", tableSurvives},
	{"the link key survives", keySurvives},
	{"the api is throttled", apiIsThrottled},
	{"the api has the routes that we promise", apiHasRoutes},
	{"access logs hold no token", accessLogsHoldNoToken},
	{"secrets come by reference", secretsComeByReference},
	{"outputs name every handle", outputsNameEveryHandle},
	{"schedules park what they cannot deliver", schedulesPark},
	{"schedules send what is understood", schedulesSpeak},
	{"schedules of ours are out of reach", schedulesAreOutOfReach},
	{"roles are lent narrowly", rolesAreLentNarrowly},
	{"metrics that alarms watch are written", ownMetricsAreWritten},
	{"regions and accounts are named", regionsAndAccountsAreNamed},
	{"the bus takes from named accounts only", busTakesFromNamedAccounts},
	{"buckets keep evidence", bucketsKeepEvidence},
	{"indexes hold keys", indexesHoldKeys},
}

func TestTheTemplateKeepsEveryRule(t *testing.T) {
	t.Parallel()
	whole := load(t)
	if n := len(whole.resources(aFunction)); n < 5 {
		t.Fatalf("only %d functions were read", n)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, finding := range r.check(whole) {
				t.Error("template.yaml: " + finding)
			}
		})
	}
}

// TestEveryRuleFindsAPlantedViolation proves that each rule can fail: a copy
// of the template is spoilt in one place.
func TestEveryRuleFindsAPlantedViolation(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		if !slices.ContainsFunc(plants, func(p plant) bool { return p.rule == r.name }) {
			t.Errorf("no violation is planted for %q", r.name)
		}
	}
	for _, p := range plants {
		t.Run(p.rule+" "+strings.Join(p.path, "."), func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(rules, func(r rule) bool { return r.name == p.rule })
			if i < 0 {
				t.Fatalf("there is no rule %q", p.rule)
			}
			spoilt := load(t)
			p.into(t, spoilt)
			if found := rules[i].check(spoilt); len(found) == 0 || !strings.HasPrefix(found[0], p.want) {
				t.Errorf("found %q, want a finding that begins with %q", found, p.want)
			}
		})
	}
}

// A plant puts a value at a path below Resources, or nothing when it is nil.
type plant struct {
	rule  string
	path  []string
	value any
	want  string
}

func (p plant) into(t *testing.T, whole template) {
	t.Helper()
	path := p.path
	if path[0] != "Outputs" && path[0] != "Parameters" && path[0] != "Globals" {
		path = append([]string{"Resources"}, path...)
	}
	last := len(path) - 1
	switch in := at(whole.mapping, path[:last]...).(type) {
	case mapping:
		if p.value == nil {
			if _, ok := in[path[last]]; !ok {
				t.Fatalf("%v is not there to be removed", path)
			}
			delete(in, path[last])
			return
		}
		in[path[last]] = p.value
	case []any:
		in[number(path[last])] = p.value
	default:
		t.Fatalf("there is no %v", path[:last])
	}
}

// below is a path written as one word: "Table.Properties.BillingMode".
func below(dotted string) []string { return strings.Split(dotted, ".") }

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
