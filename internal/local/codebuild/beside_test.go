package codebuild_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

// TestLogsOfBuildsAndOfFunctionsHaveOneAddress: a shell has one endpoint for
// CloudWatch Logs, and looks there for both.
func TestLogsOfBuildsAndOfFunctionsHaveOneAddress(t *testing.T) {
	t.Parallel()
	const readLog = "Logs_20140328.GetLogEvents"
	answer := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			_, _ = io.WriteString(w, name+" "+string(body))
		})
	}
	others := httptest.NewServer(answer("others"))
	t.Cleanup(others.Close)
	endpoint, err := url.Parse(others.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(codebuild.Beside(answer("builds"), endpoint))
	t.Cleanup(server.Close)
	for _, c := range []struct{ target, body, want string }{
		{"CodeBuild_20161006.BatchGetBuilds", `{"ids":["a"]}`, "builds"},
		{readLog, `{"logGroupName":"/aws/codebuild/web-shop-build","logStreamName":"1"}`, "builds"},
		{readLog, `{"logGroupIdentifier":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/codebuild/a"}`, "builds"},
		{readLog, `{"logGroupName":"builds/of/ours"}`, "builds"},
		{readLog, `{`, "builds"},
		{readLog, `{"logGroupName":"/aws/lambda/signalbox-deliver"}`, "others"},
		{readLog, `{"logGroupIdentifier":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/a"}`, "others"},
		{"Logs_20140328.FilterLogEvents", `{"logGroupName":"/aws/codebuild/a"}`, "others"},
		{"", "", "builds"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Amz-Target", c.target)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if want := c.want + " " + c.body; err != nil || string(got) != want {
			t.Errorf("%s %s is answered %q, %v; want %q", c.target, c.body, got, err, want)
		}
	}
}
