package secret_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/signalbox/signalbox/internal/secret"
)

// settings are the endpoints of single services.
type settings map[string]string

func (s settings) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	return s[sdkID], s[sdkID] != "", nil
}

func TestEndpointIsTheOneThatIsConfigured(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, arn, region, base string
		own                     settings
		want                    string // "" for an error
	}{
		{"public", arn, "eu-west-1", "", nil, "https://secretsmanager.eu-west-1.amazonaws.com/"},
		{"China", "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:x", "cn-north-1", "", nil, "https://secretsmanager.cn-north-1.amazonaws.com.cn/"},
		{"an unknown partition", "arn:aws-moon:secretsmanager:m-1:111122223333:secret:x", "m-1", "", nil, ""},
		{"one for all services", arn, "eu-west-1", "http://localhost:1", settings{"SQS": "http://localhost:3"}, "http://localhost:1"},
		{"one of its own", arn, "eu-west-1", "http://localhost:1", settings{"Secrets Manager": "http://localhost:2"}, "http://localhost:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			c := configuration(doer(func(r *http.Request) (*http.Response, error) {
				got = r.URL.String()
				return good()
			}))
			c.Region = tt.region
			if tt.base != "" {
				c.BaseEndpoint = aws.String(tt.base)
			}
			c.ConfigSources = []any{tt.own}
			_, err := secret.Manager(c, time.Now)(t.Context(), tt.arn, "AWSCURRENT")
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("asked %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// contextWithin ends soon.
func contextWithin(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 20*time.Millisecond)
}
