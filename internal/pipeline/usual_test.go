package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// asked is the execution of the samples, of which nothing is known.
func asked() release.Record {
	a := action()
	return release.NewRecord(release.ExecutionID{Account: a.Account, Region: a.Region, Pipeline: a.Pipeline, ID: a.ExecutionID})
}

// row is an execution that began at minute from and was last told of at minute
// to, with everything else in pairs.
func row(id, status string, from, to int, more ...any) object {
	minute := func(n int) float64 { return float64(started.Add(time.Duration(n) * time.Minute).Unix()) }
	o := object{"pipelineExecutionId": id, "status": status, "startTime": minute(from), "lastUpdateTime": minute(to)}
	for i := 0; i < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func ask(t *testing.T, q telegraph.Question, size int, all ...object) (release.Facts, int) {
	t.Helper()
	s, c := serve(t)
	s.past(size, all)
	f, err := c.Facts(t.Context(), asked(), q)
	if err != nil {
		t.Fatal(err)
	}
	return f, len(s.inputs["ListPipelineExecutions"])
}

func TestUsualIsTheMedianOfWhatSucceeded(t *testing.T) {
	t.Parallel()
	own := row(execution, "Succeeded", 100, 190)
	back := object{"rollbackTargetPipelineExecutionId": "x"}
	twelve := []object{own}
	for n := range 12 {
		twelve = append(twelve, row(fmt.Sprint("e", n), "Succeeded", 50-n, 60-n+n))
	}
	for name, tt := range map[string]struct {
		all  []object
		want time.Duration
	}{
		"none":                    {nil, 0},
		"only this":               {[]object{own}, 0},
		"one":                     {[]object{own, row("a", "Succeeded", 0, 7)}, 7 * time.Minute},
		"two":                     {[]object{own, row("a", "Succeeded", 10, 17), row("b", "Succeeded", 0, 4)}, 5*time.Minute + 30*time.Second},
		"three, one an exception": {[]object{row("a", "Succeeded", 10, 17), row("b", "Succeeded", 0, 4000), row("c", "Succeeded", 0, 4)}, 7 * time.Minute},
		"the newest ten":          {twelve, 14*time.Minute + 30*time.Second},
		"others do not count": {[]object{
			row("a", "Superseded", 10, 17), row("b", "Failed", 10, 18), row("c", "Stopped", 10, 19), row("d", "InProgress", 10, 20), row("e", "Cancelled", 10, 21),
			row("f", "Succeeded", 10, 22, "executionType", "ROLLBACK"), row("g", "Succeeded", 10, 23, "rollbackMetadata", back), row("h", "Succeeded", 10, 10),
			row("z", "Succeeded", 0, 3),
		}, 3 * time.Minute},
	} {
		if f, _ := ask(t, telegraph.Question{Past: true}, 100, tt.all...); f.Usual != tt.want {
			t.Errorf("%s: %v, want %v", name, f.Usual, tt.want)
		}
	}
}

func TestPreviousIsWhatEndedBefore(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		want string
		all  []object
	}{
		"none":         {"", []object{row(execution, "Succeeded", 10, 20)}},
		"still runs":   {"b FAILED", []object{row(execution, "InProgress", 10, 20), row("b", "Failed", 1, 30), row("a", "Succeeded", 0, 9)}},
		"the last end": {"a SUCCEEDED", []object{row(execution, "Succeeded", 10, 20), row("b", "Failed", 5, 8), row("a", "Succeeded", 0, 9)}},
		"ended after":  {"a FAILED", []object{row("c", "Succeeded", 12, 21), row(execution, "Succeeded", 10, 20), row("b", "Succeeded", 5, 22), row("a", "Failed", 0, 9)}},
		"no verdict": {"a FAILED", []object{
			row(execution, "Succeeded", 10, 20), row("e", "InProgress", 5, 10), row("d", "Cancelled", 5, 11), row("c", "Stopped", 5, 12), row("b", "Superseded", 5, 13), row("a", "Failed", 0, 9),
		}},
	} {
		f, _ := ask(t, telegraph.Question{Past: true}, 100, tt.all...)
		got := ""
		if f.Previous != nil {
			got = f.Previous.ExecutionID + " " + string(f.Previous.State)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestPreviousEndedBeforeTheEndThatEventsTold(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.past(100, []object{row("b", "Succeeded", 5, 25), row("a", "Failed", 0, 9)}) // itself is not listed
	r, _ := asked().Fold(event.PipelineChanged{
		Meta:      event.Meta{Account: home.Account, Region: home.Region, Time: started.Add(20 * time.Minute)},
		Execution: event.Execution{Pipeline: action().Pipeline, ExecutionID: execution, State: event.Failed, Attempt: 1},
	})
	if f, err := c.Facts(t.Context(), r, telegraph.Question{Past: true}); err != nil || f.Previous == nil || f.Previous.ExecutionID != "a" {
		t.Errorf("previous %+v, %v; want a", f.Previous, err)
	}
}

func TestSupersederIsTheNextThatWasUnderWay(t *testing.T) {
	t.Parallel()
	gave := row(execution, "Superseded", 10, 20)
	for name, tt := range map[string]struct {
		want string
		all  []object
	}{
		"not superseded":         {"", []object{row("b", "InProgress", 12, 20), row(execution, "Failed", 10, 20)}},
		"nobody came":            {"", []object{gave, row("a", "InProgress", 1, 30)}},
		"the next":               {"b", []object{row("c", "InProgress", 15, 20), row("b", "InProgress", 12, 20), gave, row("a", "InProgress", 1, 30)}},
		"the next had failed":    {"c", []object{row("c", "Succeeded", 15, 90), row("b", "Failed", 12, 14), gave}},
		"the next ended since":   {"b", []object{row("b", "Superseded", 12, 25), gave}},
		"at the same moment":     {"b", []object{row("c", "InProgress", 15, 30), row("b", "Superseded", 12, 20), gave}},
		"began too late":         {"", []object{row("b", "InProgress", 21, 30), gave}},
		"a roll-back in between": {"c", []object{row("c", "InProgress", 15, 20), row("b", "Succeeded", 12, 30, "executionType", "ROLLBACK"), gave}},
		"the status says":        {"c", []object{row("c", "InProgress", 15, 20), row("b", "InProgress", 12, 20), with(gave, "statusSummary", "Superseded by c.")}},
	} {
		f, _ := ask(t, telegraph.Question{Origin: true}, 100, tt.all...)
		if f.SupersededBy != tt.want {
			t.Errorf("%s: %q, want %q", name, f.SupersededBy, tt.want)
		}
	}
}

func TestListIsReadNoFurtherThanNeedBe(t *testing.T) {
	t.Parallel()
	var running []object
	for n := range 50 {
		running = append(running, row(fmt.Sprint("r", n), "InProgress", 90-n, 90))
	}
	done := row("done", "Succeeded", 1, 9)
	for name, tt := range map[string]struct {
		q    telegraph.Question
		all  []object
		want int
	}{
		"all on the first page":  {everything, append([]object{row(execution, "InProgress", 99, 99), done}, running...), 1},
		"itself on the second":   {telegraph.Question{Origin: true}, append(append([]object{}, running[:12]...), row(execution, "InProgress", 10, 99), running[13], running[14]), 2},
		"itself is not asked":    {telegraph.Question{Past: true}, append([]object{done}, running...), 1},
		"a success on the third": {telegraph.Question{Past: true}, append(append([]object{row(execution, "InProgress", 99, 99)}, running[:21]...), done, running[22]), 3},
		"a success nowhere":      {telegraph.Question{Past: true}, append([]object{row(execution, "InProgress", 99, 99)}, running...), 3},
		"the list ends":          {telegraph.Question{Past: true}, running[:3], 1},
	} {
		if _, calls := ask(t, tt.q, 10, tt.all...); calls != tt.want {
			t.Errorf("%s: %d pages, want %d", name, calls, tt.want)
		}
	}
}

func TestTriggersAreToldInWordsForPeople(t *testing.T) {
	t.Parallel()
	const sts, iam = "arn:aws:sts::111122223333:assumed-role/", "arn:aws:iam::111122223333:"
	for _, tt := range [][3]string{
		{"StartPipelineExecution", sts + "AWSReservedSSO_Release_0123456789abcdef/dana@example.com", "dana@example.com (Release)"},
		{"StartPipelineExecution", sts + "Scheduler/aws-sdk-go-1", "the role Scheduler"},
		{"StartPipelineExecution", iam + "user/ops/dana", "dana"},
		{"StartPipelineExecution", iam + "root", "the root user of 111122223333"},
		{"StartPipelineExecution", "", "somebody who pressed Release change"},
		{"CloudWatchEvent", "arn:aws:events:eu-west-1:111122223333:rule/nightly", "the rule nightly"},
		{"CloudWatchEvent", "", "a change in the source"},
		{"Webhook", "arn:aws:codestar-connections:eu-west-1:111122223333:connection/1", "a push to the repository"},
		{"Webhook", "arn:aws:codepipeline:eu-west-1:111122223333:webhook:orders", "a push to the repository"},
		{"WebhookV2", `{"ProviderType":"GitHub"}`, "a push to the repository"},
		{"PollForSourceChanges", "Source", "a change in the source"},
		{"CreatePipeline", iam + "user/dana", "the creation of the pipeline by dana"},
		{"PutActionRevision", "", "a new revision"},
		{"ManualRollback", sts + "Developer/dana", "a rollback by dana (Developer)"},
		{"ManualRollback", execution, "a rollback"},
		{"AutomatedRollback", execution, "an automatic rollback"},
		{"SomethingNew", "arn:aws:x:y:z:w", "SomethingNew"},
		{"", "", ""},
	} {
		own := row(execution, "InProgress", 1, 2, "trigger", object{"triggerType": tt[0], "triggerDetail": tt[1]})
		if f, _ := ask(t, telegraph.Question{Origin: true}, 100, own); f.TriggeredBy != tt[2] {
			t.Errorf("%s %s: %q, want %q", tt[0], tt[1], f.TriggeredBy, tt[2])
		}
	}
	if f, _ := ask(t, telegraph.Question{Origin: true}, 100, row(execution, "InProgress", 1, 2)); f.TriggeredBy != "" || strings.TrimSpace(f.Mode) != "" {
		t.Errorf("without a trigger: %+v", f)
	}
}
