package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/mail"
)

const topic = "arn:aws:sns:eu-west-1:000000000000:approvals"

// snsTopic answers as SNS's query API does, for one topic: dana is confirmed,
// lee is not, and a stranger is subscribed as well.
type snsTopic struct {
	mu         sync.Mutex
	subscribed []string
	refuse     bool
}

func (s *snsTopic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.ParseForm(); err != nil || s.refuse {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not allowed</Message></Error></ErrorResponse>`)
		return
	}
	action := r.Form.Get("Action")
	fmt.Fprintf(w, "<%sResponse><%sResult>%s</%sResult></%sResponse>", action, action, s.answer(r.Form), action, action)
}

func (s *snsTopic) answer(form url.Values) string {
	switch form.Get("Action") {
	case "ListSubscriptionsByTopic":
		member := func(endpoint, arn string) string {
			return "<member><Protocol>email</Protocol><Endpoint>" + endpoint + "</Endpoint><SubscriptionArn>" + arn + "</SubscriptionArn></member>"
		}
		return "<Subscriptions>" + member("dana@example.com", topic+":1") + member("lee@example.com", "PendingConfirmation") +
			member("sam@example.com", topic+":2") + "</Subscriptions>"
	case "GetSubscriptionAttributes":
		return `<Attributes><entry><key>FilterPolicy</key><value>{"recipient":["dana"]}</value></entry></Attributes>`
	case "Subscribe":
		s.subscribed = append(s.subscribed, form.Get("Endpoint"))
		return "<SubscriptionArn>" + topic + ":3</SubscriptionArn>"
	}
	return ""
}

// start points the AWS SDK at s. It sets the environment, as the SDK reads no
// other; so these tests cannot run beside others.
func (s *snsTopic) start(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SNS": server.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
}

func TestSyncSubscribesApproversOnly(t *testing.T) {
	var s snsTopic
	s.start(t)
	code, stdout, stderr := signalbox(t, "", "people", "sync", "--topic", topic, "--json", example)
	if code != exitOK {
		t.Fatal(stderr)
	}
	if diff := cmp.Diff([]string{"priya@example.com"}, s.subscribed); diff != "" {
		t.Error(diff)
	}
	var got syncResult
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	want := syncResult{
		People: []subscriber{
			{"dana", "Dana Whitfield", "dana@example.com", mail.Confirmed},
			{"lee", "Lee Okafor", "lee@example.com", mail.Unconfirmed},
			{"priya", "Priya Raman", "priya@example.com", mail.Created},
		},
		Others: []otherSubscription{{"email", "sam@example.com", topic + ":2"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSyncSaysWhoHasToConfirm(t *testing.T) {
	var s snsTopic
	s.start(t)
	_, stdout, _ := signalbox(t, "", "people", "sync", "--topic", topic, example)
	for _, want := range []string{
		"Dana Whitfield   dana@example.com    subscribed\n",
		"Lee Okafor       lee@example.com     waiting for confirmation\n",
		"Priya Raman      priya@example.com   created, waiting for confirmation\n",
		"\n2 people have to confirm",
		"sam@example.com",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
}

func TestSyncReportsARefusal(t *testing.T) {
	s := snsTopic{refuse: true}
	s.start(t)
	code, stdout, stderr := signalbox(t, "", "people", "sync", "--topic", topic, example)
	if code != exitFailed || stdout != "" || !strings.Contains(stderr, "list the subscriptions of "+topic) {
		t.Errorf("exit status %d, %q, %q", code, stdout, stderr)
	}
}
