package codepipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// levelled is a line with a variable that has a default, one that has none, and
// an approval that shows both.
func levelled() api.Declaration {
	d := line(api.Superseded, gateStage(map[string]string{"CustomData": "#{variables.LEVEL} #{variables.TICKET} of #{Src.ObjectKey}"}))
	d.Variables = []api.Variable{{Name: "LEVEL", DefaultValue: "low"}, {Name: "TICKET"}}
	return d
}

func (w *world) startWith(values ...string) (string, error) {
	in := &sdk.StartPipelineExecutionInput{Name: aws.String("orders")}
	for i := 0; i < len(values); i += 2 {
		in.Variables = append(in.Variables, types.PipelineVariable{Name: &values[i], Value: &values[i+1]})
	}
	out, err := w.StartPipelineExecution(w.t.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.PipelineExecutionId, nil
}

func TestPipelineVariablesAreGivenAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(levelled())
	for want, values := range map[string][]string{
		"low PAY-1 of k":  {"TICKET", "PAY-1"},
		"high PAY-2 of k": {"TICKET", "PAY-2", "LEVEL", "high"},
	} {
		id, err := w.startWith(values...)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
		gate := w.runs("orders", id)[1]
		if got := gate.Input.ResolvedConfiguration["CustomData"]; got != want {
			t.Errorf("CustomData %q, want %q", got, want)
		}
		if got := gate.Input.Configuration["CustomData"]; !strings.Contains(got, "#{variables.LEVEL}") {
			t.Errorf("the configuration as declared is %q", got)
		}
		if err := w.answer("orders", "Gate", "Approve", w.token("orders", "Gate"), types.ApprovalStatusApproved); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStartWithoutARequiredVariableIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(levelled())
	for message, values := range map[string][]string{
		"'TICKET' of pipeline 'orders' has no default": {},
		"does not declare the variable 'COLOUR'":       {"TICKET", "PAY-1", "COLOUR", "red"},
		"'TICKET' is given twice":                      {"TICKET", "PAY-1", "TICKET", "PAY-2"},
	} {
		_, err := w.startWith(values...)
		refused(t, err, "ValidationException")
		if err != nil && !strings.Contains(err.Error(), message) {
			t.Errorf("%v: %v, want %q", values, err, message)
		}
	}
}

func TestConfigurationThatVariablesMakeTooLargeFailsItsAction(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	if err := w.succeed(job.ID, sdk.PutJobSuccessResultInput{OutputVariables: map[string]string{"DIGEST": strings.Repeat("x", 110_000)}}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	e := w.stage("orders", "Gate").ActionStates[0].LatestExecution.ErrorDetails
	if *e.Code != "ConfigurationError" || !strings.Contains(*e.Message, "action Approve has 110") {
		t.Errorf("%s: %s", *e.Code, *e.Message)
	}
}

func TestClientRequestTokenStartsOneExecution(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Queued, buildStage()))
	in := &sdk.StartPipelineExecutionInput{Name: aws.String("orders"), ClientRequestToken: aws.String("release-7")}
	ids := map[string]bool{}
	for range 3 {
		out, err := w.StartPipelineExecution(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		ids[*out.PipelineExecutionId] = true
		w.pass(time.Minute) // it has ended when the third comes
	}
	in.ClientRequestToken = aws.String("release-8")
	out, err := w.StartPipelineExecution(t.Context(), in)
	if err != nil || len(ids) != 1 || ids[*out.PipelineExecutionId] {
		t.Errorf("one token started %v, another %s (%v)", ids, *out.PipelineExecutionId, err)
	}
}

func TestJobResultThatComesLateOrTwiceIsRefused(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	fail := func() error {
		_, err := w.PutJobFailureResult(t.Context(), &sdk.PutJobFailureResultInput{
			JobId: &job.ID, FailureDetails: &types.FailureDetails{Type: types.FailureTypeJobFailed, Message: aws.String(strings.Repeat("é", 5000))},
		})
		return err
	}
	if err := fail(); err != nil {
		t.Fatal(err)
	}
	refused(t, fail(), "InvalidJobStateException")
	refused(t, w.succeed(job.ID, sdk.PutJobSuccessResultInput{ContinuationToken: aws.String("more")}), "InvalidJobStateException")
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	r := w.runs("orders", id)[1].Output.ExecutionResult // checked against the model: a summary is shorter than a message
	if len([]rune(*r.ExternalExecutionSummary)) != 2048 || len([]rune(*r.ErrorDetails.Message)) != 5000 {
		t.Errorf("summary of %d, message of %d characters", len([]rune(*r.ExternalExecutionSummary)), len([]rune(*r.ErrorDetails.Message)))
	}
	late := w.start("orders")
	w.pass(time.Second)
	second := w.job(2)
	w.pass(20 * time.Minute)
	refused(t, w.succeed(second.ID, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException")
	w.wantStatus("orders", late, types.PipelineExecutionStatusFailed)
}
