package slack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
)

// FuzzNoTextBreaksACard puts the same bad text everywhere that text from
// outside can stand, in every state, at every length.
func FuzzNoTextBreaksACard(f *testing.F) {
	for _, s := range []string{
		"", "plain", "|", "<!channel>", "&lt;!here>", "<@U0DANA00001>", "a\r\nb\x00c", "```", "\xff\xfe", "😀👩‍👩‍👧", "שלום \u202e abc", "\u2028x",
		"https://x.example/a|b>", "arn:aws:sts::1:assumed-role/a/<!here>", "sha256:<<<<<<<<<<<<<<<<<<<<<<<<<<", "Approved by arn:a",
	} {
		f.Add(s, 1)
		f.Add(s, 1000)
	}
	f.Fuzz(func(t *testing.T, s string, times int) {
		s = strings.Repeat(s, max(1, min(times, 2000/max(1, len(s)))))
		for _, state := range []approval.State{approval.Pending, approval.Approved, approval.Rejected, approval.Closed} {
			for _, url := range []string{s, "https://x.example/" + s, "https://" + s} {
				checkLimits(t, slack.ApprovalCard(soaked(s, url, state)))
			}
		}
	})
}

// soaked is a request with s as all its outside text.
func soaked(s, url string, state approval.State) approval.Request {
	revision := approval.Revision{Source: s, ID: s, Summary: s, URL: url, Author: s}
	person := people.Person{ID: "x", Name: s, Slack: s}
	return approval.Request{
		ID: requestID, State: state, Environment: s, Policy: s, HeldBecause: s, HeldUntil: started, Notes: []string{s, s},
		Rule: approval.Rule{
			Quorums: []approval.Quorum{{Name: s, Need: 2, People: []people.Person{person, dana}, Groups: []string{s}}}, BreakGlass: []people.Person{person},
			Hours: calendar.Timetable{Zone: s}, Tell: approval.Tell{Mention: []string{s}},
		},
		Ties:      approval.Ties{People: []approval.Tie{{Person: "x", As: approval.Part(s)}}},
		Votes:     []approval.Vote{{Verdict: approval.Approve, By: person, Door: approval.Door(s), Reason: s, At: voted}, {Verdict: approval.Approve, By: dana, Reason: s, Withdrawn: &voted}},
		Changes:   changesOf(s, url),
		Approvers: []people.Person{person, dana, person, person, person, person, person, person, person, person, person, person, person, person},
		Vote:      &approval.Vote{Verdict: approval.Reject, By: person, Door: approval.Door(s), Reason: s, At: voted},
		Ending:    &approval.Ending{How: approval.EndedApproved, By: s, Summary: s, At: voted},
		Waiting: approval.Waiting{
			Action:    approval.Action{Region: "eu-west-1", Pipeline: "p" + s, ExecutionID: s, Stage: s, Name: s},
			StartedBy: s, Trigger: s, CustomData: s, ReviewURL: url, ExpiresAt: started,
			Revisions: []approval.Revision{revision, revision, revision, revision},
		},
	}
}

// changesOf are changes in which every text is s.
func changesOf(s, url string) release.Changes {
	commit := release.Commit{Source: s, ID: s, Summary: s, Author: s, Committer: s + "x", URL: url, Keys: []string{s}}
	return release.Changes{
		Stage: s, Since: &release.Release{ExecutionID: s, At: started}, Newer: &release.Release{ExecutionID: s}, RollsBackTo: s,
		Commits: []release.Commit{commit, commit, commit, commit, commit, commit, commit}, MoreKeys: []string{s}, More: 3,
		Images:     []release.Image{{Repository: s, Digest: s, Verdict: release.Verdict(s), Counts: map[string]int{s: 1}}, {Verdict: release.Verdict(s)}},
		Tests:      []release.Test{{Name: s, URL: url}, {Name: s, URL: url}},
		Superseded: []release.Superseded{{ExecutionID: s, Summary: s}}, Missing: []string{s, s, s, s, s},
	}
}

func FuzzNoTextBreaksTheModal(f *testing.F) {
	f.Add("web-shop → production waits for approval: &lt;!channel&gt;")
	f.Fuzz(func(t *testing.T, about string) {
		for _, action := range modals {
			m, err := slack.ReasonModal(slack.Click{Action: action, Request: requestID, Card: card, About: about})
			if err != nil {
				t.Fatal(err)
			}
			checkModal(t, m)
		}
	})
}

func TestLinksLeadOnlyWhereTheySay(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, url, link string }{
		{"https is linked", "https://wiki.example.com/a?b=1&c=2#d", "<https://wiki.example.com/a?b=1&amp;c=2#d|"},
		{"what ends a link is encoded", "https://x.example/a|b?c=<d>&e=`*", "<https://x.example/a%7Cb?c=%3Cd%3E&amp;e=%60%2A|"},
		{"http is not linked", "http://wiki.example.com/", ""},
		{"script is not linked", "javascript:alert(1)", ""},
		{"data is not linked", "data:text/html,x", ""},
		{"a user part is not linked", "https://github.com@evil.example/", ""},
		{"no host is not linked", "https:///a", ""},
		{"no host before a path is not linked", "https:evil.example", ""},
		{"a host in other letters is not linked", "https://gіthub.com/", ""},
		{"an escaped host is not linked", "https://a%3Eb.example/", ""},
		{"a broken address is not linked", "https://[::1", ""},
		{"too long is not linked", "https://x.example/" + strings.Repeat("a", 3000), ""},
		{"hidden characters are encoded", "https://x.example/\u202e", "<https://x.example/%E2%80%AE|"},
		{"nothing is nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := slack.ApprovalCard(with(func(r *approval.Request) { r.ReviewURL, r.Revisions = tt.url, nil }))
			text := everything(t, m)
			if tt.link == "" && strings.Contains(text, "Review ") {
				t.Errorf("card links %q:\n%s", tt.url, text)
			}
			if !strings.Contains(text, tt.link) {
				t.Errorf("card does not have %q:\n%s", tt.link, text)
			}
		})
	}
}

