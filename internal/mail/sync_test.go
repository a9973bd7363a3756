package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/people"
)

func statuses(r mail.Report) map[string]mail.Status {
	m := map[string]mail.Status{}
	for _, p := range r.People {
		m[p.Person.ID] = p.Status
	}
	return m
}

func TestSyncSubscribesEachPersonToTheirOwnMailsOnce(t *testing.T) {
	t.Parallel()
	s := &subscriptions{}
	all := []people.Person{dana, lee, marco}
	report, err := mail.Sync(t.Context(), s, topicARN, all, mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]mail.Status{"dana": mail.Created, "lee": mail.Created, "marco": mail.NoAddress}, statuses(report)); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"FilterPolicy": `{"recipient":["dana"]}`, "FilterPolicyScope": "MessageAttributes"}, s.all[0].attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if s.all[0].protocol != "email" || s.all[0].endpoint != "dana@example.com" {
		t.Errorf("subscribed %+v", s.all[0])
	}
	s.all[0].confirmed = true
	before := len(s.writes)
	report, err = mail.Sync(t.Context(), s, topicARN, all, mail.Options{})
	if err != nil || len(s.writes) != before {
		t.Errorf("second: error %v, writes %v", err, s.writes[before:])
	}
	if diff := cmp.Diff(map[string]mail.Status{"dana": mail.Confirmed, "lee": mail.Unconfirmed, "marco": mail.NoAddress}, statuses(report)); diff != "" {
		t.Errorf("second (-want +got):\n%s", diff)
	}
}

func TestSyncRepairsPoliciesThatLetTooMuchThrough(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		attributes map[string]string
		writes     []string
	}{
		"none":              {nil, []string{"set FilterPolicy dana@example.com"}},
		"of somebody else":  {map[string]string{"FilterPolicy": `{"recipient":["lee"]}`}, []string{"set FilterPolicy dana@example.com"}},
		"of two people":     {map[string]string{"FilterPolicy": `{"recipient":["dana","lee"]}`}, []string{"set FilterPolicy dana@example.com"}},
		"of another form":   {map[string]string{"FilterPolicy": `{"recipient":[{"prefix":"d"}]}`}, []string{"set FilterPolicy dana@example.com"}},
		"on the body":       {map[string]string{"FilterPolicy": `{"recipient":["dana"]}`, "FilterPolicyScope": "MessageBody"}, []string{"set FilterPolicyScope dana@example.com"}},
		"written otherwise": {map[string]string{"FilterPolicy": "{ \"recipient\" : [\"dana\"] }"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &subscriptions{}
			s.add("email", "dana@example.com", true, tt.attributes)
			report, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana}, mail.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := mail.Repaired
			if tt.writes == nil {
				want = mail.Confirmed
			}
			if report.People[0].Status != want {
				t.Errorf("status %s, want %s", report.People[0].Status, want)
			}
			if diff := cmp.Diff(tt.writes, s.writes); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyncFindsForeignSubscriptionsOnEveryPage(t *testing.T) {
	t.Parallel()
	s := &subscriptions{}
	s.add("email", "dana@example.com", true, map[string]string{"FilterPolicy": `{"recipient":["dana"]}`})
	s.add("email", "gone@example.com", true, nil)
	s.add("sqs", "arn:aws:sqs:eu-west-1:000000000000:tap", true, nil)
	s.add("email", "LEE@example.com", false, nil)
	s.add("https", "https://example.com/hook", false, nil)
	report, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana, lee}, mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []mail.Foreign{
		{Protocol: "email", Endpoint: "gone@example.com", ARN: topicARN + ":1"},
		{Protocol: "https", Endpoint: "https://example.com/hook", ARN: "PendingConfirmation"},
		{Protocol: "sqs", Endpoint: "arn:aws:sqs:eu-west-1:000000000000:tap", ARN: topicARN + ":2"},
	}
	if diff := cmp.Diff(want, report.Foreign); diff != "" {
		t.Errorf("foreign (-want +got):\n%s", diff)
	}
	if len(s.writes) != 0 {
		t.Errorf("writes %v", s.writes)
	}
}

func TestSyncOverAnotherProtocol(t *testing.T) {
	t.Parallel()
	s := &subscriptions{}
	o := mail.Options{Protocol: "http", EndpointFor: func(p people.Person) string { return "http://127.0.0.1:9000/inbox/" + p.ID }}
	report, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana}, o)
	if err != nil || len(s.all) != 1 || s.all[0].protocol != "http" || s.all[0].endpoint != "http://127.0.0.1:9000/inbox/dana" {
		t.Errorf("error %v, subscribed %+v", err, s.all)
	}
	if report.People[0].Endpoint != "http://127.0.0.1:9000/inbox/dana" {
		t.Errorf("report %+v", report)
	}
}

func TestSyncGoesOnAfterOnePersonFails(t *testing.T) {
	t.Parallel()
	refused := errors.New("InvalidParameter")
	s := &subscriptions{broken: map[string]error{"dana@example.com": refused}}
	report, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana, lee}, mail.Options{})
	if !errors.Is(err, refused) || !strings.Contains(fmt.Sprint(err), "subscribe dana") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(map[string]mail.Status{"lee": mail.Created}, statuses(report)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestSyncRefusesASharedAddress(t *testing.T) {
	t.Parallel()
	s := &subscriptions{}
	twin := people.Person{ID: "twin", Email: "DANA@example.com"}
	if _, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana, twin}, mail.Options{}); err == nil || len(s.writes) > 0 {
		t.Errorf("error %v, writes %v", err, s.writes)
	}
}

func TestSyncThatCannotListDoesNothing(t *testing.T) {
	t.Parallel()
	denied := errors.New("AuthorizationError")
	s := &subscriptions{broken: map[string]error{"list": denied}}
	if _, err := mail.Sync(t.Context(), s, topicARN, []people.Person{dana}, mail.Options{}); !errors.Is(err, denied) || len(s.writes) > 0 {
		t.Errorf("error %v, writes %v", err, s.writes)
	}
	synctest.Test(t, func(t *testing.T) { // its clock jumps while everybody waits
		if _, err := mail.Sync(t.Context(), &subscriptions{hangs: true}, topicARN, nil, mail.Options{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
}
