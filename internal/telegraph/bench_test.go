package telegraph_test

import (
	"context"
	"testing"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release/journey"
)

// BenchmarkChanged takes in the events of many executions: reading the record,
// folding, writing it and queueing, all but the network.
func BenchmarkChanged(b *testing.B) {
	w := newWorld(b, notice.Route{Channel: "C0RELEASES"})
	b.ReportAllocs()
	done := 0
	for seed := uint64(0); b.Loop(); seed++ {
		id := executionID(int(seed))
		j := journey.New(id, seed)
		w.truths[id] = j
		for _, e := range j.Events {
			if err := w.notifier.Changed(context.Background(), e); err != nil {
				b.Fatal(err)
			}
		}
		done += len(j.Events)
	}
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "events/s")
}
