package people_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/people"
)

const (
	sts  = "arn:aws:sts::" + account + ":"
	iam  = "arn:aws:iam::" + account + ":"
	sso  = sts + "assumed-role/AWSReservedSSO_Admin_0123456789abcdef/"
	push = "arn:aws:codestar-connections:eu-west-1:" + account + ":connection/5d1c2b3a"
	rule = "arn:aws:events:eu-west-1:" + account + ":rule/dana"
	hook = "arn:aws:codepipeline:eu-west-1:" + account + ":webhook:dana"
)

func TestStarters(t *testing.T) {
	t.Parallel()
	const call = "StartPipelineExecution"
	tests := []struct {
		name, by, trigger string
		kind              people.StarterKind
		person            string
		resembles         []string
	}{
		{"session in the directory", sts + "assumed-role/Developer/dana", call, people.Human, "dana", nil},
		{"the same in another account", "arn:aws:sts::999999999999:assumed-role/Developer/dana", call, people.Unknown, "", []string{"dana"}},
		{"the same in another partition", "arn:aws-cn:sts::" + account + ":assumed-role/Developer/dana", call, people.Unknown, "", []string{"dana"}},
		{"session name alone", "arn:aws-cn:sts::999999999999:assumed-role/Any/Lee.Okafor", call, people.Human, "lee", nil},
		{"a role of one's own", sts + "assumed-role/LeesOwn/botocore-session-1", call, people.Human, "lee", nil},
		{"Identity Center by e-mail", sso + "Dana@example.com", call, people.Human, "dana", nil},
		{"Identity Center by pattern", sso + "priya", call, people.Human, "priya", nil},
		{"Identity Center, look-alike", sso + "1ee@example.com", call, people.Unknown, "", []string{"lee"}},
		{"Identity Center, a stranger", sso + "sam@example.com", call, people.Unknown, "", nil},
		{"no role of Identity Center", sts + "assumed-role/AWSReservedSSO_Admin_0123/lee@example.com", call, people.Unknown, "", []string{"lee"}},
		{"session that claims to be somebody", sts + "assumed-role/Developer/lee@example.com", call, people.Unknown, "", []string{"lee"}},
		{"IAM user in the directory", iam + "user/ops/priya.raman", call, people.Human, "priya", nil},
		{"IAM user with another path", iam + "user/priya.raman", call, people.Unknown, "", []string{"priya"}},
		{"IAM user by e-mail", iam + "user/lee@example.com", call, people.Human, "lee", nil},
		{"IAM user who is a stranger", iam + "user/sam", call, people.Unknown, "", nil},
		{"federated user", sts + "federated-user/lee@example.com", call, people.Unknown, "", []string{"lee"}},
		{"root user", iam + "root", call, people.Unknown, "", nil},
		{"role without a session", sts + "assumed-role/Developer", call, people.Unknown, "", nil},
		{"service role", iam + "role/service-role/AWSCodePipelineServiceRole", call, people.Unknown, "", nil},
		{"software in a session", sts + "assumed-role/Developer/aws-sdk-js-1700000000000", call, people.Unknown, "", nil},
		{"an instance", sts + "assumed-role/Build/i-0123456789abcdef0", call, people.Unknown, "", nil},
		{"configured role", sts + "assumed-role/ReleaseScheduler/0f1e2d3c", call, people.Machine, "", nil},
		{"configured role, any session", sts + "assumed-role/Deployer/dana", call, people.Machine, "", nil},
		{"configured user", iam + "user/jenkins", call, people.Machine, "", nil},
		{"configured role elsewhere", "arn:aws:sts::999999999999:assumed-role/Deployer/x", call, people.Unknown, "", nil},
		{"nothing said", "", call, people.Unknown, "", nil},
		{"nothing said at all", "", "", people.Unknown, "", nil},
		{"no ARN", "lee", call, people.Unknown, "", []string{"lee"}},
		{"creation", iam + "user/lee@example.com", "CreatePipeline", people.Human, "lee", nil},
		{"creation by nobody known", "", "CreatePipeline", people.Unknown, "", nil},
		{"manual rollback", sts + "assumed-role/Developer/dana", "ManualRollback", people.Human, "dana", nil},
		{"manual rollback, nothing said", "", "ManualRollback", people.Unknown, "", nil},
		{"new revision", "", "PutActionRevision", people.Unknown, "", nil},
		{"automatic rollback", "", "AutomatedRollback", people.Machine, "", nil},
		{"automatic rollback, opaque", `{"a":"b"}`, "AutomatedRollback", people.Machine, "", nil},
		{"automatic rollback as the service", sts + "assumed-role/Service/1", "AutomatedRollback", people.Machine, "", nil},
		{"poll", "", "PollForSourceChanges", people.Machine, "", nil},
		{"push", push, "Webhook", people.Machine, "", nil},
		{"push of a V2 pipeline", push, "WebhookV2", people.Machine, "", nil},
		{"webhook", hook, "Webhook", people.Machine, "", nil},
		{"webhook as a person", sts + "assumed-role/Developer/dana", "Webhook", people.Human, "dana", nil},
		{"webhook as somebody", sts + "assumed-role/Developer/sam", "Webhook", people.Unknown, "", nil},
		{"rule", rule, "CloudWatchEvent", people.Machine, "", nil},
		{"rule of an unsaid type", rule, "", people.Machine, "", nil},
		{"push of an unsaid type", push, "", people.Machine, "", nil},
		{"rule that calls", rule, call, people.Unknown, "", nil},
		{"a trigger of later years", rule, "Telepathy", people.Unknown, "", nil},
	}
	index := office().Index()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := index.Starter(tt.by, tt.trigger)
			if got.Kind != tt.kind || got.Person.ID != tt.person {
				t.Errorf("Starter(%q, %s) = %s %q; want %s %q", tt.by, tt.trigger, got.Kind, got.Person.ID, tt.kind, tt.person)
			}
			if diff := cmp.Diff(tt.resembles, ids(got.Resembles)); diff != "" {
				t.Errorf("resembles (-want +got):\n%s", diff)
			}
			if tt.by != "" && got.Said != tt.by || tt.by == "" && got.Said != tt.trigger {
				t.Errorf("said %q", got.Said)
			}
		})
	}
}

