package slack_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func BenchmarkVerifySignature(b *testing.B) {
	r, key := request(interactions, form(approveClick)), secret.NewText(signingKey)
	for b.Loop() {
		if err := slack.Verify(r.Header, r.Body, now, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	for b.Loop() {
		if m := slack.ApprovalCard(pending()); len(m.Blocks) == 0 {
			b.Fatal("the card is empty")
		}
	}
}

// BenchmarkClick is a click from the request to its acknowledgement, without
// the network.
func BenchmarkClick(b *testing.B) {
	f := newFront()
	r := request(interactions, form(approveClick))
	for b.Loop() {
		if got := f.door.Serve(b.Context(), r); got.Status != 200 {
			b.Fatalf("answer %+v", got)
		}
	}
}

func BenchmarkReleaseCard(b *testing.B) {
	for name, v := range map[string]telegraph.View{"usual": failed().view(), "huge": huge(release.Failed)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m := slack.ReleaseCard(v); len(m.Blocks) == 0 {
					b.Fatal("no card")
				}
			}
		})
	}
}
