package slack_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
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