func TestAPrincipalOfTwoPeopleKeepsBothOut(t *testing.T) {
	t.Parallel()
	d := office()
	d.Members[1].IAM = []string{sts + "assumed-role/*/dana"}
	got := d.Index().Starter(sts+"assumed-role/Developer/dana", "StartPipelineExecution")
	if got.Kind != people.Human || got.Person.ID != "dana" || !cmp.Equal(ids(got.Resembles), []string{"lee"}) {
		t.Errorf("got %+v", got)
	}
}

// TestAPatternThatIsRefusedMatchesNothing guards a configuration that nobody
// has checked.
func TestAPatternThatIsRefusedMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, wide := range []string{"*", "arn:aws:sts::*:assumed-role/*", sts + "assumed-role/*/*", iam + "user/*", iam + "root"} {
		d := people.Directory{
			Members:  []people.Member{{Person: people.Person{ID: "eve"}, IAM: []string{wide}}},
			Machines: []string{wide},
		}
		for _, by := range []string{sts + "assumed-role/Developer/sam", iam + "user/sam", iam + "root"} {
			if got := d.Index().Starter(by, "StartPipelineExecution"); got.Kind != people.Unknown {
				t.Errorf("with %q, %q is %s", wide, by, got.Kind)
			}
		}
	}
}

// TestStartersOfEverySample asks about each trigger in the recorded events.
func TestStartersOfEverySample(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../events/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples found (err %v)", err)
	}
	want := map[string]people.StarterKind{
		sts + "assumed-role/Developer/dana":                         people.Human,
		push[:len(push)-8] + "5d1c2b3a-4f5e-4d6c-8b7a-9f0e1d2c3b4a": people.Machine,
		`{"example":"opaque text"}`:                                 people.Machine,
	}
	seen := map[string]bool{}
	index := office().Index()
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			continue // samples of broken events
		}
		walk(v, func(by, trigger string) {
			seen[by] = true
			if got := index.Starter(by, trigger); got.Kind != want[by] {
				t.Errorf("%s: Starter(%q, %s) is %s, want %s", file, by, trigger, got.Kind, want[by])
			}
		})
	}
	if len(seen) < len(want) {
		t.Errorf("saw only %v", seen)
	}
}

// walk calls ask for every trigger in v.
func walk(v any, ask func(by, trigger string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, names := range [][2]string{{"trigger-detail", "trigger-type"}, {"triggerDetail", "triggerType"}} {
			by, ok := v[names[0]].(string)
			trigger, ok2 := v[names[1]].(string)
			if ok && ok2 {
				ask(by, trigger)
			}
		}
		for _, inner := range v {
			walk(inner, ask)
		}
	case []any:
		for _, inner := range v {
			walk(inner, ask)
		}
	}
}
