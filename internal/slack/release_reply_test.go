package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var danaIs = people.Person{ID: "dana", Name: "Dana Whitfield", Slack: "U0DANA00001"}

func brokenBuild() *build.Failure {
	return &build.Failure{
		BuildID: failedBuildID, Status: "FAILED", Phase: "BUILD", Seconds: 95, Code: "COMMAND_EXECUTION_ERROR",
		Message: "Error while executing command: go test ./.... Reason: exit status 1", Command: "go test ./...", Exit: "exit status 1",
		URL:       "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/payments-unit/build/x",
		LogURL:    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home#logs",
		Log:       []string{"=== RUN   TestRefundIsBooked", "    refund_test.go:41: booked 3 `cents`, want 4 & <more>", "--- FAIL: TestRefundIsBooked (0.01s)", "FAIL"},
		Tests:     []build.Test{{Report: "payments-unit", Suite: "refunds", Name: "TestRefundIsBooked", Message: "booked 3 cents, want 4"}, {Name: "TestRefundOfPartialOrder"}},
		MoreTests: 2, Missing: []string{"The coverage could not be read."},
	}
}

func saying(d *diary, r notice.Reply) telegraph.Saying {
	return telegraph.Saying{View: d.view(), Reply: r, Card: "https://app.slack.com/client/T0SIGNALBOX/C0RELEASES/thread/C0RELEASES-1.2"}
}

// sayings are things to say, by the name of their golden file; those that begin
// with alone stand by themselves.
func sayings() map[string]telegraph.Saying {
	calling := []notice.Who{{Person: danaIs}, {Group: "S0RELEASES1"}, {Person: people.Person{ID: "kim", Name: "Kim <!here>"}}}
	failure := saying(failed(), notice.Reply{Key: "failed/Build/1", Kind: notice.Failed, Stage: "Build", Action: "Unit tests", Attempt: 1, Broadcast: true, Mention: calling})
	failure.Failure = brokenBuild()
	bare := failure
	bare.Failure, bare.Mention = nil, nil
	own := failure
	own.Delivery.Templates = map[notice.Kind]string{notice.Failed: "{{pipeline}} is red: <{{commit.url}}|{{commit.subject}}>"}
	return map[string]telegraph.Saying{
		"failed":       failure,
		"alone-failed": failure,
		"failed-bare":  bare,
		"failed-own":   own,
		"approval":     saying(asking(), notice.Reply{Kind: notice.Approval, Stage: "Approval", Action: "Go live", Broadcast: true, Mention: calling[1:2]}),
		"rejected":     saying(rejectedDiary(), notice.Reply{Kind: notice.Rejected, Stage: "Approval", Action: "Go live"}),
		"fixed":        saying(live(), notice.Reply{Kind: notice.Fixed, Broadcast: true}),
		"alone-fixed":  saying(live(), notice.Reply{Kind: notice.Fixed, Broadcast: true}),
		"stage":        saying(built(), notice.Reply{Kind: notice.StageSucceeded, Stage: "Build", Next: "Staging"}),
		"stuck":        saying(building().wait(time.Hour), notice.Reply{Kind: notice.Stuck, Stage: "Build", Broadcast: true}),
		"rolled-back":  saying(rolledBack(true), notice.Reply{Kind: notice.RolledBack, Broadcast: true}),
		"alone-stopped": saying(building().pipeline("STOPPING").stage("Build", "STOPPED").pipeline("STOPPED"), notice.Reply{
			Kind: notice.Stopped, Stage: "Build",
		}),
		"alone-hostile": hostileSaying(),
	}
}

func hostileSaying() telegraph.Saying {
	evil := evilText()
	s := telegraph.Saying{View: hostileRelease(), Reply: notice.Reply{Key: "k", Kind: notice.Failed, Stage: "Build", Action: "Unit tests"}, Card: "javascript:alert(1)"}
	f := &build.Failure{Status: evil, Phase: evil, Code: evil, Message: evil, Command: evil, Exit: evil, URL: "javascript:alert(1)", LogURL: "https://a@b/", MoreTests: -4}
	for i := range 50 {
		f.Log = append(f.Log, evil, "```", "", fmt.Sprint(i))
		f.Tests = append(f.Tests, build.Test{Suite: evil, Name: evil, Message: evil})
		f.Missing = append(f.Missing, evil)
		s.Mention = append(s.Mention, notice.Who{Group: "S1> <!channel"}, notice.Who{Person: people.Person{Name: evil, Slack: "U1> <!channel"}})
	}
	s.Failure = f
	return s
}

func TestRepliesLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for name, s := range sayings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := slack.ReleaseReply(s, strings.HasPrefix(name, "alone"))
			golden(t, "release/say-"+name+".json", map[string]any{"text": m.Text, "blocks": m.Blocks})
			checkReply(t, m)
		})
	}
}

