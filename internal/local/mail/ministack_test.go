package mail_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/mail"
)

// patience is how long the real SNS may take for anything.
const patience = 30 * time.Second

// TestTheRealLocalSNSDeliversToTheMailbox subscribes two people to one topic,
// each with a filter, and sends one of them a mail.
func TestTheRealLocalSNSDeliversToTheMailbox(t *testing.T) {
	t.Parallel()
	client := startSNS(t)
	box, err := mail.New(mail.Options{Addresses: []string{"dana@example.com", "lee@example.com"}, Confirmer: client})
	if err != nil {
		t.Fatal(err)
	}
	inbox := httptest.NewServer(box.Handler())
	t.Cleanup(inbox.Close)
	made, err := client.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("approvals")})
	if err != nil {
		t.Fatal(err)
	}
	for address, recipient := range map[string]string{"dana@example.com": "dana", "lee@example.com": "lee"} {
		_, err := client.Subscribe(t.Context(), &sns.SubscribeInput{
			TopicArn: made.TopicArn, Protocol: aws.String("http"), Endpoint: aws.String(mail.InboxURL(inbox.URL, address)),
			Attributes: map[string]string{"FilterPolicy": `{"recipient":["` + recipient + `"]}`},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "both subscriptions are confirmed", func(ctx context.Context) bool {
		got, err := client.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: made.TopicArn})
		return err == nil && got.Attributes["SubscriptionsConfirmed"] == "2"
	})
	_, err = client.Publish(t.Context(), &sns.PublishInput{
		TopicArn: made.TopicArn, Subject: aws.String("Approve web-shop?"), Message: aws.String("Grüße\nCode: ABCD-EFGH"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"recipient": {DataType: aws.String("String"), StringValue: aws.String("lee")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mail arrives", func(context.Context) bool { return len(box.Mails("")) > 0 })
	got := box.Mails("")
	if len(got) != 1 || got[0].ID == "" || got[0].SentAt.IsZero() {
		t.Fatalf("mails = %+v, want one with id and time", got)
	}
	got[0].ID, got[0].SentAt = "", time.Time{}
	want := mail.Mail{
		To: "lee@example.com", Subject: "Approve web-shop?", Body: "Grüße\nCode: ABCD-EFGH", Attributes: map[string]string{"recipient": "lee"},
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
}

// startSNS runs MiniStack's SNS until the test ends.
func startSNS(t *testing.T) *sns.Client {
	t.Helper()
	program, err := filepath.Abs("../../../.venv/bin/ministack")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must test against MiniStack, and %s is not there", program)
		}
		t.Skipf("NOT TESTED against a real SNS: there is no %s; make the .venv and run again", program)
	}
	port := freePort(t)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "GATEWAY_PORT="+port, "BIND_HOST=127.0.0.1", "IOT_MTLS_ENABLED=0", "SERVICES=sns", "HOME="+home)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // t.Context has ended by then, and so has the process
	client := sns.New(sns.Options{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String("http://127.0.0.1:" + port),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:   &http.Client{Timeout: 5 * time.Second},
	})
	eventually(t, "MiniStack answers", func(ctx context.Context) bool {
		_, err := client.ListTopics(ctx, &sns.ListTopicsInput{})
		return err == nil
	})
	return client
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// eventually waits until it is so.
func eventually(t *testing.T, what string, so func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for !so(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("waited %s in vain until %s", patience, what)
		case <-again.C:
		}
	}
}
