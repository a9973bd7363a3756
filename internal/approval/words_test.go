package approval_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/approval"
)

func TestStarterIsNamedInPlainWords(t *testing.T) {
	t.Parallel()
	const sts = "arn:aws:sts::111122223333:assumed-role/"
	tests := []struct{ by, trigger, want string }{
		{"", "", ""},
		{"", "Webhook", "a push to the repository"},
		{"", "SomethingNew", ""},
		{"a word", "Webhook", "a word"},
		{"arn:aws:iam::111122223333:user/team/dana", "", "dana"},
		{"arn:aws:iam::111122223333:root", "", "the root user of 111122223333"},
		{sts + "Deployer/dana@example.com", "StartPipelineExecution", "dana@example.com (Deployer)"},
		{sts + "AWSReservedSSO_Release_Manager_0123456789abcdef/dana", "", "dana (Release_Manager)"},
		{sts + "Deployer/i-0abc123", "", "the role Deployer"},
		{sts + "Deployer/1700000000", "", "the role Deployer"},
		{sts + "Deployer/botocore-session-17", "", "the role Deployer"},
		{sts + "Deployer/7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", "", "the role Deployer"},
		{sts + "Deployer", "", "the role Deployer"},
		{"arn:aws:codeconnections:eu-west-1:111122223333:connection/x", "", "a push to the repository"},
		{"arn:aws:events:eu-west-1:111122223333:rule/bus/nightly", "", "the rule nightly"},
		{"arn:aws:lambda:eu-west-1:111122223333:function:x", "", "arn:aws:lambda:eu-west-1:111122223333:function:x"},
	}
	for _, tt := range tests {
		if got := (approval.Waiting{StartedBy: tt.by, Trigger: tt.trigger}).Starter(); got != tt.want {
			t.Errorf("Starter(%q, %q) = %q, want %q", tt.by, tt.trigger, got, tt.want)
		}
	}
}

func TestRevisionsAreShortened(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"": "",
		"4c1f0a9b2d3e4f5061728394a5b6c7d8e9f00112": "4c1f0a9b",
		strings.Repeat("ab", 32):                   "abababab",
		"sha256:" + strings.Repeat("9f", 32):       "sha256:9f9f9f9f9f9f",
		"release-2026-11":                          "release-2026-11",
		strings.Repeat("ü", 30):                    strings.Repeat("ü", 23) + "…",
	}
	for id, want := range tests {
		if got := (approval.Revision{ID: id}).Short(); got != want {
			t.Errorf("Short(%q) = %q, want %q", id, got, want)
		}
	}
	if got := (approval.Revision{Summary: "\n  Fix it \r\n\nLong story"}).Subject(); got != "Fix it" {
		t.Errorf("Subject = %q", got)
	}
}

func TestOthersAreNamed(t *testing.T) {
	t.Parallel()
	r := ruled(circle("Web", 2, dana, lee, marco))
	if got, want := r.OthersThan(dana), "Lee Okafor or Marco Silva may answer too. Waits for 2 of Web."; got != want {
		t.Errorf("OthersThan = %q, want %q", got, want)
	}
	r.Approvers = r.Approvers[:1]
	if got, want := r.OthersThan(dana), "Nobody else is asked."; got != want {
		t.Errorf("OthersThan = %q, want %q", got, want)
	}
}
