package event_test

import (
	"os"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("../../events/approval-started.json")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := event.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
