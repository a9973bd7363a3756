package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

const (
	// maxBody is the size of a delivery in bytes: SNS takes 256 KiB, which
	// JSON can make longer.
	maxBody = 2 << 20
	// confirmTimeout is how long SNS may take to confirm. It waits for our
	// answer meanwhile: MiniStack 5 seconds, AWS 15.
	confirmTimeout = 4 * time.Second
	// defaultSubject is what SNS writes over a message without a subject.
	defaultSubject = "AWS Notification Message"
)

// The types of SNS's messages, in typeHeader and in the envelope.
// https://docs.aws.amazon.com/sns/latest/dg/http-header.html
const (
	typeHeader      = "X-Amz-Sns-Message-Type"
	rawHeader       = "X-Amz-Sns-Rawdelivery"
	messageIDHeader = "X-Amz-Sns-Message-Id"

	confirmation   = "SubscriptionConfirmation"
	notification   = "Notification"
	unsubscription = "UnsubscribeConfirmation"
)

// An envelope is the JSON that SNS posts.
type envelope struct {
	Type              string    `json:"Type"`
	MessageID         string    `json:"MessageId"`
	TopicARN          string    `json:"TopicArn"`
	Token             string    `json:"Token"`
	Subject           string    `json:"Subject"`
	Message           string    `json:"Message"`
	Timestamp         time.Time `json:"Timestamp"`
	MessageAttributes map[string]struct {
		Value string `json:"Value"`
	} `json:"MessageAttributes"`
}

// Handler takes deliveries of SNS at POST /inbox/{address}. They must carry
// SNS's own header, which a page in somebody's browser cannot send.
func (m *Mailbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /inbox/{address}", m.serveDelivery)
	return mux
}

func (m *Mailbox) serveDelivery(rw http.ResponseWriter, r *http.Request) {
	to, found := m.address(r.PathValue("address"))
	if !found {
		http.Error(rw, "There is no such mailbox.", http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		http.Error(rw, "The message is too large or was cut short.", http.StatusRequestEntityTooLarge)
		return
	}
	kind := r.Header.Get(typeHeader)
	e, enveloped := read(kind, r.Header, body)
	switch {
	case kind == notification && enveloped:
		m.keep(e.mail(to, m.now()))
	case kind == notification:
		m.keep(rawMail(to, r.Header, body, m.now()))
	case kind == confirmation && enveloped:
		if err := m.confirm(r.Context(), e); err != nil {
			http.Error(rw, err.Error(), http.StatusBadGateway)
		}
	case kind == unsubscription && enveloped: // nothing to do: no more mail will come
	default:
		http.Error(rw, "That is no message of SNS.", http.StatusBadRequest)
	}
}

// read reads the envelope. It is none when the message is delivered raw, or is
// not of the announced kind.
func read(kind string, h http.Header, body []byte) (envelope, bool) {
	var e envelope
	if h.Get(rawHeader) == "true" || json.Unmarshal(body, &e) != nil {
		return envelope{}, false
	}
	return e, kind != "" && e.Type == kind
}

// confirm confirms the subscription by its topic and token, at the SNS we know.
func (m *Mailbox) confirm(ctx context.Context, e envelope) error {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	_, err := m.confirmer.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{
		TopicArn: aws.String(e.TopicARN),
		Token:    aws.String(e.Token),
	})
	if err != nil {
		return fmt.Errorf("confirm a subscription to %s: %w", e.TopicARN, err)
	}
	return nil
}

// mail is the notification in e.
func (e envelope) mail(to string, now time.Time) Mail {
	m := Mail{ID: e.MessageID, To: to, Subject: e.Subject, Body: e.Message, SentAt: e.Timestamp}
	if m.Subject == "" {
		m.Subject = defaultSubject
	}
	if m.SentAt.IsZero() {
		m.SentAt = now.UTC()
	}
	if len(e.MessageAttributes) > 0 {
		m.Attributes = map[string]string{}
	}
	for name, attribute := range e.MessageAttributes {
		m.Attributes[name] = attribute.Value
	}
	return m
}

// rawMail is a notification that came without envelope, and so without subject.
func rawMail(to string, h http.Header, body []byte, now time.Time) Mail {
	return Mail{ID: h.Get(messageIDHeader), To: to, Subject: defaultSubject, Body: string(body), SentAt: now.UTC()}
}

// Control serves what a page or a script needs to read mail:
//
//	GET /local/mail?to=ADDRESS  a JSON list, newest last; without "to" all mail
func (m *Mailbox) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/mail", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		// An error here means that the reader has gone, which is its own business.
		_ = json.NewEncoder(rw).Encode(m.Mails(r.URL.Query().Get("to")))
	})
	return mux
}
