package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browser follows no redirection, so that a test sees it.
var browser = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type reply struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, request *http.Request) reply {
	t.Helper()
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func ask(t *testing.T, method, address string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, request)
}

// post sends a form, as a browser does.
func post(t *testing.T, address string, form url.Values) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, request)
}

// list reads a call of the console's contract.
func list[T any](t *testing.T, s *system, path string) T {
	t.Helper()
	answer := ask(t, http.MethodGet, s.URL+path)
	var value T
	if err := json.Unmarshal([]byte(answer.body), &value); err != nil || answer.status != http.StatusOK {
		t.Fatalf("GET %s answers %d %s (%v)", path, answer.status, answer.body, err)
	}
	return value
}

// tell makes a call of the console's contract and expects status.
func tell[T any](t *testing.T, s *system, path string, body any, status int) T {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer := do(t, request)
	var value T
	if err := json.Unmarshal([]byte(answer.body), &value); err != nil || answer.status != status {
		t.Fatalf("POST %s %s answers %d %s (%v), want %d", path, raw, answer.status, answer.body, err, status)
	}
	return value
}
