package stack_test

import (
	"net/http"
	"slices"
	"testing"
)

func TestEachFunctionGetsWhatItIsLent(t *testing.T) {
	t.Parallel()
	s := start(t, options(t))
	err := s.Lend(t.Context(), func(folder string) map[string]string {
		return map[string]string{
			"AWS_ENDPOINT_URL_SQS":          "http://127.0.0.1:9/fn/" + folder + "/aws",
			"AWS_ENDPOINT_URL_CODEPIPELINE": "http://127.0.0.1:9/fn/" + folder + "/codepipeline", // the process has another
			"SLACK_API_URL":                 "http://127.0.0.1:9/fn/" + folder + "/slack/",       // the template has another
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, path := range map[string]string{"slack": "/slack/commands", "web": "/approve"} {
		_, e := ask(t, http.MethodPost, s.APIURL+path, "")
		at := "=http://127.0.0.1:9/fn/" + folder
		for _, want := range []string{
			"AWS_ENDPOINT_URL_SQS" + at + "/aws", "AWS_ENDPOINT_URL_CODEPIPELINE" + at + "/codepipeline", "SLACK_API_URL" + at + "/slack/",
		} {
			if !slices.Contains(e.Environment, want) {
				t.Errorf("%s lacks %s: %q", folder, want, e.Environment)
			}
		}
		if folder == "web" && !slices.Contains(e.Environment, "TABLE_NAME="+s.Output("TableName")) {
			t.Errorf("what the template says is gone: %q", e.Environment)
		}
	}
}
