// Package signed makes single calls of AWS services without their clients:
// signed and sent by the SDK's parts, repeated as the SDK's retryer says.
//
// Linking a service's client costs every cold start time before main begins,
// whether it is used or not; the calls here are made once per approval or per
// hour. See docs/decisions/0010-one-call-without-a-client.md.
package signed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxAnswer bounds an answer in bytes: a hundred builds have less.
const maxAnswer = 4 << 20

// A Service is one of AWS that takes calls here.
type Service struct {
	// ID is the SDK's name of the service, which settings of endpoints use.
	ID string
	// Host comes before the Region in the name of its endpoint.
	Host string
	// Name is what requests are signed for.
	Name string
	// Target comes before the operation in the header of JSON 1.1; empty for
	// the Query protocol.
	Target string
}

// A Caller makes calls with one set of credentials.
type Caller struct {
	config aws.Config
	signer *v4.Signer
	now    func() time.Time
}

// New returns a Caller with the Region, credentials, endpoints, HTTP client
// and retries of c. now tells the time, usually time.Now.
func New(c aws.Config, now func() time.Time) *Caller {
	return &Caller{config: c, signer: v4.NewSigner(), now: now}
}

// JSON calls operation of s, which speaks AWS JSON 1.1, in region, or in that
// of the Caller if it is empty. An answer of the service that is an error is a
// smithy.APIError.
func (c *Caller) JSON(ctx context.Context, s Service, region, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	answer, err := c.call(ctx, request{
		service: s, region: region, body: body, contentType: "application/x-amz-json-1.1", target: s.Target + "." + operation,
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", s.ID, operation, err)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", s.ID, operation, err)
	}
	return nil
}

// Query calls s, which speaks AWS Query, with the Action and parameters in
// form, and reads the XML of the answer into out.
func (c *Caller) Query(ctx context.Context, s Service, form url.Values, out any) error {
	answer, err := c.call(ctx, request{service: s, body: []byte(form.Encode()), contentType: "application/x-www-form-urlencoded"})
	if err != nil {
		return fmt.Errorf("%s %s: %w", s.ID, form.Get("Action"), err)
	}
	if xml.Unmarshal(answer, out) != nil { // whose error might quote credentials
		return fmt.Errorf("%s %s: the answer is not XML", s.ID, form.Get("Action"))
	}
	return nil
}

type request struct {
	service                     Service
	region, contentType, target string
	body                        []byte
}

// call makes a request, again after a pause if the failure may pass.
func (c *Caller) call(ctx context.Context, r request) ([]byte, error) {
	if r.region == "" {
		r.region = c.config.Region
	}
	retryer := c.config.Retryer()
	for attempt := 1; ; attempt++ {
		answer, err := c.try(ctx, r)
		if err == nil || attempt >= retryer.MaxAttempts() || !retryer.IsErrorRetryable(err) {
			return answer, err
		}
		pause, pauseErr := retryer.RetryDelay(attempt, err)
		if pauseErr != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w, after: %w", ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// try makes the request once. Its errors have the types by which the SDK knows
// which of them may pass.
func (c *Caller) try(ctx context.Context, r request) ([]byte, error) {
	req, err := c.sign(ctx, r)
	if err != nil {
		return nil, err
	}
	response, err := c.config.HTTPClient.Do(req)
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	if response.StatusCode != http.StatusOK {
		return nil, refusal(response, body)
	}
	return body, nil
}

// sign is the signed request.
func (c *Caller) sign(ctx context.Context, r request) (*http.Request, error) {
	endpoint, err := c.endpoint(ctx, r.service, r.region)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", r.contentType)
	if r.target != "" {
		req.Header.Set("X-Amz-Target", r.target)
	}
	credentials, err := c.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("take the credentials: %w", err)
	}
	sum := sha256.Sum256(r.body)
	if err := c.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), r.service.Name, r.region, c.now()); err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return req, nil
}
