package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	realFile = "../../config/signalbox.yaml"
	releases = "../../config/releases"
)

// TestTheExampleReleasesComeOutAsExpected runs what people run in CI.
func TestTheExampleReleasesComeOutAsExpected(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := signalbox(t, "", "config", "test", "-c", realFile)
	if code != exitOK || !strings.Contains(stdout, ", all as expected\n") {
		t.Errorf("exit status %d\n%s%s", code, stdout, stderr)
	}
	all, err := filepath.Glob(releases + "/*.yaml")
	if err != nil || len(all) < 10 || strings.Count(stdout, "ok ") != len(all) {
		t.Errorf("%d releases, %v, in\n%s", len(all), err, stdout)
	}
}

// TestTryingSaysWhoMayAndWhyNot reads the table that people read.
func TestTryingSaysWhoMayAndWhyNot(t *testing.T) {
	t.Parallel()
	const action = "ledger Approval ApproveProduction"
	tests := []struct {
		name  string
		args  string
		code  int
		parts []string
	}{
		{"a file", releases + "/ledger-self-approval.yaml", exitOK, []string{
			`rule "ledger production" for production, at Mon 23 Nov 2026 09:26 UTC`,
			"Dana Whitfield   QA           no            no                      You started this execution. Nobody approves their own release. Priya Raman can answer.",
			"Priya Raman      Ops          yes           no",
			"1 other person of the configuration may not.",
			"dana approves: refused. You started this execution.",
			"Outcome: pending. Waits for 1 of QA and 1 of Ops.",
			`Under "ledger with two of QA", which is tried out: pending. Waits for 2 of QA.`,
		}},
		{"an action", action + " --at 2026-11-23T09:00Z", exitOK, []string{
			"Dana Whitfield   QA           yes", "It is not said who started it", "It is not said who wrote the changes",
			"It is not said who is in the Slack user group S0OPS000002",
		}},
		{"an action with a starter and an author", action + " --at 2026-11-23T09:00Z --started-by arn:aws:iam::000000000000:user/dana --author lee@example.com", exitOK, []string{
			"You started this execution.", "You wrote a change in this release.",
		}},
		{"what is held", "vault Approval ApproveVault --at 2026-11-23T12:00Z", exitOK, []string{"Approved now, it would be held.", "It would start Mon 23 Nov 20:00 (UTC)."}},
		{"who broke the glass", releases + "/vault-break-glass.yaml", exitOK, []string{"priya overrides: counts", "Outcome: approved. By Priya Raman: customers are charged twice"}},
		{"an event", "--event ../../events/approval-started.json", exitNo, []string{"orders-release / Approval / ApproveRelease", "No rule matches: nobody can approve it."}},
		{"two files", releases + "/reports-expired.yaml --release " + releases + "/vault-high-risk.yaml", exitOK, []string{"2 releases, all as expected"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := signalbox(t, "", append([]string{"config", "test", "-c", realFile}, strings.Fields(tt.args)...)...)
			if code != tt.code {
				t.Errorf("exit status %d, want %d: %s", code, tt.code, stderr)
			}
			for _, part := range tt.parts {
				if !strings.Contains(stdout, part) {
					t.Errorf("no %q in\n%s", part, stdout)
				}
			}
		})
	}
}

// wrong expects otherwise than it comes out in every way.
const wrong = `{pipeline: reports, stage: Approval, action: ApproveReports, at: 2026-11-23T10:00Z,
  votes: [{by: dana, refused: self_started}, {by: marco, refused: not_approver}],
  expect: {outcome: held, people: [
    {person: dana, may: approve}, {person: priya, may: refused}, {person: marco, may: refused, because: outside}, {person: zoe, may: approve}]}}`

func TestWhatIsNotAsExpectedIsSaidAndFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, _ := signalbox(t, "", "config", "test", "-c", realFile, path, "--json")
	var got judged
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"vote 1, of dana, is refused because of not_approver, and should be refused because of self_started",
		"vote 2, of marco, counts, and should be refused because of not_approver",
		"the outcome is approved, and should be held",
		"dana is refused because of already_decided, and should be able to approve",
		"marco is refused because of already_decided, and should be refused because of outside",
		`nobody in the configuration has the id "zoe"`,
	}
	if diff := cmp.Diff(want, got.Differs); diff != "" || code != exitNo || got.OK {
		t.Errorf("exit status %d, ok %v\n%s", code, got.OK, diff)
	}
	code, stdout, _ = signalbox(t, "", "config", "test", "-c", realFile, path, releases+"/reports-expired.yaml")
	if code != exitNo || !strings.Contains(stdout, "NO   "+path) || !strings.Contains(stdout, "2 releases, 1 not as expected\n") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}

func TestReleasesThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	const begin = "{pipeline: reports, stage: a, action: b, "
	for text, want := range map[string]string{
		"{pipeline: reports}":                                                        "its pipeline, stage and action",
		begin + "started: x}":                                                        "unknown field",
		begin + "at: yesterday}":                                                     `"yesterday" is no moment`,
		begin + "votes: [{by: zoe}]}":                                                `nobody in the configuration has the id "zoe"`,
		begin + "votes: [{by: dana, door: window}]}":                                 `"window" is no door`,
		begin + "votes: [{by: dana, verdict: maybe}]}":                               `"maybe" is no verdict`,
		begin + "expect: {outcome: fine}}":                                           `"fine" is no outcome`,
		begin + "expect: {people: [{person: dana}]}}":                                "write approve or refused",
		begin + "at: 2026-11-23T10:00Z, votes: [{by: dana, at: 2026-11-24T10:00Z}]}": "after the question is asked",
	} {
		path := filepath.Join(t.TempDir(), "release.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := signalbox(t, "", "config", "test", "-c", realFile, path)
		if code != exitFailed || !strings.Contains(stderr, want) || !strings.Contains(stderr, path) {
			t.Errorf("%s: exit status %d, %s", text, code, stderr)
		}
	}
	for args, want := range map[string]string{
		"nowhere.yaml": "PIPELINE STAGE ACTION",
		t.TempDir():    "has no releases",
		"--event ../../events/stage-started.json": "not of a manual approval action",
		"--event nowhere.json":                    "nowhere.json",
		"a b c --at noon":                         "is no moment",
		"-c testdata/signalbox.yaml":              "testdata/releases",
	} {
		code, _, stderr := signalbox(t, "", append([]string{"config", "test", "-c", realFile}, strings.Fields(args)...)...)
		if code != exitFailed || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit status %d, %s", args, code, stderr)
		}
	}
}
