package secret

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// operation names the call in the protocol, AWS JSON 1.1:
	// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
	operation = "secretsmanager.GetSecretValue"
	// serviceID is the service's name in the settings of endpoints.
	serviceID = "Secrets Manager"
	// maxAnswer bounds an answer in bytes. A value has at most 64 KiB, which
	// six characters a byte may spell in JSON.
	maxAnswer = 6<<16 + 4096
)

// domains are where the services of a partition, the second word of an ARN,
// are reached.
var domains = map[string]string{
	"aws":        "amazonaws.com",
	"aws-cn":     "amazonaws.com.cn",
	"aws-eusc":   "amazonaws.eu",
	"aws-us-gov": "amazonaws.com",
}

// Manager returns the call of AWS Secrets Manager that reads a value, with the
// region, credentials, endpoint, HTTP client and retries of c. now tells the
// time, usually time.Now.
//
// It makes its one request itself. The SDK's client for Secrets Manager would
// cost every cold start a seventh of its time before main begins: see
// docs/decisions/0010-one-call-without-a-client.md.
func Manager(c aws.Config, now func() time.Time) Call {
	m := &manager{config: c, signer: v4.NewSigner(), now: now}
	return m.value
}

type manager struct {
	config aws.Config
	signer *v4.Signer
	now    func() time.Time
}

// value reads a value, again after a pause if the failure may pass.
func (m *manager) value(ctx context.Context, arn, stage string) (string, error) {
	retryer := m.config.Retryer()
	for attempt := 1; ; attempt++ {
		text, err := m.try(ctx, arn, stage)
		if err == nil || attempt >= retryer.MaxAttempts() || !retryer.IsErrorRetryable(err) {
			return text, translated(err)
		}
		pause, pauseErr := retryer.RetryDelay(attempt, err)
		if pauseErr != nil {
			return "", translated(err)
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w, after: %w", ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// translated makes ErrAbsent of the service's word for it.
func translated(err error) error {
	var answer smithy.APIError
	if errors.As(err, &answer) && answer.ErrorCode() == "ResourceNotFoundException" {
		return fmt.Errorf("%w: %w", ErrAbsent, err)
	}
	return err
}

// try makes the request once. Its errors have the types by which the SDK knows
// which of them may pass.
func (m *manager) try(ctx context.Context, arn, stage string) (string, error) {
	request, err := m.request(ctx, arn, stage)
	if err != nil {
		return "", err
	}
	response, err := m.config.HTTPClient.Do(request)
	if err != nil {
		return "", &smithyhttp.RequestSendError{Err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return "", &smithyhttp.RequestSendError{Err: err}
	}
	if response.StatusCode != http.StatusOK {
		return "", refusal(response, body)
	}
	var out struct{ SecretString string }
	if json.Unmarshal(body, &out) != nil { // whose error might quote the value
		return "", errors.New("the answer is not JSON")
	}
	return out.SecretString, nil
}

// request is the signed request.
func (m *manager) request(ctx context.Context, arn, stage string) (*http.Request, error) {
	url, err := m.endpoint(ctx, arn)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]string{"SecretId": arn, "VersionStage": stage})
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", operation)
	credentials, err := m.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("take the credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	err = m.signer.SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), "secretsmanager", m.config.Region, m.now())
	if err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return r, nil
}

// endpoint is what the configuration names, and else the public one of the
// partition that the ARN is from.
func (m *manager) endpoint(ctx context.Context, arn string) (string, error) {
	for _, source := range m.config.ConfigSources {
		if named, ok := source.(interface {
			GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
		}); ok {
			if url, found, err := named.GetServiceBaseEndpoint(ctx, serviceID); found || err != nil {
				return url, err
			}
		}
	}
	if m.config.BaseEndpoint != nil {
		return *m.config.BaseEndpoint, nil
	}
	_, rest, _ := strings.Cut(arn, ":")
	partition, _, _ := strings.Cut(rest, ":")
	domain, ok := domains[partition]
	if !ok {
		return "", fmt.Errorf("no endpoint is known for the partition %q; name it in AWS_ENDPOINT_URL_SECRETS_MANAGER", partition)
	}
	return "https://secretsmanager." + m.config.Region + "." + domain + "/", nil
}

// refusal is what the service answered instead of a value. Its message names
// the secret and the caller, never a value.
func refusal(response *http.Response, body []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil || said.Type == "" {
		said.Type = response.Header.Get("X-Amzn-ErrorType") // from what stands before the service
	}
	code, _, _ := strings.Cut(said.Type[strings.LastIndex(said.Type, "#")+1:], ":")
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: response},
		Err:      &smithy.GenericAPIError{Code: code, Message: said.Message},
	}
}
