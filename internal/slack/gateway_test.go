package slack_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// gatewayEvent is what an HTTP API makes of r.
func gatewayEvent(t *testing.T, r event.Request) json.RawMessage {
	t.Helper()
	lower := map[string]string{}
	for name, values := range r.Header {
		lower[strings.ToLower(name)] = strings.Join(values, ",")
	}
	raw, err := json.Marshal(map[string]any{
		"version": "2.0", "rawPath": r.Path, "rawQueryString": "", "headers": lower,
		"body": base64.StdEncoding.EncodeToString(r.Body), "isBase64Encoded": true,
		"requestContext": map[string]any{
			"requestId": r.RequestID, "http": map[string]string{"method": r.Method, "path": r.Path, "sourceIp": "203.0.113.7"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
