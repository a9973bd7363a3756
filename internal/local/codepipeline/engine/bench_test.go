package engine_test

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// sixActions is a QUEUED pipeline of the shape of the demo's: a source, a build,
// three checks at once and a blue/green deployment.
func sixActions() api.Declaration {
	d := valid()
	d.ExecutionMode = api.Queued
	check := func(name string) api.Action {
		a := act(name, "Test", "CodeBuild", map[string]string{"ProjectName": name})
		a.InputArtifacts = []api.ArtifactName{{Name: "Out"}}
		return a
	}
	deploy := act("Deploy", "Deploy", "CodeDeploy", map[string]string{"ApplicationName": "orders", "DeploymentGroupName": "production"})
	deploy.InputArtifacts = []api.ArtifactName{{Name: "Out"}}
	d.Stages = append(d.Stages[:2],
		api.Stage{Name: "Test", Actions: []api.Action{check("Unit"), check("Integration"), check("Scan")}},
		api.Stage{Name: "Production", Actions: []api.Action{deploy}})
	return d
}

// rush runs n executions to their end, as many at once as a QUEUED pipeline
// may have, and returns the largest heap on the way.
func rush(b *testing.B, e *engine.Engine, advance func(time.Duration), n int) (peak uint64) {
	b.Helper()
	for started := 0; started < n; {
		for range min(50, n-started) {
			if _, err := e.StartPipelineExecution(engine.Caller{ARN: "arn:me"}, api.StartPipelineExecutionInput{Name: "orders"}); err != nil {
				b.Fatal(err)
			}
			started++
		}
		advance(time.Hour)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	return peak
}

// BenchmarkExecutions runs executions of six actions with the clock at full
// speed. Ten times as many show how time and memory grow; B/kept is the heap
// that each execution which is still remembered takes.
func BenchmarkExecutions(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var peak uint64
			var kept float64
			for b.Loop() {
				e, c := newEngine(engine.Options{Seed: [32]byte{1}})
				if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: sixActions()}); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				before := heap()
				b.StartTimer()
				peak = max(peak, rush(b, e, c.Advance, n))
				b.StopTimer()
				out, err := e.ListPipelineExecutions(engine.Caller{}, api.ListPipelineExecutionsInput{PipelineName: "orders", MaxResults: n})
				if err != nil || out.PipelineExecutionSummaries[0].Status != "Succeeded" {
					b.Fatalf("the last execution: %v", err)
				}
				kept = float64(heap()-before) / float64(len(out.PipelineExecutionSummaries))
				runtime.KeepAlive(e)
				b.StartTimer()
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "executions/s")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
			b.ReportMetric(kept, "B/kept")
		})
	}
}
