package mail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/mail"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// topic is an SNS that confirms one token.
type topic struct{ token string }

func (c topic) ConfirmSubscription(ctx context.Context, in *sns.ConfirmSubscriptionInput, _ ...func(*sns.Options)) (*sns.ConfirmSubscriptionOutput, error) {
	if _, limited := ctx.Deadline(); !limited {
		return nil, errors.New("asked without a time limit")
	}
	if aws.ToString(in.Token) != c.token || aws.ToString(in.TopicArn) != "arn:topic" {
		return nil, errors.New("invalid token")
	}
	return &sns.ConfirmSubscriptionOutput{}, nil
}

func newMailbox(t *testing.T) *mail.Mailbox {
	t.Helper()
	m, err := mail.New(mail.Options{
		Addresses: []string{"dana@example.com", "lee@example.com"},
		Confirmer: topic{token: "right"},
		Now:       func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// deliver posts as SNS does, and gives the status of the answer.
func deliver(t *testing.T, m *mail.Mailbox, to string, header map[string]string, body string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, mail.InboxURL("http://localhost/", to), strings.NewReader(body))
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, r)
	return rec.Code
}

func kind(k string) map[string]string { return map[string]string{"x-amz-sns-message-type": k} }

func notification(id, subject string) string {
	return `{"Type":"Notification","MessageId":"` + id + `","TopicArn":"arn:topic","Subject":"` + subject + `","Message":"Code: ABCD-EFGH\n",` +
		`"Timestamp":"2026-11-22T08:59:58.000Z","MessageAttributes":{"recipient":{"Type":"String","Value":"dana"}}}`
}

func TestANotificationBecomesAMail(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	if status := deliver(t, m, "Dana@Example.com", kind("Notification"), notification("m1", "Approve web-shop?")); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	want := []mail.Mail{{
		ID: "m1", To: "dana@example.com", Subject: "Approve web-shop?", Body: "Code: ABCD-EFGH\n",
		SentAt: now.Add(-2 * time.Second), Attributes: map[string]string{"recipient": "dana"},
	}}
	if diff := cmp.Diff(want, m.Mails("")); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

func TestAMailArrivesOncePerPerson(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	for _, to := range []string{"dana@example.com", "lee@example.com", "dana@example.com"} {
		deliver(t, m, to, kind("Notification"), notification("m1", "x"))
	}
	deliver(t, m, "dana@example.com", kind("Notification"), notification("m2", "x"))
	var got []string
	for _, mail := range m.Mails("") {
		got = append(got, mail.ID+" "+mail.To)
	}
	if diff := cmp.Diff([]string{"m1 dana@example.com", "m1 lee@example.com", "m2 dana@example.com"}, got); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

func TestARawMessageIsAMailWithoutSubject(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	raw := kind("Notification")
	raw["x-amz-sns-rawdelivery"] = "true"
	raw["x-amz-sns-message-id"] = "m1"
	body := `{"Type":"Notification","Message":"this is the message itself"}`
	deliver(t, m, "lee@example.com", raw, body)
	deliver(t, m, "lee@example.com", raw, body)
	deliver(t, m, "lee@example.com", kind("Notification"), "plain words") // MiniStack names no raw delivery
	want := []mail.Mail{
		{ID: "m1", To: "lee@example.com", Subject: "AWS Notification Message", Body: body, SentAt: now},
		{To: "lee@example.com", Subject: "AWS Notification Message", Body: "plain words", SentAt: now},
	}
	if diff := cmp.Diff(want, m.Mails("LEE@example.com")); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

func TestSubscriptionsAreConfirmedAtTheSNSWeKnow(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	// The trap would be called if the mailbox followed the message's own link.
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the SubscribeURL was followed") }))
	t.Cleanup(trap.Close)
	message := func(token string) string {
		return fmt.Sprintf(`{"Type":"SubscriptionConfirmation","TopicArn":"arn:topic","Token":%q,"SubscribeURL":%q}`, token, trap.URL)
	}
	if status := deliver(t, m, "dana@example.com", kind("SubscriptionConfirmation"), message("right")); status != http.StatusOK {
		t.Errorf("status %d, want 200", status)
	}
	if status := deliver(t, m, "dana@example.com", kind("SubscriptionConfirmation"), message("wrong")); status != http.StatusBadGateway {
		t.Errorf("wrong token: status %d, want 502", status)
	}
	if got := m.Mails(""); len(got) != 0 {
		t.Errorf("mails = %v, want none", got)
	}
}

func TestWhatIsNoMessageOfSNSIsRefused(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	tests := map[string]struct {
		to     string
		header map[string]string
		body   string
		status int
	}{
		"another address":           {"eve@example.com", kind("Notification"), notification("m1", "x"), http.StatusNotFound},
		"no header":                 {"dana@example.com", nil, notification("m1", "x"), http.StatusBadRequest},
		"an unknown kind":           {"dana@example.com", kind("Rumour"), `{"Type":"Rumour"}`, http.StatusBadRequest},
		"kinds that differ":         {"dana@example.com", kind("SubscriptionConfirmation"), notification("m1", "x"), http.StatusBadRequest},
		"a broken confirmation":     {"dana@example.com", kind("SubscriptionConfirmation"), "{", http.StatusBadRequest},
		"too large":                 {"dana@example.com", kind("Notification"), strings.Repeat("x", 3<<20), http.StatusRequestEntityTooLarge},
		"the end of a subscription": {"dana@example.com", kind("UnsubscribeConfirmation"), `{"Type":"UnsubscribeConfirmation"}`, http.StatusOK},
	}
	for name, tt := range tests {
		if status := deliver(t, m, tt.to, tt.header, tt.body); status != tt.status {
			t.Errorf("%s: status %d, want %d", name, status, tt.status)
		}
	}
	if got := m.Mails(""); len(got) != 0 {
		t.Errorf("mails = %v, want none", got)
	}
}

func TestTheLatest1000MailsAreKept(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	for i := range 1003 {
		deliver(t, m, "dana@example.com", kind("Notification"), notification(fmt.Sprint(i), "x"))
	}
	got := m.Mails("dana@example.com")
	if len(got) != 1000 || got[0].ID != "3" || got[999].ID != "1002" {
		t.Errorf("%d mails from %s to %s, want 1000 from 3 to 1002", len(got), got[0].ID, got[len(got)-1].ID)
	}
}

func TestMailsAreListedAsAgreed(t *testing.T) {
	t.Parallel()
	m := newMailbox(t)
	list := func(query string) []map[string]any {
		rec := httptest.NewRecorder()
		m.Control().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/local/mail"+query, nil))
		var mails []map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &mails); err != nil || mails == nil {
			t.Fatalf("answer %q: %v, want a JSON list", rec.Body, err)
		}
		return mails
	}
	if got := list(""); len(got) != 0 {
		t.Errorf("mails = %v, want none", got)
	}
	deliver(t, m, "dana@example.com", kind("Notification"), notification("m1", "<b>x</b>"))
	want := []map[string]any{{
		"id": "m1", "to": "dana@example.com", "subject": "<b>x</b>", "body": "Code: ABCD-EFGH\n",
		"sent_at": "2026-11-22T08:59:58Z", "attributes": map[string]any{"recipient": "dana"},
	}}
	if diff := cmp.Diff(want, list("?to=dana@example.com")); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	if got := list("?to=lee@example.com"); len(got) != 0 {
		t.Errorf("Lee's mails = %v, want none", got)
	}
	if diff := cmp.Diff([]string{"dana@example.com", "lee@example.com"}, m.Addresses()); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

func TestAMailboxNeedsAConfirmer(t *testing.T) {
	t.Parallel()
	if _, err := mail.New(mail.Options{}); err == nil {
		t.Error("New without Confirmer succeeded")
	}
}