// checkReply is checkRelease for what may be longer, but not too long to post.
func checkReply(t *testing.T, m slack.Message) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	checkTaken(t, string(raw))
	checkMarkup(t, "text", m.Text)
	checkBlocks(t, raw, 50)
	if n := len([]rune(m.Text)); n == 0 || n > 4000 { // more would make it several messages
		t.Errorf("the text has %d characters", n)
	}
	if n := len([]rune(m.Text)) + len([]rune(string(raw))); n > maxReleaseCard+1500 {
		t.Errorf("the message has %d characters", n)
	}
}

func TestLogCannotEndItsFence(t *testing.T) {
	t.Parallel()
	s := saying(failed(), notice.Reply{Kind: notice.Failed, Stage: "Build", Action: "Unit tests"})
	for _, log := range [][]string{
		{"a ``` b", "```", "<!channel>"},
		{strings.Repeat("`", 5000)},
		{strings.Repeat("<", 100_000), "\x1b[31mred\x1b[0m\r", "last"},
		strings.Split(strings.Repeat("x\n", 4000)+"the end", "\n"),
	} {
		s.Failure = &build.Failure{Phase: "BUILD", Log: log}
		m := slack.ReleaseReply(s, false)
		raw, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(raw), "```"); n != 2 {
			t.Errorf("%.20q: %d fences, want 2", log[0], n)
		}
		if end := log[len(log)-1]; len(end) < 100 && end != "<!channel>" && !strings.Contains(string(raw), end+"\\n```") {
			t.Errorf("%.20q: the last line of the log is not shown: %s", log[0], raw)
		}
		checkReply(t, m)
	}
	s.Failure = &build.Failure{Phase: "BUILD", Log: []string{"", " ", "\t"}}
	if raw, _ := json.Marshal(slack.ReleaseReply(s, false).Blocks); strings.Contains(string(raw), "```") {
		t.Errorf("a log with nothing in it is shown: %s", raw)
	}
}

func TestRepliesNamePipelineAndPeopleForPhones(t *testing.T) {
	t.Parallel()
	s := sayings()["failed"]
	m := slack.ReleaseReply(s, false)
	want, called := "payments: ❌ Unit tests in Build failed with JobFailed: ", " <@U0DANA00001> <!subteam^S0RELEASES1> Kim &lt;!here&gt;"
	if !strings.HasPrefix(m.Text, want) || !strings.HasSuffix(m.Text, called) {
		t.Errorf("text %q, want %q…%q", m.Text, want, called)
	}
	s.Delivery.Templates = map[notice.Kind]string{notice.Failed: strings.Repeat("{{commit.subject}} ", 50)}
	s.Release.Revisions = []notice.Revision{{Subject: strings.Repeat("<", 150)}}
	if m := slack.ReleaseReply(s, false); !strings.HasPrefix(m.Text, want) {
		t.Errorf("own words that do not fit are not replaced by ours: %.200q", m.Text)
	}
}

func TestOnlyGitHubIsAskedForADiff(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://github.com/acme/payments/commit/0a9c4f7b":   `https://github.com/acme/payments/compare/0a9c4f7b%5E...0a9c4f7b`,
		"https://github.com/acme/payments/commit/main":       "",
		"https://gitlab.com/acme/payments/-/commit/0a9c4f7b": "",
		"https://github.com.evil.example/a/b/commit/0a9c":    "",
		"javascript:alert(1)":                                "",
	} {
		d := failed().facts(func(f *release.Facts) { f.Revisions = []release.Commit{{ID: "0a9c4f7b", URL: url}} })
		m := slack.ReleaseReply(saying(d, notice.Reply{Kind: notice.Failed, Stage: "Build"}), false)
		raw, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(raw), "|Diff"); got != (want != "") || !strings.Contains(string(raw), want) {
			t.Errorf("%s: %s", url, raw)
		}
	}
}

func TestDigestsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 1, 10, 0, 0, time.UTC)
	held := func(pipeline, subject string, n int, k notice.Kind) notice.Held {
		return notice.Held{Key: fmt.Sprint(k, n), Place: "channel:C1", Pipeline: pipeline, Execution: fmt.Sprint(pipeline, n), Kind: k, Stage: "Production", Subject: subject, At: at.Add(time.Duration(n) * time.Minute)}
	}
	few := []notice.Held{
		held("payments", "Add refunds", 1, notice.Failed), held("payments", "Add refunds", 1, notice.Fixed),
		held("web-shop", "<!channel> `x` & more", 2, notice.Failed),
	}
	var many []notice.Held
	for i := range 400 {
		many = append(many, held("p"+fmt.Sprint(i), strings.Repeat("<&>", 100), i, notice.Failed))
	}
	for name, all := range map[string][]notice.Held{"few": few, "one": few[:1], "many": many} {
		digests := notice.Summaries(all)
		if len(digests) != 1 {
			t.Fatalf("%d digests", len(digests))
		}
		m := slack.ReleaseDigest(digests[0], berlin)
		golden(t, "release/digest-"+name+".json", map[string]any{"text": m.Text, "blocks": m.Blocks})
		checkRelease(t, m)
	}
	checkRelease(t, slack.ReleaseDigest(notice.Digest{}, nil))
	checkRelease(t, slack.ReleaseDigest(notice.Digest{Lines: []notice.Line{{Pipeline: "p", Events: many}}}, nil))
}
