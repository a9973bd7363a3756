package event

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"unicode/utf8"
)

// MaxBodyBytes is the longest body that ServeHTTP accepts, once decoded. What
// people and Slack send us is a hundred times smaller.
const MaxBodyBytes = 1 << 20

// A Request is an HTTP request. All of it is outside text, and the query may
// hold a link's token: never log Query, Header or Body.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	// Header has canonical names, so that Get finds them; AWS joins repeated
	// values with commas.
	Header http.Header
	// Body is as the client sent it, base64 undone: a signature is over these
	// bytes.
	Body []byte
	// RequestID names the request in AWS's logs and ours.
	RequestID string
	SourceIP  string
}

// A Response answers a Request.
type Response struct {
	// Status is the HTTP status code; it must be set.
	Status int
	Header map[string]string
	Body   string
}

// gatewayRequest is payload version 2 of an HTTP API or a function URL: the
// part of it that we use.
type gatewayRequest struct {
	Version string            `json:"version"`
	Path    string            `json:"rawPath"`
	Query   string            `json:"rawQueryString"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Base64  bool              `json:"isBase64Encoded"`
	Context struct {
		RequestID string `json:"requestId"`
		HTTP      struct {
			Method   string `json:"method"`
			SourceIP string `json:"sourceIp"`
		} `json:"http"`
	} `json:"requestContext"`
}

type gatewayResponse struct {
	Status  int               `json:"statusCode"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body"`
	Base64  bool              `json:"isBase64Encoded"`
}

// ServeHTTP makes a Lambda handler of handle; pass it to lambda.Start. It
// answers a request that it cannot decode with 400, and a body above
// MaxBodyBytes with 413, before handle sees it. Its error means that AWS sent
// something else than an HTTP request.
func ServeHTTP(handle func(context.Context, Request) Response) func(context.Context, json.RawMessage) (json.RawMessage, error) {
	return func(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
		var in gatewayRequest
		f := &fields{}
		f.json("", raw, &in)
		f.text("requestContext.http.method", in.Context.HTTP.Method)
		if f.err != nil {
			return nil, fmt.Errorf("read HTTP request: %w", &MalformedError{Field: f.bad, Err: f.err})
		}
		if in.Version != "2.0" {
			return nil, fmt.Errorf("read HTTP request: payload version %q is not 2.0", clip(in.Version))
		}
		req, refusal := in.decode()
		if refusal != nil {
			slog.WarnContext(ctx, "http request refused", "request", in.Context.RequestID, "status", refusal.status, "reason", refusal.text)
			return encode(refusal.response())
		}
		return encode(handle(ctx, req))
	}
}

// A refusal is an answer to a request that handle need not see.
type refusal struct {
	status int
	text   string
}

func (r refusal) response() Response {
	return Response{
		Status: r.status,
		Header: map[string]string{
			"Content-Type":           "text/plain; charset=utf-8",
			"Cache-Control":          "no-store",
			"X-Content-Type-Options": "nosniff",
		},
		Body: r.text + "\n",
	}
}

func (in gatewayRequest) decode() (Request, *refusal) {
	body, err := in.body()
	if errors.Is(err, errTooLong) {
		return Request{}, &refusal{http.StatusRequestEntityTooLarge, "The request is longer than 1 MiB."}
	}
	if err != nil {
		return Request{}, &refusal{http.StatusBadRequest, "The request's body is not encoded as it says."}
	}
	query, err := url.ParseQuery(in.Query)
	if err != nil {
		return Request{}, &refusal{http.StatusBadRequest, "The part of the address after the question mark is damaged."}
	}
	header := make(http.Header, len(in.Headers))
	for name, value := range in.Headers {
		header.Set(name, value) // AWS writes names in lower case
	}
	return Request{
		Method:    in.Context.HTTP.Method,
		Path:      in.Path,
		Query:     query,
		Header:    header,
		Body:      body,
		RequestID: in.Context.RequestID,
		SourceIP:  in.Context.HTTP.SourceIP,
	}, nil
}

var errTooLong = errors.New("body too long")

func (in gatewayRequest) body() ([]byte, error) {
	size := len(in.Body)
	if in.Base64 {
		size = base64.StdEncoding.DecodedLen(size) - 2 // at most two bytes of padding
	}
	if size > MaxBodyBytes {
		return nil, errTooLong
	}
	if !in.Base64 {
		return []byte(in.Body), nil
	}
	body, err := base64.StdEncoding.DecodeString(in.Body)
	if err == nil && len(body) > MaxBodyBytes {
		return nil, errTooLong
	}
	return body, err
}

func encode(r Response) (json.RawMessage, error) {
	out := gatewayResponse{Status: r.Status, Headers: r.Header, Body: r.Body}
	if !utf8.ValidString(r.Body) { // JSON cannot carry it as text
		out.Body, out.Base64 = base64.StdEncoding.EncodeToString([]byte(r.Body)), true
	}
	return json.Marshal(out)
}
