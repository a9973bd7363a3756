package build_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

// events is an answer of GetLogEvents. Lines that begin with "> " are what the
// container itself writes.
func events(t *testing.T, lines ...string) string {
	t.Helper()
	type event struct {
		Message string `json:"message"`
	}
	var all []event
	for i, l := range lines {
		if own, ok := strings.CutPrefix(l, "> "); ok {
			l = fmt.Sprintf("[Container] 2026/03/10 09:16:%02d.123456 %s", i%60, own)
		}
		all = append(all, event{l + "\n"})
	}
	raw, err := json.Marshal(map[string]any{"events": all})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestLogShowsWhatTheCommandThatFailedPrinted(t *testing.T) {
	t.Parallel()
	const (
		failed  = "> Command did not exit successfully make test exit status 2"
		over    = "> Phase complete: BUILD State: FAILED"
		context = "> Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: make test. Reason: exit status 2"
		begin   = "-----BEGIN " + "PRIVATE" + " KEY-----"
		end     = "-----END " + "PRIVATE" + " KEY-----"
	)
	numbered := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprint("line ", i))
		}
		return all
	}
	ending := []string{failed[2:], over[2:], context[2:]}
	tests := []struct {
		name    string
		in      []string
		want    []string
		missing string
	}{
		{
			"what other commands and phases printed is left out",
			[]string{"> Running command make", "made", "> Running command make test", "FAIL", "", failed, over, context, "> Entering phase POST_BUILD", "> Running command echo", "bye", "> Phase complete: POST_BUILD State: SUCCEEDED", "> Phase context status code:  Message: "},
			append([]string{"Running command make test", "FAIL"}, ending...), "",
		},
		{
			"a later phase has failed too",
			[]string{"> Running command make test", "FAIL", failed, over, context, "> Running command docker push", "no image", "> Command did not exit successfully docker push exit status 1", "> Phase complete: POST_BUILD State: FAILED"},
			append([]string{"Running command make test", "FAIL"}, ending...), "",
		},
		{
			"an older form of what the container writes",
			[]string{"[Container] 2018/07/29 23:51:23 Running command x", "[Container] 2018/07/29 23:51:23 Phase complete: INSTALL Success: true", "x: not found", "[Container] 2018/07/29 23:51:23 Phase complete: BUILD Success: false"},
			[]string{"Running command x", "x: not found", "Phase complete: BUILD Success: false"}, "",
		},
		{
			"a command of many lines",
			[]string{"> Running command set -e\nmake test", "FAIL", "> Command did not exit successfully set -e\nmake test\nmake clean exit status 2", over, context},
			[]string{"Running command set -e", "make test", "FAIL", "Command did not exit successfully set -e", over[2:], context[2:]}, "",
		},
		{"more lines than are shown", append(append(numbered(40), failed), over, context), append(numbered(40)[23:], ending...), ""},
		{
			"the failure is out of reach",
			append([]string{"> Phase complete: BUILD_X State: FAILED", "> Entering phase POST_BUILD"}, numbered(3)...),
			append([]string{"Phase complete: BUILD_X State: FAILED"}, numbered(3)...), "The end of the log, which is shown, does not reach back to where BUILD failed.",
		},
		{"an end in the middle", append([]string{"> Entering phase BUILD"}, numbered(2)...), numbered(2), ""},
		{"no word of the container", numbered(2), numbered(2), ""},
		{"nothing but noise", []string{"> Waiting for agent ping", "", " "}, nil, ""},
		{
			"secrets, over several lines too",
			[]string{"export DB_PASSWORD=" + password, begin, "MIIEow" + password, end, failed, over, context},
			append([]string{"export DB_PASSWORD=[hidden]", begin, "[hidden]", end}, ending...), "",
		},
		{"progress bars and colours", []string{"10%\r\x1b[32m20%\x1b[0m\r", failed, over, context}, append([]string{"10% 20%"}, ending...), ""},
	}
	w := newWorld(t)
	id := w.run(codebuild.Script{Outcome: "FAILED"})
	for _, tt := range tests {
		w.breaks("GetLogEvents", saying(events(t, tt.in...)))
		f := w.failure(id)
		if diff := cmp.Diff(tt.want, f.Log); diff != "" || strings.Join(f.Missing, "") != tt.missing {
			t.Errorf("%s: missing %q (-want +got):\n%s", tt.name, f.Missing, diff)
		}
	}
}

