package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
)

func TestEveryKindHasPlainWords(t *testing.T) {
	t.Parallel()
	want := map[notice.Kind][2]string{ // all is known, nothing is
		notice.Started:        {"web-shop started: Add refunds.", "The pipeline started."},
		notice.StageStarted:   {"Production started again (attempt 2).", "The release started again (attempt 1)."},
		notice.StageSucceeded: {"Production succeeded in 1m; Smoke began.", "The release succeeded."},
		notice.Approval:       {"Production waits for approval at Deploy.", "The release waits for approval."},
		notice.Failed:         {"Deploy in Production failed with JobFailed: The deployment failed.", "The release failed."},
		notice.Rejected:       {"Production was not approved at Deploy: The deployment failed.", "The release was not approved."},
		notice.Fixed:          {"web-shop works again: released in 5m.", "The pipeline works again: released."},
		notice.RolledBack:     {"web-shop was rolled back to execution e0 (Add refunds).", "The pipeline was rolled back."},
		notice.Stuck:          {"web-shop takes longer than usual: 5m so far, usually 20m. It is at Production.", "The pipeline takes longer than usual."},
		notice.Superseded:     {"web-shop released something newer instead: this one gave way to execution e2.", "The pipeline released something newer instead."},
		notice.Stopped:        {"web-shop was stopped at Production: wrong branch.", "The pipeline was stopped."},
		notice.Succeeded:      {"web-shop was released in 5m.", "The pipeline was released."},
	}
	for _, kind := range notice.Kinds {
		bare := notice.Telling{Reply: notice.Reply{Kind: kind}}
		got := [2]string{telling(kind).Text(notice.Delivery{}, plain), bare.Text(notice.Delivery{}, plain)}
		if diff := cmp.Diff(want[kind], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

func TestHostileTextStaysInItsPlace(t *testing.T) {
	t.Parallel()
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	tests := []struct{ name, subject, want string }{
		{"a call", "<!channel> fix", "&lt;!channel&gt; fix"},
		{"lines", "one\n\ntwo\ttabs\x00", "one two tabs"},
		{"right to left", "\u202eevil\u202c \u2066x\u2069", "evil x"},
		{"emoji that are joined", "👩\u200d👩\u200d👧 done", "👩\u200d👩\u200d👧 done"},
		{"broken", "a\xffb", "ab"},
		{"long", strings.Repeat("<", 40_000), strings.Repeat("&lt;", 149) + "…"},
		{"none", "", ""},
		{"only dots", "...", ""},
	}
	for _, tt := range tests {
		tell := telling(notice.Started)
		tell.Release.Revisions[0].Subject = tt.subject
		want := "web-shop started: " + tt.want + "."
		if tt.want == "" {
			want = "web-shop started."
		}
		if got := tell.Text(notice.Delivery{}, escape); got != want {
			t.Errorf("%s: %.80q, want %.80q", tt.name, got, want)
		}
	}
}

func TestLinkThatIsNoneIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"javascript:alert(1)", "!here", "https://a|b", "https://a>b", "https://" + strings.Repeat("a", 4000)} {
		tell := telling(notice.Failed)
		tell.Release.Revisions[0].URL = url
		d := notice.Delivery{Templates: map[notice.Kind]string{notice.Failed: "{{commit.url|none}}"}}
		if got := tell.Text(d, plain); got != "none" {
			t.Errorf("%.40q is shown as %.40q", url, got)
		}
	}
}

func TestSpansReadAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 400 * time.Millisecond: "0s", 45 * time.Second: "45s", 59*time.Second + 600*time.Millisecond: "1m",
		192 * time.Second: "3m 12s", time.Hour: "1h", 2*time.Hour + 5*time.Minute + 9*time.Second: "2h 5m", 76 * time.Hour: "3d 4h",
	} {
		if got := notice.Span(d); got != want {
			t.Errorf("%v reads %q, want %q", d, got, want)
		}
	}
}
