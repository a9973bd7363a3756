package api_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func model(t testing.TB) *api.Model {
	t.Helper()
	m, err := api.LoadModel()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestInputKeepsOnlyWhatTheModelKnows(t *testing.T) {
	t.Parallel()
	got, err := model(t).Input("GetPipeline", []byte(`{"name":"orders","NAME":"<script>","extra":{"a":[1]},"version":null}`))
	if err != nil || string(got) != `{"name":"orders"}` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestMessageIsBoundedHoweverLargeTheInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é!", 5000)
	body := `{"pipelineName":"` + long + `","filter":{"pipelineExecutionId":"` + long + `"}}`
	_, err := model(t).Input("ListActionExecutions", []byte(body))
	if err == nil || len(err.Error()) > 4000 {
		t.Errorf("message of %d bytes", len(err.Error()))
	}
	list := `{"name":"a","variables":[` + strings.TrimSuffix(strings.Repeat(`{},`, 1000), ",") + `]}`
	if _, err := model(t).Input("StartPipelineExecution", []byte(list)); err == nil || len(err.Error()) > 4000 {
		t.Errorf("message of %d bytes for a list", len(err.Error()))
	}
}

func TestMapKeysAndValuesAreChecked(t *testing.T) {
	t.Parallel()
	const job = `"jobId":"00000000-0000-4000-8000-000000000000"`
	for body, want := range map[string]string{
		`{` + job + `,"outputVariables":{"a b":"x"}}`:              "outputVariables.key",
		`{` + job + `,"outputVariables":{"a":7}}`:                  "'outputVariables.a' is not a string",
		`{` + job + `,"executionDetails":{"percentComplete":101}}`: "less than or equal to 100",
		`{` + job + `,"executionDetails":{"percentComplete":1.5}}`: "not an integer",
		`{` + job + `,"currentRevision":{"revision":"1"}}`:         "'currentRevision.changeIdentifier'",
		`{` + job + `,"outputVariables":[]}`:                       "not a map",
		`{` + job + `,"executionDetails":"x"}`:                     "not a structure",
		`{` + job + `,"continuationToken":true}`:                   "not a string",
		`{` + job + `,"continuationToken":""}`:                     "greater than or equal to 1",
	} {
		if _, err := model(t).Input("PutJobSuccessResult", []byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

func TestTimeTravelsAsEpochSeconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 9, 15, 2, 417e6, time.UTC)
	raw, err := json.Marshal(api.Time{Time: at})
	if err != nil || string(raw) != "1773134102.417" {
		t.Errorf("wrote %s, %v", raw, err)
	}
}

// FuzzInput looks for bodies that break the checker: every body is either
// cleaned, and then clean for good, or refused with an *api.Error.
func FuzzInput(f *testing.F) {
	f.Add("GetPipeline", []byte(`{"name":"orders","version":1}`))
	f.Add("PutJobSuccessResult", []byte(`{"jobId":"x","outputVariables":{"a":"b"}}`))
	f.Add("CreatePipeline", []byte(`{"pipeline":{"stages":[{"actions":[null,{"configuration":{"a":"b"}}]}]}}`))
	m := model(f)
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		if !m.Known(op) {
			return
		}
		clean, err := m.Input(op, body)
		if err != nil {
			if refusal := (*api.Error)(nil); !errors.As(err, &refusal) {
				t.Fatalf("%s %q: %v is no refusal", op, body, err)
			}
			return
		}
		again, err := m.Input(op, clean)
		if err != nil || string(again) != string(clean) {
			t.Errorf("%s %q: cleaning twice gave %s, then %s (%v)", op, body, clean, again, err)
		}
	})
}
