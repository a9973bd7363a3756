package main

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // SQS answers with it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

const signingKey = "the-signing-secret"

// environment is what Lambda and the template set.
func environment(changes map[string]string) func(string) string {
	env := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"VOTES_QUEUE_URL":      "http://127.0.0.1:9/000000000000/votes.fifo",
		"SLACK_SIGNING_SECRET": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:signing-AbCdEf",
		"SLACK_TOKEN_SECRET":   "arn:aws:secretsmanager:eu-west-1:000000000000:secret:token-AbCdEf",
		"SLACK_APP_ID":         "A0SIGNALBOX", "SLACK_TEAM_ID": "T0SIGNALBOX",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:9",
	}
	maps.Copy(env, changes)
	return func(name string) string { return env[name] }
}

// amazon is as much of Secrets Manager and SQS as the function uses.
type amazon struct {
	mu     sync.Mutex
	queued []map[string]any
}

func (a *amazon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var in map[string]any
	_ = json.Unmarshal(body, &in)
	w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
	switch r.Header.Get("X-Amz-Target") {
	case "secretsmanager.GetSecretValue":
		_, _ = fmt.Fprintf(w, `{"SecretString":%q,"VersionStages":["AWSCURRENT"]}`, signingKey)
	case "AmazonSQS.SendMessage":
		a.mu.Lock()
		defer a.mu.Unlock()
		a.queued = append(a.queued, in)
		sum := md5.Sum([]byte(in["MessageBody"].(string))) //nolint:gosec // as above
		_, _ = fmt.Fprintf(w, `{"MessageId":"m","MD5OfMessageBody":%q,"SequenceNumber":"1"}`, hex.EncodeToString(sum[:]))
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// click is Slack's request for a press of Approve, as an HTTP API passes it on.
func click(t *testing.T) json.RawMessage {
	t.Helper()
	payload := `{"type":"block_actions","api_app_id":"A0SIGNALBOX","team":{"id":"T0SIGNALBOX"},"user":{"id":"U0DANA00001","team_id":"T0SIGNALBOX"},
		"container":{"message_ts":"1773134520.000100","channel_id":"C0RELEASES"},
		"actions":[{"type":"button","action_id":"approval_approve","value":"abcdefghijklmnopqrstuvwx23","action_ts":"1773136710.123456"}]}`
	body := url.Values{"payload": {payload}}.Encode()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signingKey))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	raw, err := json.Marshal(map[string]any{
		"version": "2.0", "rawPath": "/slack/interactions", "isBase64Encoded": true,
		"body": base64.StdEncoding.EncodeToString([]byte(body)),
		"headers": map[string]string{
			"content-type":              "application/x-www-form-urlencoded",
			"x-slack-request-timestamp": stamp, "x-slack-signature": "v0=" + hex.EncodeToString(mac.Sum(nil)),
		},
		"requestContext": map[string]any{"requestId": "r", "http": map[string]string{"method": http.MethodPost}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSignedClickReachesTheQueue(t *testing.T) {
	aws := &amazon{}
	server := httptest.NewServer(aws)
	t.Cleanup(server.Close)
	door, err := wire(t.Context(), environment(map[string]string{"AWS_ENDPOINT_URL": server.URL, "VOTES_QUEUE_URL": server.URL + "/000000000000/votes.fifo"}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := event.ServeHTTP(door.Serve)(t.Context(), click(t))
	if err != nil || !strings.Contains(string(got), `"statusCode":200,"body":""`) {
		t.Errorf("answer %s, %v", got, err)
	}
	if len(aws.queued) != 1 || aws.queued[0]["MessageGroupId"] != "abcdefghijklmnopqrstuvwx23" {
		t.Errorf("queued %v", aws.queued)
	}
}

func TestStartNeedsNeitherSecretsNorNetwork(t *testing.T) {
	door, err := wire(t.Context(), environment(nil)) // nothing listens there
	if err != nil {
		t.Fatal(err)
	}
	got, err := event.ServeHTTP(door.Serve)(t.Context(), click(t))
	if err != nil || !strings.Contains(string(got), `"statusCode":500`) {
		t.Errorf("answer %s, %v; want a refusal that Slack shows", got, err)
	}
}

func TestStartSaysEverythingThatIsMissing(t *testing.T) {
	_, err := wire(t.Context(), func(string) string { return "" })
	for _, name := range []string{"VOTES_QUEUE_URL", "SLACK_SIGNING_SECRET", "SLACK_TOKEN_SECRET", "SLACK_APP_ID", "SLACK_TEAM_ID", "AWS_REGION"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error does not name %s: %v", name, err)
		}
	}
}

// TestFunctionStaysSmall guards its cold start, which is part of every click:
// each AWS service that is linked costs time before main begins.
func TestFunctionStaysSmall(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const sdk = "github.com/aws/aws-sdk-go-v2/"
	for _, p := range strings.Fields(string(out)) {
		service, isService := strings.CutPrefix(p, sdk+"service/")
		service, _, _ = strings.Cut(service, "/")
		switch {
		case isService && service != "sqs",
			p == sdk+"config", strings.Contains(p, "xray"), strings.Contains(p, "grpc"), strings.Contains(p, "yaml"):
			t.Errorf("links %s", p)
		}
	}
}
