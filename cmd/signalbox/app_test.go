package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const example = "testdata/signalbox.yaml"

// broken has two problems.
const broken = `version: 1
slack: {channel: C0RELEASES}
people:
  dana: {name: Dana Whitfield, slack: U0DANA00001}
approvals:
  - name: web-shop
    match: {pipeline: web-shop}
    aprovers: [dana]
  - name: payments
    match: {pipeline: payments}
    approvers: [dan]
`

// alike has two people with addresses that look the same.
const alike = `version: 1
slack: {channel: C0RELEASES}
people:
  lan: {name: Lan N, email: lan@example.com}
  ian: {name: Ian F, email: Ian@example.com}
approvals: [{name: a, match: {pipeline: a}, approvers: [ian]}]
`

// signalbox runs one command in this process.
func signalbox(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	w := world{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}
	code = run(t.Context(), args, w)
	return code, out.String(), errs.String()
}

func TestCommands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		args           []string
		stdin          string
		code           int
		stdout, stderr string // a part of it, or empty for nothing at all
	}{
		{"alone it shows what there is", nil, "", exitOK, "config validate", ""},
		{"help", []string{"config", "compile", "--help"}, "", exitOK, "--output=OUT", ""},
		{"an unknown command", []string{"confg"}, "", exitUsage, "", `did you mean "config"?`},
		{"half a command", []string{"config"}, "", exitUsage, "", `expected one of "validate"`},
		{"version", []string{"version"}, "", exitOK, "signalbox ", ""},
		{"version as JSON", []string{"version", "--json"}, "", exitOK, `"platform": "`, ""},

		{"a valid file", []string{"config", "validate", example}, "", exitOK, example + " is valid: 4 people, 2 groups, 2 rules\n", ""},
		{"a broken file", []string{"config", "validate", "-"}, broken, exitNo, "\n2 problems in <stdin>\n", ""},
		{"places in a broken file", []string{"config", "validate", "-"}, broken, exitNo, "<stdin>:11:17: nobody under people has the id \"dan\"\n", ""},
		{"a valid file as JSON", []string{"config", "validate", "--json", example}, "", exitOK, `"problems": []`, ""},
		{"a broken file as JSON", []string{"config", "validate", "--json", "-"}, broken, exitNo, `"line": 11`, ""},
		{"a warning", []string{"config", "validate", "-"}, alike, exitOK, "<stdin>:5:29: warning: the address \"Ian@example.com\" looks like one of lan's, on line 4\n", ""},
		{"a warning does not keep a file from being valid", []string{"config", "validate", "-"}, alike, exitOK, "<stdin> is valid: 2 people, 0 groups, 1 rule\n", ""},
		{"a warning as JSON", []string{"config", "validate", "--json", "-"}, alike, exitOK, `"warning": true`, ""},
		{"a missing file", []string{"config", "validate", "nowhere.yaml"}, "", exitFailed, "", "signalbox: read the configuration: open nowhere.yaml"},
		{"a missing file, JSON wanted", []string{"config", "validate", "--json", "nowhere.yaml"}, "", exitFailed, "", "open nowhere.yaml"},

		{"compile to standard output", []string{"config", "compile", example, "-o", "-"}, "", exitOK, `"policies": [`, ""},
		{"compile needs an output", []string{"config", "compile", example}, "", exitUsage, "", "--output"},
		{"compile a broken file", []string{"config", "compile", "-", "-o", "-"}, broken, exitNo, "", "2 problems in <stdin>"},

		{
			"a rule matches", []string{"config", "explain", "payments", "Approval", "ApproveRelease", example}, "", exitOK,
			"Asked in C0PAYMENTS for production. Any one of these may answer:\n  Dana Whitfield   Slack U0DANA00001, e-mail dana@example.com\n", "",
		},
		{"an earlier rule does not match", []string{"config", "explain", "payments", "Approval", "ApproveRelease", example}, "", exitOK, "no: the pipeline differs", ""},
		{"no rule matches", []string{"config", "explain", "payments", "Approval", "Other", example}, "", exitNo, "nobody can approve payments / Approval / Other", ""},
		{"what a rule asks for", []string{"config", "explain", "books-main", "Approval", "Approve", realFile}, "", exitOK, "It takes 2 of Finance, all different people:", ""},
		{"a rule that is tried out", []string{"config", "explain", "ledger", "Approval", "ApproveProduction", realFile}, "", exitOK, "ledger with two of QA   matches, and is only tried out", ""},
		{"explain as JSON", []string{"config", "explain", "web-shop", "Approval", "A", example, "--json"}, "", exitOK, `"matched": true`, ""},
		{"no rule matches, as JSON", []string{"config", "explain", "x", "y", "z", example, "--json"}, "", exitNo, `"matched": false`, ""},
		{"explain a broken file", []string{"config", "explain", "a", "b", "c", "-"}, broken, exitNo, "", "2 problems"},

		{"sync needs a topic", []string{"people", "sync"}, "", exitUsage, "", "--topic"},
		{"sync with a name for a topic", []string{"people", "sync", "--topic", "approvals", example}, "", exitFailed, "", "has to be the ARN of an SNS topic"},
		{"sync with a broken file", []string{"people", "sync", "--topic", topic, "-"}, broken, exitNo, "", "2 problems"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := signalbox(t, tt.stdin, tt.args...)
			if code != tt.code {
				t.Errorf("exit status %d, want %d", code, tt.code)
			}
			checkOutput(t, "standard output", stdout, tt.stdout)
			checkOutput(t, "standard error", stderr, tt.stderr)
		})
	}
}

func checkOutput(t *testing.T, what, got, part string) {
	t.Helper()
	if (part == "") != (got == "") || !strings.Contains(got, part) {
		t.Errorf("%s is %q, want %q in it", what, got, part)
	}
}

func TestValidateAsJSONListsEveryProblem(t *testing.T) {
	t.Parallel()
	_, stdout, _ := signalbox(t, broken, "config", "validate", "--json", "-")
	var got validation
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, p := range got.Problems {
		places = append(places, p.Path)
	}
	want := []string{"approvals[0].aprovers", "approvals[1].approvers[0]"}
	if diff := cmp.Diff(want, places); diff != "" || got.Valid || got.File != "<stdin>" {
		t.Errorf("%+v\n%s", got, diff)
	}
}

// closed is an output that nobody reads any more.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAFailingOutputIsAFailure(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"config", "validate", example}, {"config", "validate", "--json", example}, {"config", "validate", "-"},
		{"config", "compile", example, "-o", "-"}, {"config", "explain", "web-shop", "Approval", "A", example},
		{"config", "explain", "no", "such", "rule", example}, {"version"},
		{"config", "validate", "../../internal/config/source/testdata/warned/all.yaml"},
		{"config", "test", "-c", realFile}, {"config", "test", "-c", realFile, "--json"},
		{"config", "test", "-c", realFile, "web-shop", "Approval", "ApproveProduction"},
	} {
		var stderr bytes.Buffer
		code := run(t.Context(), args, world{stdin: strings.NewReader(broken), stdout: closed{}, stderr: &stderr})
		if code != exitFailed || !strings.Contains(stderr.String(), "broken pipe") {
			t.Errorf("%v: exit status %d, %q", args, code, &stderr)
		}
	}
}

func TestInterruptedIsSaidInOneWord(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr bytes.Buffer
	code := finish(ctx, world{stderr: &stderr}, ctx.Err())
	if code != exitInterrupted || stderr.String() != "signalbox: interrupted\n" {
		t.Errorf("exit status %d, %q", code, &stderr)
	}
}