func TestFailureStaysSmall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := failing
	s.Message = "Error while executing command: " + strings.Repeat("x ", 400) + ". Reason: exit status 1"
	s.Tests = map[string][]codebuild.Test{}
	for i := range 5 {
		name := fmt.Sprint("suite", i)
		for range 4 {
			s.Tests[name] = append(s.Tests[name], codebuild.Test{Name: strings.Repeat("名", 160), Suite: strings.Repeat("<", 200), Status: "FAILED", Message: strings.Repeat("&", 300)})
		}
	}
	id := w.run(s)
	for _, piece := range []string{"x", "<", "日", "👩‍💻", "\\", "\u2028"} {
		var lines []string
		for range 60 {
			lines = append(lines, strings.Repeat(piece, 5000))
		}
		w.breaks("GetLogEvents", saying(events(t, lines...)))
		f := w.failure(id)
		total := 0
		for _, l := range f.Log {
			n := utf8.RuneCountInString(l)
			if total += n + 1; n > 300 {
				t.Errorf("%q: a line of %d characters", piece, n)
			}
		}
		if total > 2500 || len(f.Tests)+f.MoreTests != 20 || len(f.Tests) > 10 || utf8.RuneCountInString(f.Message) > 500 || f.Phase == "" {
			t.Errorf("%q: log of %d characters, %d tests and %d more", piece, total, len(f.Tests), f.MoreTests)
		}
	}
	if n := len(slices.DeleteFunc(w.counted(), func(c string) bool { return c != "DescribeTestCases" })); n != 6*3 {
		t.Errorf("asked for tests %d times, want three reports each", n)
	}
}

func TestConsolesArePartitionsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for region, want := range map[string]string{
		"eu-west-1":     "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/orders/build/orders%3A1/?region=eu-west-1",
		"us-gov-west-1": "https://console.amazonaws-us-gov.com/codesuite/codebuild/111122223333/projects/orders/build/orders%3A1/?region=us-gov-west-1",
		"cn-north-1":    "https://cn-north-1.console.amazonaws.cn/codesuite/codebuild/111122223333/projects/orders/build/orders%3A1/?region=cn-north-1",
		"evil/..":       "",
	} {
		p := here
		p.Region = region
		if f, _ := w.Failure(t.Context(), p, "orders:1"); f.URL != want {
			t.Errorf("%s: %s", region, f.URL)
		}
	}
}

func TestAnswersThatMakeNoSenseAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.run(failing)
	long := strings.Repeat("&", 9000)
	for _, answer := range []string{
		`{"builds":[{}]}`,
		`{"builds":[{"buildStatus":"FAILED","endTime":1e300,"phases":[{"phaseType":"` + long + `","phaseStatus":"FAILED","durationInSeconds":-1e300,"contexts":[{"statusCode":" ","message":""},{"statusCode":"` + long + `","message":"` + long + `"}]}],"logs":{"groupName":"a","streamName":"b","deepLink":"https://` + long + `"},"reportArns":["` + long + `"]}]}`,
		`{"builds":[{"buildStatus":"` + long + `","phases":[{"phaseType":"` + long + `","phaseStatus":"FAILED","contexts":[{"statusCode":"` + long + `","message":"Error while executing command: ` + long + `. Reason: ` + long + `"}]}]}]}`,
		`{"builds":[{"buildStatus":"NEW_WORD","phases":[{"phaseType":"X","phaseStatus":"ODD"}],"logs":{"groupName":"","deepLink":"https://console/group=null"}}]}`,
	} {
		w.breaks("BatchGetBuilds", saying(answer))
		f := w.failure(id)
		if f.LogURL != "" || f.Seconds != 0 || f.EndedAt.After(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%.60s: %+v", answer, f)
		}
	}
}
