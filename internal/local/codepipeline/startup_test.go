package codepipeline_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// BenchmarkStartUp is the time from nothing to a CodePipeline that has the
// demo's pipelines and serves.
func BenchmarkStartUp(b *testing.B) {
	for b.Loop() {
		s, err := codepipeline.New(b.Context(), codepipeline.Options{Account: account, Region: region, Clock: clock.NewManual(morning)})
		if err != nil {
			b.Fatal(err)
		}
		for _, d := range codepipeline.Demo(account, region) {
			if err := s.CreatePipeline(d); err != nil {
				b.Fatal(err)
			}
		}
		_ = s.Handler()
		s.Close()
	}
}
