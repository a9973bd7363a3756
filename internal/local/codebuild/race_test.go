package codebuild_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// TestBuildsRunAtOnce is for the race detector: both services on a real clock.
func TestBuildsRunAtOnce(t *testing.T) {
	t.Parallel()
	builds, err := codebuild.New(t.Context(), codebuild.Options{Account: account, Region: region, Pace: engine.Pace{Min: time.Millisecond, Max: 2 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	defer builds.Close()
	if err := builds.Declare(ofPipeline("orders")); err != nil {
		t.Fatal(err)
	}
	const n = 50
	ended := make(chan engine.BuildResult, n)
	for i := range n {
		go func() {
			id, err := builds.StartBuild(engine.Build{Pipeline: "release", Project: "orders"}, func(r engine.BuildResult) { ended <- r })
			if err != nil {
				t.Error(err)
			}
			if i%5 == 0 {
				builds.StopBuild(id)
			}
			builds.Latest()
		}()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range n {
		select {
		case <-ended:
		case <-ctx.Done():
			raw, _ := json.Marshal(builds.Latest())
			t.Fatalf("not every build ended: %s", raw)
		}
	}
}
