// Package awsenv makes the AWS configuration of a Lambda function from the
// variables that Lambda always sets.
//
// It stands in for the SDK's config package, whose credential clients (SSO,
// STS, sign-in) cost every cold start milliseconds that a function never uses.
// The price is that profiles, files and instance roles are not looked at: this
// is for functions only, and command lines use the config package.
package awsenv

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The limits of one call. All the calls we make are small and answered within
// milliseconds, so a slow answer is a lost one: better to ask again while the
// function still has time.
const (
	maxAttempts = 3 // of one operation
	// The first pause between attempts; the next is twice as long. The SDK's
	// own pauses, of up to a second and two, would use up the time in which a
	// person waits.
	firstPause         = 100 * time.Millisecond
	firstThrottlePause = 500 * time.Millisecond

	dialTimeout     = 2 * time.Second
	tlsTimeout      = 3 * time.Second
	answerTimeout   = 5 * time.Second // from request sent to header received
	exchangeTimeout = 8 * time.Second // all of one attempt, body included
)

// Config returns the configuration for AWS clients: region, credentials, at
// most three attempts, time limits, and the endpoints that AWS_ENDPOINT_URL
// and AWS_ENDPOINT_URL_<SERVICE> name. The error names every variable that is
// missing. Clients made from one Config share their connections.
//
// A client call can still last as long as three attempts do; the deadline of
// its context is what bounds it.
func Config(getenv func(string) string) (aws.Config, error) {
	region := getenv("AWS_REGION")
	if region == "" {
		region = getenv("AWS_DEFAULT_REGION")
	}
	key, secret := getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY")
	if err := errors.Join(
		required("AWS_REGION", region),
		required("AWS_ACCESS_KEY_ID", key),
		required("AWS_SECRET_ACCESS_KEY", secret),
	); err != nil {
		return aws.Config{}, err
	}
	c := aws.Config{
		Region:        region,
		Credentials:   credentials.NewStaticCredentialsProvider(key, secret, getenv("AWS_SESSION_TOKEN")),
		HTTPClient:    httpClient(),
		Retryer:       retryer,
		ConfigSources: []any{endpoints(getenv)},
	}
	// The clients read this field, and not ConfigSources, when the process has
	// AWS_ENDPOINT_URL but no variable of their own.
	if url := getenv(endpointVariable); url != "" {
		c.BaseEndpoint = aws.String(url)
	}
	return c, nil
}

func required(name, value string) error {
	if value == "" {
		return fmt.Errorf("%s is not set; Lambda sets it for every function", name)
	}
	return nil
}

func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Backoff = retry.BackoffDelayerFunc(pause)
	})
}

// pause returns how long to wait after the given attempt, counted from 1, has
// failed with err: between half of the nominal pause and all of it, so
// that those who failed together do not come back together.
func pause(attempt int, err error) (time.Duration, error) {
	nominal := firstPause
	if retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary {
		nominal = firstThrottlePause
	}
	nominal <<= min(max(attempt-1, 0), maxAttempts)
	return nominal/2 + rand.N(nominal/2), nil //nolint:gosec // spreads load and protects nothing
}

// httpClient is frozen so that the service clients share it: left buildable,
// each would copy it and open connections of its own.
func httpClient() aws.HTTPClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = tlsTimeout
			t.ResponseHeaderTimeout = answerTimeout
		}).
		WithTimeout(exchangeTimeout).
		Freeze()
}

// endpointVariable names the endpoint of all services; followed by "_" and a
// service it names that service's own, which comes first.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
const endpointVariable = "AWS_ENDPOINT_URL"

// endpoints answers service clients that ask where their service is.
type endpoints func(variable string) string

// GetServiceBaseEndpoint returns the configured endpoint of the service with
// the given SDK id, such as "Secrets Manager", and whether there is one.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	service := strings.ReplaceAll(strings.ToUpper(sdkID), " ", "_")
	for _, name := range []string{endpointVariable + "_" + service, endpointVariable} {
		if url := e(name); url != "" {
			return url, true, nil
		}
	}
	return "", false, nil
}
