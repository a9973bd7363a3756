package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds what a Player reads of an answer, in bytes.
const maxAnswer = 8 << 20

// A refusal is an answer of the contract that says no.
type refusal struct {
	status   int
	sentence string
}

func (r refusal) Error() string { return r.sentence }

// call makes a call of the contract and decodes its answer into out, which may
// be nil. A nil body makes it a GET.
func (p *Player) call(ctx context.Context, path string, body, out any) error {
	method, content := http.MethodGet, io.Reader(http.NoBody)
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write the body of %s: %w", path, err)
		}
		method, content = http.MethodPost, bytes.NewReader(raw)
	}
	status, answer, err := p.send(ctx, method, p.options.URL+path, "application/json", content)
	if err != nil {
		return fmt.Errorf("call %s: %w", path, err)
	}
	if status != http.StatusOK {
		var said struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(answer, &said) != nil || said.Error == "" {
			said.Error = fmt.Sprintf("%s answers %d", path, status)
		}
		return refusal{status, said.Error}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", path, err)
	}
	return nil
}

// form sends a form, as a browser does, and returns the status.
func (p *Player) form(ctx context.Context, address string, fields url.Values) (int, error) {
	status, _, err := p.send(ctx, http.MethodPost, address, "application/x-www-form-urlencoded", strings.NewReader(fields.Encode()))
	return status, err
}

func (p *Player) send(ctx context.Context, method, address, kind string, body io.Reader) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", kind)
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }() // it has been read to its end
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return response.StatusCode, answer, err
}

// A line is a pipeline as GET /local/pipelines shows it.
type line struct {
	Name   string `json:"name"`
	Stages []struct {
		Name      string   `json:"name"`
		Status    string   `json:"status"`
		Execution string   `json:"execution"`
		Waiting   []string `json:"waiting"`
	} `json:"stages"`
	Executions []execution `json:"executions"`
}

type execution struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	Stage     string `json:"stage"`
	Waiting   bool   `json:"waiting"`
	Approving bool   `json:"approving"`
}

// A message is one of Slack's. Its blocks are searched, not understood.
type message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	EphemeralTo string          `json:"ephemeral_to"`
	Blocks      json.RawMessage `json:"blocks"`
}

type view struct {
	ID   string `json:"id"`
	User string `json:"user"`
}

type letter struct {
	Body string `json:"body"`
}
