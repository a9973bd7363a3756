package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/httpbinding"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// serviceID is the service's name in the settings of endpoints.
	serviceID = "S3"
	// maxAnswer bounds an answer in bytes; S3's errors have some hundred.
	maxAnswer = 64 << 10
)

// Bucket returns the Put of Amazon S3, with the region, credentials, endpoint,
// HTTP client and retries of c. now tells the time, usually time.Now.
//
// It makes its one request itself, as internal/secret does and for the same
// reason: the SDK's client for S3 would add a third of a megabyte to the package
// of a function that puts one object now and then.
func Bucket(c aws.Config, now func() time.Time) Put {
	b := &bucket{config: c, now: now, signer: v4.NewSigner(func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = true // S3 alone signs the path as it is sent
	})}
	return b.put
}

type bucket struct {
	config aws.Config
	signer *v4.Signer
	now    func() time.Time
}

// put stores an object, trying again after a pause if the failure may pass.
func (b *bucket) put(ctx context.Context, name, key string, body []byte) error {
	retryer := b.config.Retryer()
	for attempt := 1; ; attempt++ {
		err := b.try(ctx, name, key, body)
		if err == nil || errors.Is(err, ErrExists) || attempt >= retryer.MaxAttempts() || !passing(retryer, err) {
			return err
		}
		pause, pauseErr := retryer.RetryDelay(attempt, err)
		if pauseErr != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, after: %w", ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// passing reports whether err may pass. That another write of the same key was
// under way is one that only S3 knows:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func passing(retryer aws.Retryer, err error) bool {
	var answer smithy.APIError
	if errors.As(err, &answer) && answer.ErrorCode() == "ConditionalRequestConflict" {
		return true
	}
	return retryer.IsErrorRetryable(err)
}

// try makes the request once. Its errors have the types by which the SDK knows
// which of them may pass.
func (b *bucket) try(ctx context.Context, name, key string, body []byte) error {
	request, err := b.request(ctx, name, key, body)
	if err != nil {
		return err
	}
	response, err := b.config.HTTPClient.Do(request)
	if err != nil {
		return &smithyhttp.RequestSendError{Err: withoutURL(err)}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case err != nil:
		return &smithyhttp.RequestSendError{Err: err}
	case response.StatusCode == http.StatusPreconditionFailed:
		return ErrExists
	case response.StatusCode != http.StatusOK:
		return refusal(response, answer)
	}
	return nil
}

// withoutURL is for errors of HTTP clients, which quote the URL.
func withoutURL(err error) error {
	var quoting *url.Error
	if errors.As(err, &quoting) {
		return quoting.Err
	}
	return err
}

// request is the signed request.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func (b *bucket) request(ctx context.Context, name, key string, body []byte) (*http.Request, error) {
	base, err := b.endpoint(ctx)
	if err != nil {
		return nil, err
	}
	// Escaped as S3 does it, which is more than a URL needs.
	target := strings.TrimSuffix(base, "/") + "/" + name + "/" + httpbinding.EscapePath(key, false)
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", withoutURL(err))
	}
	sum := sha256.Sum256(body)
	payload := hex.EncodeToString(sum[:])
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("If-None-Match", "*")
	r.Header.Set("X-Amz-Content-Sha256", payload)
	// A bucket with Object Lock takes nothing without a checksum.
	r.Header.Set("X-Amz-Checksum-Sha256", base64.StdEncoding.EncodeToString(sum[:]))
	credentials, err := b.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("take the credentials: %w", err)
	}
	if err := b.signer.SignHTTP(ctx, credentials, r, payload, "s3", b.config.Region, b.now()); err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return r, nil
}

// endpoint is what the configuration names, and else the public one. The bucket
// goes into the path, where any name of a bucket and any endpoint will do.
func (b *bucket) endpoint(ctx context.Context) (string, error) {
	for _, source := range b.config.ConfigSources {
		if named, ok := source.(interface {
			GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
		}); ok {
			if base, found, err := named.GetServiceBaseEndpoint(ctx, serviceID); found || err != nil {
				return base, err
			}
		}
	}
	if b.config.BaseEndpoint != nil {
		return *b.config.BaseEndpoint, nil
	}
	domain := "amazonaws.com"
	switch prefix, _, _ := strings.Cut(b.config.Region, "-"); prefix {
	case "cn":
		domain = "amazonaws.com.cn"
	case "eusc":
		domain = "amazonaws.eu"
	}
	return "https://s3." + b.config.Region + "." + domain, nil
}

// refusal is what S3 answered instead of success.
func refusal(response *http.Response, body []byte) error {
	var said struct{ Code, Message string }
	if xml.Unmarshal(body, &said) != nil || said.Code == "" {
		said.Code = http.StatusText(response.StatusCode) // from what stands before S3
	}
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: response},
		Err:      &smithy.GenericAPIError{Code: said.Code, Message: said.Message},
	}
}
