package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
	"github.com/signalbox/signalbox/internal/local"
	"github.com/signalbox/signalbox/internal/people"
)

// patience is how long a test waits for something that takes two seconds on an
// idle machine.
const patience = 60 * time.Second

// The people of the tests, beside those of the demo. Slack knows the last
// three as a guest, a bot and somebody who has left.
var (
	ada  = people.Person{ID: "ada", Name: "Ada Quist", Email: "ada@example.com", Slack: "U0ADA000020"}
	bo   = people.Person{ID: "bo", Name: "Bo Larsen", Email: "bo@example.com", Slack: "U0BO0000021"}
	cleo = people.Person{ID: "cleo", Name: "Cleo Bystander", Email: "cleo@example.com", Slack: "U0CLEO00022"}

	guest = people.Person{ID: "gita", Name: "Gita Guest", Email: "gita@example.com", Slack: "U0GUEST0010"}
	bot   = people.Person{ID: "deploybot", Name: "Deploy Bot", Email: "bot@example.com", Slack: "U0BOT000011"}
	gone  = people.Person{ID: "gone", Name: "Gone Colleague", Email: "gone@example.com", Slack: "U0GONE00012"}

	// stranger lives in Slack and is in no configuration.
	stranger = people.Person{ID: "sam", Name: "Sam Stranger", Slack: "U0SAM000009"}
)

// Where the tests' approvals are asked, and where those without a rule are.
const (
	testChannel    = "C0TESTS"
	defaultChannel = "C0RELEASES"
)

// The names of pipelines begin with the name of the rule that matches them.
const (
	ruled    = "ruled"    // Ada or Bo may answer
	accounts = "accounts" // Ada, and accounts that may never answer
	unmanned = "unmanned" // a rule without approvers
	unruled  = "unruled"  // no rule at all

	circled = "circled" // one of a Slack user group, and one of Ada and Bo
	grouped = "grouped" // one of a Slack user group that goes away
	nightly = "nightly" // Ada, and only in the hours that begin in three hours
	hasty   = "hasty"   // Ada, within an hour
	risky   = "risky"   // Ada through her link, or Bo by breaking the glass

	built  = "built"  // Ada or Bo, after a build; shown on a card
	carded = "carded" // Ada or Bo; shown on a card
	silent = "silent" // Ada or Bo; shown in a channel that is out of order
)

// Slack user groups of the local world.
const (
	opsGroup   = "S0OPS000002" // Priya
	emptyGroup = "S0EMPTY0003"
)

func rules() approval.Policies {
	rule := func(name string, approvers ...people.Person) approval.Rule {
		return approval.Rule{
			Name: name + " rule", Match: approval.Match{Pipelines: []string{name + "-*"}},
			Environment: "production", Channel: testChannel, Quorums: []approval.Quorum{{Need: 1, People: approvers}},
		}
	}
	circles := rule(circled, ada, bo)
	circles.Quorums[0].Name = "QA"
	circles.Quorums = append(circles.Quorums, approval.Quorum{Name: "Ops", Need: 1, Groups: []string{opsGroup}})
	group := rule(grouped)
	group.Quorums = []approval.Quorum{{Name: "Ops", Need: 1, Groups: []string{emptyGroup}}}
	night := rule(nightly, ada)
	night.Hours = soon()
	haste := rule(hasty, ada)
	haste.Expire = time.Hour
	risk := rule(risky, ada)
	risk.HighRisk, risk.BreakGlass = true, []people.Person{bo}
	return approval.Policies{
		rule(ruled, ada, bo), rule(built, ada, bo), rule(carded, ada, bo), rule(silent, ada, bo), rule(accounts, ada, guest, bot, gone), rule(unmanned), circles, group, night, haste, risk,
	}
}

// soon is open for an hour a day, from the full hour that is three hours away.
func soon() calendar.Timetable {
	from := time.Now().UTC().Add(3 * time.Hour).Truncate(time.Hour)
	return calendar.Timetable{Zone: "UTC", Windows: []calendar.Window{{
		Days: []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun},
		From: calendar.Clock(from.Format("15:04")), To: calendar.Clock(from.Add(time.Hour).Format("15:04")),
	}}}
}

// configuration is that of the demo, with the tests' people and rules.
func configuration(root string) (config.File, error) {
	path := filepath.Join(root, "config", "signalbox.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return config.File{}, err
	}
	file, problems, _ := source.Compile(text, source.Beside(path, time.Now()))
	if len(problems) > 0 {
		return file, fmt.Errorf("%s has %d problems", path, len(problems))
	}
	for _, p := range []people.Person{ada, bo, cleo, guest, bot, gone} {
		file.People = append(file.People, people.Member{Person: p})
	}
	file.Policies = append(file.Policies, rules()...)
	file.Notices = routes(file.Notices)
	return file, nil
}

// A system is the running world and what the tests reach it with.
type system struct {
	*local.World
	root, dir string
	// env is local.env, as another shell reads it.
	env       map[string]string
	pipelines *codepipeline.Client
	slack     *recorder
	signing   string
}

// running is the world once it runs. It is only set by launch.
var running *system

var errMissing = errors.New("MiniStack is not installed in .venv; `make test` installs it")

// launch starts the world for the first test that needs it.
var launch = sync.OnceValues(func() (*system, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	if err := exec.Command(python, "-c", "import ministack, samtranslator").Run(); err != nil {
		return nil, errors.Join(errMissing, err)
	}
	file, err := configuration(root)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "signalbox-e2e-")
	if err != nil {
		return nil, err
	}
	began := time.Now()
	world, err := local.Start(context.Background(), local.Options{Strict: true, Root: root, Dir: dir, Config: file})
	if err != nil {
		return nil, fmt.Errorf("start the world in %s: %w", dir, err)
	}
	fmt.Fprintf(os.Stderr, "the world is up after %s: %s\n", time.Since(began).Round(time.Millisecond), world.URL)
	running = &system{World: world, root: root, dir: dir}
	return running, running.connect()
})

// connect makes the clients, from local.env where it says where.
func (s *system) connect() error {
	text, err := os.ReadFile(s.EnvironmentFile())
	if err != nil {
		return err
	}
	s.env = map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found {
			s.env[name] = value
		}
	}
	s.pipelines = codepipeline.NewFromConfig(s.Stack.AWS(), func(o *codepipeline.Options) {
		o.BaseEndpoint = aws.String(s.env["AWS_ENDPOINT_URL_CODEPIPELINE"])
	})
	secret, err := secretsmanager.NewFromConfig(s.Stack.AWS()).GetSecretValue(context.Background(),
		&secretsmanager.GetSecretValueInput{SecretId: aws.String("signalbox/slack-signing-secret")})
	if err != nil {
		return err
	}
	s.signing = aws.ToString(secret.SecretString)
	if s.slack, err = record(s.env["SIGNALBOX_API_URL"]); err != nil {
		return err
	}
	s.Slack.SetRequestURL(s.slack.url)
	return nil
}

// world is the one world of all tests. Where it cannot be, the test is
// skipped, loudly; in CI it must be.
func world(t *testing.T) *system {
	t.Helper()
	s, err := launch()
	if errors.Is(err, errMissing) && os.Getenv("CI") != "true" {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eventually waits until look finds what it looks for.
func eventually[T any](t *testing.T, what string, look func() (T, bool)) T {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		found, ok := look()
		if ok {
			return found
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s; last seen: %+v", patience, what, found)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatalf("interrupted before %s", what)
		}
	}
}
