package codebuild_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type logPage struct {
	Events []struct {
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	} `json:"events"`
	Forward  string `json:"nextForwardToken"`
	Backward string `json:"nextBackwardToken"`
}

func (p logPage) lines() []string {
	var out []string
	for _, e := range p.Events {
		out = append(out, strings.TrimSuffix(stamped.ReplaceAllString(e.Message, ""), "\n"))
	}
	return out
}

var stamped = regexp.MustCompile(`^\[Container\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} `)

// logs asks for a part of a log; a refusal comes back as its type.
func (w *world) logs(body string) (logPage, string) {
	w.t.Helper()
	status, answer := w.request(http.MethodPost, w.api.URL, "Logs_20140328.GetLogEvents", body)
	var page logPage
	var refusal api.Error
	if err := json.Unmarshal([]byte(answer), &page); err != nil {
		w.t.Fatalf("%d %s", status, answer)
	}
	if status != http.StatusOK {
		if err := json.Unmarshal([]byte(answer), &refusal); err != nil {
			w.t.Fatalf("%d %s", status, answer)
		}
	}
	return page, refusal.Type
}

func TestLogTellsWhatTheCommandsPrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	b := w.run("orders", codebuild.Script{
		Outcome: "FAILED", Message: "Error while executing command: npm test. Reason: exit status 1",
		Log: []string{"1 passing", "<!channel> 1 failing"},
	})
	page, refusal := w.logs(`{"logGroupName":"` + *b.Logs.GroupName + `","logStreamName":"` + *b.Logs.StreamName + `","limit":15,"startFromHead":false}`)
	want := []string{
		"Phase complete: PRE_BUILD State: SUCCEEDED", "Phase context status code:  Message: ",
		"Entering phase BUILD", "Running command npm test", "1 passing", "<!channel> 1 failing", "Command did not exit successfully npm test exit status 1",
		"Phase complete: BUILD State: FAILED",
		"Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: npm test. Reason: exit status 1",
		"Entering phase POST_BUILD", "Phase complete: POST_BUILD State: SUCCEEDED", "Phase context status code:  Message: ",
		"Phase complete: UPLOAD_ARTIFACTS State: SUCCEEDED", "Phase context status code:  Message: ",
	}
	if diff := cmp.Diff(want, page.lines()[1:]); diff != "" || refusal != "" {
		t.Errorf("%s, log differs (-want +got):\n%s", refusal, diff)
	}
	for i, e := range page.Events[1:] {
		if e.Timestamp < page.Events[i].Timestamp {
			t.Errorf("line %q is earlier than the one before", e.Message)
		}
	}
}

func TestLogIsReadInPartsFromEitherEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	var script codebuild.Script
	for i := range 95 {
		script.Log = append(script.Log, "line "+strconv.Itoa(i))
	}
	b := w.run("orders", script)
	stream := `"logGroupIdentifier":"arn:aws:logs:eu-west-1:111122223333:log-group:` + *b.Logs.GroupName + `","logStreamName":"` + *b.Logs.StreamName + `"`
	all, _ := w.logs(`{` + stream + `}`)
	var forward, backward []string
	page, _ := w.logs(`{` + stream + `,"limit":10,"startFromHead":true}`)
	for len(page.Events) > 0 {
		forward = append(forward, page.lines()...)
		page, _ = w.logs(`{` + stream + `,"limit":10,"nextToken":"` + page.Forward + `"}`)
	}
	end, _ := w.logs(`{` + stream + `,"nextToken":"` + page.Forward + `"}`)
	if end.Forward != page.Forward {
		t.Errorf("at the end %s is followed by %s", page.Forward, end.Forward)
	}
	for page, _ = w.logs(`{` + stream + `,"limit":10}`); len(page.Events) > 0; {
		backward = append(page.lines(), backward...)
		page, _ = w.logs(`{` + stream + `,"limit":10,"nextToken":"` + page.Backward + `"}`)
	}
	if diff := cmp.Diff(all.lines(), forward); diff != "" || len(forward) < 95 {
		t.Errorf("read forward (-all +parts):\n%s", diff)
	}
	if diff := cmp.Diff(all.lines(), backward); diff != "" {
		t.Errorf("read backward (-all +parts):\n%s", diff)
	}
	from, to := morning.Add(60*time.Second).UnixMilli(), morning.Add(70*time.Second).UnixMilli()
	some, _ := w.logs(`{` + stream + `,"startTime":` + strconv.FormatInt(from, 10) + `,"endTime":` + strconv.FormatInt(to, 10) + `}`)
	if n := len(some.Events); n < 10 || n >= 95 || some.Events[0].Timestamp < from || some.Events[n-1].Timestamp >= to {
		t.Errorf("%d lines of ten seconds", n)
	}
}

func TestLogThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	off := standalone("carts")
	off.LogsConfig = &codebuild.LogsConfig{CloudWatchLogs: &codebuild.CloudWatchLogs{Status: "DISABLED"}}
	w.declare(off)
	if b := w.run("carts", codebuild.Script{}); b.Logs.GroupName != nil {
		t.Errorf("logs %+v, though disabled", b.Logs)
	}
	const group = `"logGroupName":"/aws/codebuild/orders"`
	w.start("orders")
	if _, refusal := w.logs(`{` + group + `,"logStreamName":"x"}`); refusal != "ResourceNotFoundException" {
		t.Errorf("before the container runs: %q", refusal)
	}
	w.clock.Advance(whole)
	for body, want := range map[string]string{
		`{` + group + `,"logStreamName":"x"}`:                         "ResourceNotFoundException",
		`{"logGroupName":"/aws/codebuild/carts","logStreamName":"x"}`: "ResourceNotFoundException",
		`{` + group + `}`:       "InvalidParameterException",
		`{"logStreamName":"x"}`: "InvalidParameterException",
		`{` + group + `,"logStreamName":"x","limit":10001}`: "InvalidParameterException",
		`{` + group + `,"logStreamName":"a:b"}`:             "InvalidParameterException",
		`[]`:                                                "SerializationException",
	} {
		if _, refusal := w.logs(body); refusal != want {
			t.Errorf("%s: %q, want %s", body, refusal, want)
		}
	}
	id := w.run("orders", codebuild.Script{})
	for _, token := range []string{"x", "f/", "f/-1", "f/99999999999999999999", "f/1000000", "c/0"} {
		if _, refusal := w.logs(`{` + group + `,"logStreamName":"` + *id.Logs.StreamName + `","nextToken":"` + token + `"}`); refusal != "InvalidParameterException" {
			t.Errorf("token %s: %q", token, refusal)
		}
	}
	if status, answer := w.request(http.MethodPost, w.api.URL, "Logs_20140328.FilterLogEvents", `{}`); status != http.StatusBadRequest || !strings.Contains(answer, "NotImplementedException") {
		t.Errorf("another operation: %d %s", status, answer)
	}
}
