package codebuild

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// maxAskedFor is the largest question about a log, in bytes: it names a group,
// a stream and some numbers.
const maxAskedFor = 64 << 10

// Beside is CodeBuild and all of CloudWatch Logs on one address: builds, a
// Service's Handler, answers for what builds have written, and the AWS at
// endpoint for what anything else has, such as functions.
func Beside(builds http.Handler, endpoint *url.URL) http.Handler {
	others := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(endpoint) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.Header.Get("X-Amz-Target"); strings.HasPrefix(target, logsTarget) && !ofBuild(w, r, target) {
			others.ServeHTTP(w, r)
			return
		}
		builds.ServeHTTP(w, r)
	})
}

// ofBuild reports whether r asks for the log of a build, and leaves its body as
// it was. Builds write to a group of CodeBuild's or to one that a project
// names; any other of AWS's groups belongs to another service.
func ofBuild(w http.ResponseWriter, r *http.Request, target string) bool {
	if target != logsTarget+"GetLogEvents" {
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAskedFor))
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	var asked struct {
		Group string `json:"logGroupName"`
		ARN   string `json:"logGroupIdentifier"`
	}
	if err != nil || json.Unmarshal(body, &asked) != nil {
		return true // the stand-in says what is wrong with it
	}
	group := asked.Group
	if _, name, ok := strings.Cut(asked.ARN, ":log-group:"); ok && group == "" {
		group = name
	}
	return !strings.HasPrefix(group, "/aws/") || strings.HasPrefix(group, "/aws/codebuild/")
}
