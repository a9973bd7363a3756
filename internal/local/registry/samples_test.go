package registry_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ask sends a request of ECR as it is on the wire.
func (w *world) ask(op, body string) map[string]any {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921."+op)
	rec := httptest.NewRecorder()
	w.service.Handler().ServeHTTP(rec, r)
	var v map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil || rec.Code != http.StatusOK {
		w.t.Fatalf("%s answered %d %s (%v)", op, rec.Code, rec.Body, err)
	}
	return v
}

func TestFindingsHaveTheFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ engine, second, page, sample string }{
		{"basic", "LOW", "100", "api-describe-image-scan-findings-basic.json"},
		{"enhanced", "UNTRIAGED", "1", "api-describe-image-scan-findings-enhanced.json"},
	} {
		t.Run(test.engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.push(`{"repository":"orders","tag":"1.8.0","scan":"` + test.engine + `","findings":[
				{"name":"CVE-2099-0001","severity":"CRITICAL","package":"libexample","version":"1.2.3","fixed_in":"1.2.4","description":"A flaw."},
				{"name":"CVE-2099-0002","severity":"` + test.second + `","package":"tinylib","version":"0.9"}]}`)
			w.clock.Advance(time.Minute)
			got := w.ask("DescribeImageScanFindings", `{"repositoryName":"orders","imageId":{"imageTag":"1.8.0"},"maxResults":`+test.page+`}`)
			if diff := cmp.Diff(fieldSet(sample(t, test.sample)), fieldSet(got)); diff != "" {
				t.Errorf("fields differ (-sample +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsAreWrittenAsTheServicesWriteThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		name, path, target, body string
		status                   int
		kind, text               string
	}{
		{
			"a model's rule", "/", "DescribeImages", `{"repositoryName":"Orders"}`, 400, "InvalidParameterException",
			`{"__type":"InvalidParameterException","message":"1 validation error detected: Value 'Orders' at 'repositoryName' failed to satisfy constraint: Member must satisfy regular expression pattern: `,
		},
		{
			"a missing repository", "/", "DescribeImages", `{"repositoryName":"orders"}`, 400, "RepositoryNotFoundException",
			`{"__type":"RepositoryNotFoundException","message":"The repository with name 'orders' does not exist in the registry with id '111122223333'"}`,
		},
		{"an operation of nobody", "/", "MakeTea", `{}`, 400, "UnknownOperationException", `{"__type":"UnknownOperationException","message":"ECR has no operation 'MakeTea'"}`},
		{"an operation that is not here", "/", "PutLifecyclePolicy", `{}`, 400, "NotImplementedException", `{"__type":"NotImplementedException",`},
		{"another service", "/", "", `{}`, 400, "UnknownOperationException", `{"__type":"UnknownOperationException",`},
		{"no JSON", "/", "ListImages", `{`, 400, "SerializationException", `{"__type":"SerializationException",`},
		{"too much", "/", "ListImages", strings.Repeat(" ", 10<<20), 413, "RequestEntityTooLargeException", `{"__type":"RequestEntityTooLargeException",`},
		{
			"Inspector", "/findings/list", "", `{"filterCriteria":{"severity":[{"comparison":"EQUALS"}]}}`, 400, "ValidationException",
			`{"message":"1 validation error detected: Value null at 'filterCriteria.severity.1.member.value' failed to satisfy constraint: Member must not be null","reason":"FIELD_VALIDATION_FAILED"}`,
		},
		{"a path of nobody", "/tea", "", `{}`, 404, "UnknownOperationException", `{"message":`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, test.path, strings.NewReader(test.body))
			if test.target != "" {
				r.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921."+test.target)
			}
			rec := httptest.NewRecorder()
			w.service.Handler().ServeHTTP(rec, r)
			if rec.Code != test.status || rec.Header().Get("x-amzn-ErrorType") != test.kind || !strings.HasPrefix(rec.Body.String(), test.text) {
				t.Errorf("answered %d %s %s", rec.Code, rec.Header().Get("x-amzn-ErrorType"), rec.Body)
			}
		})
	}
}