func TestStarterIsNamedAsPeopleWould(t *testing.T) {
	t.Parallel()
	const sts, iam = "arn:aws:sts::111122223333:", "arn:aws:iam::111122223333:"
	tests := []struct{ by, trigger, want string }{
		{sts + "assumed-role/AWSReservedSSO_Admin_Access_0123456789abcdef/ann@example.com", "StartPipelineExecution", "ann@example.com (Admin_Access)"},
		{sts + "assumed-role/deployer/ann", "", "ann (deployer)"},
		{sts + "assumed-role/deployer/i-0123456789abcdef0", "", "the role deployer"},
		{sts + "assumed-role/deployer/1741600000000000000", "", "the role deployer"},
		{sts + "assumed-role/deployer", "", "the role deployer"},
		{sts + "federated-user/ann", "", "ann"},
		{iam + "user/ops/ann", "", "ann"},
		{iam + "root", "", "the root user of 111122223333"},
		{"arn:aws:codestar-connections:eu-west-1:111122223333:connection/5d1c2b3a", "Webhook", "a push to the repository"},
		{"arn:aws-cn:codeconnections:cn-north-1:111122223333:connection/5d1c2b3a", "", "a push to the repository"},
		{"arn:aws:events:eu-west-1:111122223333:rule/nightly", "CloudWatchEvent", "the rule nightly"},
		{"arn:aws:odd", "", "arn:aws:odd"},
		{"ann", "Webhook", "ann"},
		{"", "WebhookV2", "a push to the repository"},
		{"", "ManualRollback", "a rollback"},
		{"", "Unheard", "CodePipeline does not say"},
	}
	for _, tt := range tests {
		t.Run(tt.by+tt.trigger, func(t *testing.T) {
			t.Parallel()
			m := slack.ApprovalCard(with(func(r *approval.Request) { r.StartedBy, r.Trigger = tt.by, tt.trigger }))
			if text := everything(t, m); !strings.Contains(text, "*Started by*\\n"+tt.want+`"`) {
				t.Errorf("card does not say that %s started it:\n%s", tt.want, text)
			}
		})
	}
}

func TestConsoleIsThatOfThePartition(t *testing.T) {
	t.Parallel()
	tests := []struct{ region, pipeline, want string }{
		{"eu-west-1", "web-shop", "https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/web-shop/view?region=eu-west-1"},
		{"cn-north-1", "p", "https://cn-north-1.console.amazonaws.cn/codesuite/codepipeline/pipelines/p/view?region=cn-north-1"},
		{"us-gov-west-1", "p", "https://console.amazonaws-us-gov.com/codesuite/codepipeline/pipelines/p/view?region=us-gov-west-1"},
		{"eu-west-1", "a/../b?c", ""},
		{"evil.example/", "p", ""},
		{"", "p", ""},
	}
	for _, tt := range tests {
		m := slack.ApprovalCard(with(func(r *approval.Request) { r.Region, r.Pipeline = tt.region, tt.pipeline }))
		text := everything(t, m)
		if tt.want == "" && strings.Contains(text, slack.ActionView) || !strings.Contains(text, tt.want) {
			t.Errorf("region %q: card does not link %q:\n%s", tt.region, tt.want, text)
		}
	}
}

func TestCardNeverShowsTheToken(t *testing.T) {
	t.Parallel()
	for name, r := range cards {
		if strings.Contains(everything(t, slack.ApprovalCard(r)), pending().Token) {
			t.Errorf("card %s shows CodePipeline's token", name)
		}
	}
}

func TestCardHasTheButtonsThatCouldCount(t *testing.T) {
	t.Parallel()
	for name, r := range cards {
		text := everything(t, slack.ApprovalCard(r))
		open := !r.State.Final() && len(r.Rule.Quorums) > 0
		for action, want := range map[string]bool{
			slack.ActionApprove:  open && r.State == approval.Pending && r.Ties.UnknownStarter == "",
			slack.ActionReject:   open,
			slack.ActionWithdraw: open && slices.ContainsFunc(r.Votes, func(v approval.Vote) bool { return v.Withdrawn == nil }),
			slack.ActionOverride: !r.State.Final() && len(r.Rule.BreakGlass) > 0,
		} {
			if got := strings.Contains(text, `"action_id":"`+action); got != want {
				t.Errorf("card %s has %s: %v, want %v", name, action, got, want)
			}
		}
	}
}

func TestDeadlineIsInTheReadersTime(t *testing.T) {
	t.Parallel()
	m := slack.ApprovalCard(with(func(r *approval.Request) { r.ExpiresAt = time.Unix(1773739320, 0) }))
	if want := "<!date^1773739320^{date_short_pretty} at {time}|2026-03-17 09:22 UTC>"; !strings.Contains(everything(t, m), want) {
		t.Errorf("card does not have %s", want)
	}
}
