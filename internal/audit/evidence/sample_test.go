package evidence_test

import (
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

const (
	chain     = "000000000000/eu-west-1/web-shop"
	execution = "5f0c1f9e-3f57-4f0e-9a3f-0d6f5a1c2b3e"
	other     = "0b9d8c7e-1111-4222-8333-444455556666"
	request   = "mfrggzdfmztwq2lkobqxg43xn4"
	function  = "arn:aws:lambda:eu-west-1:000000000000:function:signalbox-approval"
	policy    = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
)

var (
	began  = time.Date(2026, 3, 10, 9, 22, 4, 250_000_000, time.UTC)
	madeAt = time.Date(2026, 3, 12, 8, 0, 0, 999, time.UTC)

	dana  = audit.Actor{Person: "dana", Name: "Dana Whitfield", Email: "dana@example.com", SlackUser: "U0DANA00001", Door: "Slack"}
	lee   = audit.Actor{Person: "lee", Name: "Lee Okafor", Email: "lee@example.com", SlackUser: "U0LEE000002", Door: "Slack"}
	priya = audit.Actor{Person: "priya", Name: "Priya Raman", Email: "priya@example.com", SlackUser: "U0PRIYA0003", Door: "e-mail"}
	sam   = audit.Actor{Name: "Sam <b>Stranger</b>", SlackUser: "U0SAM000009", Door: "Slack"}
)

// about makes an entry of the sample's one request.
func about(kind audit.Kind, e audit.Entry) audit.Entry {
	e.Kind, e.Pipeline, e.Execution, e.Stage, e.Action = kind, "web-shop", execution, "Approval", "ApproveProduction"
	e.Request, e.Environment, e.Policy, e.PolicyHash = request, "production", "production needs QA and Ops", policy
	return e
}

// happened is a release in the order of its events, with two of another one
// between.
func happened() []audit.Entry {
	elsewhere := audit.Entry{Kind: audit.RequestOpened, Execution: other, Text: "Secret of another release."}
	return []audit.Entry{
		elsewhere,
		about(audit.RequestOpened, audit.Entry{Identity: function, Text: "Approval of web-shop to production was asked for. It needs 1 of QA and 1 of Ops.", Detail: map[string]string{
			"changes": "12 commits, abc1234 to def5678", "started_by": "arn:aws:sts::000000000000:assumed-role/Developer/lee",
		}}),
		about(audit.CardPosted, audit.Entry{Identity: function, Detail: map[string]string{"channel": "C0RELEASES"}, Text: "Posted in #releases."}),
		about(audit.MailSent, audit.Entry{Identity: function, Actor: priya, Text: "Mailed to Priya Raman."}),
		about(audit.VoteRefused, audit.Entry{Actor: lee, Verdict: "approve", Refusal: "self_approval", Text: "Lee Okafor started this release, and nobody approves their own."}),
		elsewhere,
		about(audit.VoteRefused, audit.Entry{Actor: sam, Verdict: "approve", Refusal: "not_approver", Text: "Sam <b>Stranger</b> is not one of the people who may answer."}),
		about(audit.VoteCounted, audit.Entry{Actor: dana, Verdict: "reject", Reason: "Wrong button, sorry.", Text: "Dana Whitfield rejected."}),
		about(audit.VoteWithdrawn, audit.Entry{Actor: dana, Text: "Dana Whitfield took the vote back."}),
		about(audit.VoteCounted, audit.Entry{Actor: dana, Verdict: "approve", Reason: "Smoke tests are green.\n</script><script>alert(1)</script> <!channel> \u202egnp.exe", Text: "Dana Whitfield approved: 1 of 1 from QA, 0 of 1 from Ops."}),
		about(audit.Reminded, audit.Entry{Identity: function, Text: "Priya Raman was reminded."}),
		about(audit.VoteCounted, audit.Entry{Actor: priya, Verdict: "approve", Text: "Priya Raman approved: 1 of 1 from QA, 1 of 1 from Ops."}),
		about(audit.Decided, audit.Entry{Actor: priya, Verdict: "approve", Text: "Approved by Dana Whitfield and Priya Raman."}),
		about(audit.Held, audit.Entry{Identity: function, Verdict: "approve", Text: "Approved; it starts when the window opens at 20:00 Europe/Berlin."}),
		about(audit.Released, audit.Entry{Identity: function, Verdict: "approve", Text: "The window opened."}),
		about(audit.Applied, audit.Entry{Identity: function, Verdict: "approve", Text: "CodePipeline accepted the approval."}),
		elsewhere,
	}
}

// linked makes a chain of entries.
func linked(entries []audit.Entry) ([]audit.Entry, audit.Head) {
	head := audit.Head{Chain: chain}
	for i := range entries {
		e := entries[i]
		e.ID = request + "/" + string(e.Kind) + "/" + string(rune('a'+i))
		e.At = began.Add(time.Duration(i*i) * 7 * time.Minute)
		entries[i], head = audit.Next(head, e)
	}
	return entries, head
}

func packOf(t *testing.T, entries []audit.Entry) evidence.Pack {
	t.Helper()
	entries, head := linked(entries)
	p, err := evidence.New(entries, head, evidence.About{Execution: execution, MadeAt: madeAt, MadeBy: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files is the pack of entries in both forms.
func files(t *testing.T, entries []audit.Entry) (page, data []byte) {
	t.Helper()
	p := packOf(t, entries)
	page, err := p.HTML()
	if err != nil {
		t.Fatal(err)
	}
	data, err = p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return page, data
}
