package codebuild_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestRequestThatIsNoOperationIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const prefix = "CodeBuild_20161006."
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		kind                       string
	}{
		{"another method", http.MethodGet, prefix + "ListBuilds", "", 405, "UnknownOperationException"},
		{"another service", http.MethodPost, "CodePipeline_20150709.ListPipelines", "{}", 400, "UnknownOperationException"},
		{"no target", http.MethodPost, "", "{}", 400, "UnknownOperationException"},
		{"an unknown operation", http.MethodPost, prefix + "MakeCoffee", "{}", 400, "UnknownOperationException"},
		{"an operation of AWS alone", http.MethodPost, prefix + "StartBuildBatch", "{}", 400, "NotImplementedException"},
		{"no JSON", http.MethodPost, prefix + "ListBuilds", "{", 400, "SerializationException"},
		{"a missing member", http.MethodPost, prefix + "StartBuild", "{}", 400, "InvalidInputException"},
		{"too many ids", http.MethodPost, prefix + "BatchGetBuilds", `{"ids":[` + strings.Repeat(`"a",`, 100) + `"a"]}`, 400, "InvalidInputException"},
		{"a number beyond its type", http.MethodPost, prefix + "CreateProject", hugeLimit, 400, "SerializationException"},
		{"too much", http.MethodPost, prefix + "ListBuilds", strings.Repeat(" ", 1<<20+1), 413, "RequestEntityTooLargeException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, answer := w.request(test.method, w.api.URL, test.target, test.body)
			if status != test.status || !strings.Contains(answer, `"__type":"`+test.kind+`"`) || !strings.Contains(answer, `"message":"`) {
				t.Errorf("%d %s, want %d %s", status, answer, test.status, test.kind)
			}
		})
	}
}

const hugeLimit = `{"name":"ab","source":{"type":"GITHUB","location":"x"},"artifacts":{"type":"NO_ARTIFACTS"},"serviceRole":"r",` +
	`"environment":{"type":"ARM_CONTAINER","image":"x","computeType":"BUILD_GENERAL1_SMALL"},"concurrentBuildLimit":99999999999999999999}`
