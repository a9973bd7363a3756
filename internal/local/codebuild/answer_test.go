package codebuild_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/smithy-go"
)

// steps prints the phases of b, each with what it says.
func steps(b types.Build) []string {
	var out []string
	for _, p := range b.Phases {
		text := strings.TrimSpace(string(p.PhaseType) + " " + string(p.PhaseStatus))
		for _, c := range p.Contexts {
			if s := aws.ToString(c.StatusCode) + ": " + aws.ToString(c.Message); s != ": " {
				text += " " + s
			}
		}
		out = append(out, text)
	}
	return out
}

// refused fails the test unless err is the API error of the type kind.
func refused(t *testing.T, err error, kind string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != kind {
		t.Errorf("got error %v, want %s", err, kind)
	}
}

// request sends body to url and returns status and answer.
func (w *world) request(method, url, target, body string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, url, bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", target)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(out)
}
