package awsenv_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/signalbox/signalbox/internal/awsenv"
)

func environment(extra ...string) func(string) string {
	env := map[string]string{
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secretexample",
		"AWS_SESSION_TOKEN":     "sessionexample",
	}
	for i := 0; i < len(extra); i += 2 {
		env[extra[i]] = extra[i+1]
	}
	return func(name string) string { return env[name] }
}

func TestConfigHoldsTheRegionAndCredentialsOfTheFunction(t *testing.T) {
	t.Parallel()
	c, err := awsenv.Config(environment())
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.Region != "eu-west-1" || got.AccessKeyID != "AKIDEXAMPLE" ||
		got.SecretAccessKey != "secretexample" || got.SessionToken != "sessionexample" {
		t.Errorf("region %q, key %q; want those of the environment", c.Region, got.AccessKeyID)
	}
	if n := c.Retryer().MaxAttempts(); n != 3 {
		t.Errorf("MaxAttempts = %d, want 3", n)
	}
	if c.BaseEndpoint != nil {
		t.Errorf("BaseEndpoint = %q without AWS_ENDPOINT_URL, want none", *c.BaseEndpoint)
	}
}

func TestConfigTakesTheDefaultRegionWhenThereIsNoOther(t *testing.T) {
	t.Parallel()
	c, err := awsenv.Config(environment("AWS_REGION", "", "AWS_DEFAULT_REGION", "eu-north-1"))
	if err != nil || c.Region != "eu-north-1" {
		t.Errorf("region %q, err %v; want eu-north-1", c.Region, err)
	}
}

func TestConfigNamesEveryMissingVariable(t *testing.T) {
	t.Parallel()
	_, err := awsenv.Config(func(string) string { return "" })
	if err == nil {
		t.Fatal("Config without any variable succeeded")
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not name %s", err, name)
		}
	}
}

func TestConfigErrorHoldsNoSecret(t *testing.T) {
	t.Parallel()
	_, err := awsenv.Config(environment("AWS_REGION", ""))
	if err == nil || strings.Contains(err.Error(), "secretexample") {
		t.Errorf("error = %v; want one without the secret key", err)
	}
}

func TestEndpointOfAServiceComesBeforeTheCommonOne(t *testing.T) {
	t.Parallel()
	const all, one = "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER"
	tests := []struct {
		name         string
		env          []string
		sqs, secrets string
	}{
		{"none is set", nil, "", ""},
		{"the common one", []string{all, "http://all"}, "http://all", "http://all"},
		{"one of its own", []string{one, "http://one"}, "", "http://one"},
		{"both", []string{all, "http://all", one, "http://one"}, "http://all", "http://one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := awsenv.Config(environment(tt.env...))
			if err != nil {
				t.Fatal(err)
			}
			if got := aws.ToString(sqs.NewFromConfig(c).Options().BaseEndpoint); got != tt.sqs {
				t.Errorf("SQS is at %q, want %q", got, tt.sqs)
			}
			if got := aws.ToString(secretsmanager.NewFromConfig(c).Options().BaseEndpoint); got != tt.secrets {
				t.Errorf("Secrets Manager is at %q, want %q", got, tt.secrets)
			}
		})
	}
}

func TestCallIsTriedThreeTimesAndNoMore(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer server.Close()
	c, err := awsenv.Config(environment("AWS_ENDPOINT_URL_SQS", server.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, err = sqs.NewFromConfig(c).ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err == nil || calls.Load() != 3 {
		t.Errorf("%d calls, err %v; want 3 calls and an error", calls.Load(), err)
	}
}

func TestPausesAreShortAndLongerWhenThrottled(t *testing.T) {
	t.Parallel()
	c, err := awsenv.Config(environment())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		attempt  int
		err      error
		from, to time.Duration
	}{
		{"first", 1, errors.New("reset"), 50 * time.Millisecond, 100 * time.Millisecond},
		{"second", 2, errors.New("reset"), 100 * time.Millisecond, 200 * time.Millisecond},
		{"throttled", 1, &smithy.GenericAPIError{Code: "ThrottlingException"}, 250 * time.Millisecond, 500 * time.Millisecond},
	}
	for _, tt := range tests {
		for range 100 {
			got, err := c.Retryer().RetryDelay(tt.attempt, tt.err)
			if err != nil || got < tt.from || got > tt.to {
				t.Fatalf("%s: pause %v, %v; want %v to %v", tt.name, got, err, tt.from, tt.to)
			}
		}
	}
}

func TestCallEndsWithItsContextWhenTheServiceHangs(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	c, err := awsenv.Config(environment("AWS_ENDPOINT_URL_SQS", server.URL))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := sqs.NewFromConfig(c).ListQueues(ctx, &sqs.ListQueuesInput{}); err == nil {
		t.Error("a call to a hanging service succeeded")
	}
}

func BenchmarkConfig(b *testing.B) {
	getenv := environment()
	for b.Loop() {
		if _, err := awsenv.Config(getenv); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadDefaultConfig is what BenchmarkConfig is compared with. It does
// not show the larger part: the packages that the other one links.
func BenchmarkLoadDefaultConfig(b *testing.B) {
	b.Setenv("AWS_REGION", "eu-west-1")
	b.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	b.Setenv("AWS_SECRET_ACCESS_KEY", "secretexample")
	for b.Loop() {
		if _, err := config.LoadDefaultConfig(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
