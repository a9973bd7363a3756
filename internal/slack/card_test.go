package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/slack"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	started = time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)
	voted   = started.Add(36 * time.Minute)
	applied = voted.Add(2 * time.Second)

	dana = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee  = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"}
)

const requestID = "abcdefghijklmnopqrstuvwx23"

// pending is a request as it usually is.
func pending() approval.Request {
	return approval.Request{
		ID: requestID, State: approval.Pending, Policy: "web-production", Environment: "production", Channel: "C0RELEASES",
		Approvers: []people.Person{dana, lee},
		Waiting: approval.Waiting{
			Action: approval.Action{
				Account: "111122223333", Region: "eu-west-1", Pipeline: "web-shop",
				ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveProduction",
			},
			ActionExecutionID: "44dd55ee-66ff-47aa-98bb-99ccaaddbbee",
			Token:             "the-token-of-codepipeline",
			StartedBy:         "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Deployer_0123456789abcdef/priya@example.com",
			Revisions: []approval.Revision{{
				Source: "Source", ID: "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c", Summary: "Add refund endpoint\n\nRefs ORD-42",
				URL: "https://github.com/example-org/web-shop/commit/3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c", Author: "Marco Silva",
			}},
			CustomData: "Please check the release notes", ReviewURL: "https://wiki.example.com/releases/1.8.0",
			StartedAt: started, ExpiresAt: started.Add(7 * 24 * time.Hour),
		},
	}
}

func with(change func(*approval.Request)) approval.Request {
	r := pending()
	change(&r)
	return r
}

func decided(v approval.Verdict, door approval.Door, reason string, at *time.Time) approval.Request {
	return with(func(r *approval.Request) {
		r.State = map[approval.Verdict]approval.State{approval.Approve: approval.Approved, approval.Reject: approval.Rejected}[v]
		r.Vote = &approval.Vote{Verdict: v, By: dana, Door: door, Reason: reason, At: voted}
		r.Applied = at
	})
}

func closed(e approval.Ending) approval.Request {
	return with(func(r *approval.Request) {
		e.At = voted
		r.State, r.Ending = approval.Closed, &e
	})
}

// cards are the states in which a card can be, by the name of its golden file.
var cards = map[string]approval.Request{
	"pending":                pending(),
	"pending-bare":           {ID: requestID, State: approval.Pending, Approvers: []people.Person{{ID: "kim", Name: "Kim"}}, Waiting: approval.Waiting{Action: approval.Action{Pipeline: "p", Stage: "S", Name: "A"}}},
	"pending-nobody-no-rule": with(func(r *approval.Request) { r.Approvers, r.Policy, r.Environment = nil, "", "" }),
	"pending-nobody-in-rule": with(func(r *approval.Request) { r.Approvers = nil }),
	"pending-many-revisions": with(func(r *approval.Request) {
		r.Revisions = append(r.Revisions,
			approval.Revision{Source: "Image", ID: "sha256:9b2cf535f27731c974343645a3985328a9b2cf535f27731c974343645a398532"},
			approval.Revision{Source: "Config", ID: "Ab3dE9xKq8PzR7t5vW", Summary: "config.zip"},
			approval.Revision{Source: "Other", ID: "1"}, approval.Revision{Source: "Last", ID: "2"})
	}),
	"approved-applying":   decided(approval.Approve, approval.DoorSlack, "", nil),
	"approved":            decided(approval.Approve, approval.DoorSlack, "", &applied),
	"approved-by-email":   decided(approval.Approve, approval.DoorEmail, "Looks good", &applied),
	"rejected-applying":   decided(approval.Reject, approval.DoorSlack, "The migration is missing", nil),
	"rejected":            decided(approval.Reject, approval.DoorSlack, "The migration is missing.\nSee ORD-42.", &applied),
	"closed-approved":     closed(approval.Ending{How: approval.EndedApproved, By: "arn:aws:iam::111122223333:user/ops/lee", Summary: "Checked the release notes, go ahead"}),
	"closed-approved-arn": closed(approval.Ending{How: approval.EndedApproved, Summary: "Approved by arn:aws:sts::111122223333:assumed-role/release-approver/lee"}),
	"closed-rejected":     closed(approval.Ending{How: approval.EndedRejected, Summary: "Change freeze until Monday"}),
	"closed-timed-out":    closed(approval.Ending{How: approval.EndedTimedOut, Summary: "The approval request expired before a response was received"}),
	"closed-stopped":      closed(approval.Ending{How: approval.EndedAbandoned, Summary: "wrong branch"}),
	"closed-canceled":     closed(approval.Ending{How: approval.EndedCanceled}),
	"closed-gone":         closed(approval.Ending{How: approval.EndedGone}),
	"closed-unknown":      with(func(r *approval.Request) { r.State = approval.Closed }),
	"approved-voteless":   with(func(r *approval.Request) { r.State = approval.Approved }),
	"closed-vote-too-late": func() approval.Request {
		r := decided(approval.Approve, approval.DoorSlack, "", nil)
		r.State, r.Ending = approval.Closed, &approval.Ending{How: approval.EndedRejected, By: "arn:aws:iam::111122223333:user/lee", At: voted}
		return r
	}(),
	"hostile": hostile(),
}

// hostile is a request in which all outside text is bad.
func hostile() approval.Request {
	return with(func(r *approval.Request) {
		r.Revisions = []approval.Revision{{
			ID: "`<!channel>`", Summary: "<!channel> `rm -rf` & <https://evil.example|good>\nsecond line", Author: "<@U0DANA00001> \u202egnp.exe",
			URL: "https://good.example/<!here>|x>y", Source: "S",
		}, {
			ID: "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c", Summary: "שלום עולם 🚀 تحديث", Author: "👩‍👩‍👧", URL: "javascript:alert(1)",
		}}
		r.CustomData = strings.Repeat("<&>🚂", 1000) + "\n" + strings.Repeat("x\n", 500)
		r.ReviewURL = "https://user:password@evil.example/"
		r.StartedBy = "arn:aws:sts::1:assumed-role/r/<!everyone>"
		r.Environment = "prod\n<!here>"
		r.Region = "evil.example/x"
		r.Approvers = []people.Person{{ID: "x", Name: "<!subteam^S1>`", Slack: "U1> <!channel"}, dana}
	})
}

func TestCardsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for name, r := range cards {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := slack.ApprovalCard(r)
			golden(t, name+".golden.json", map[string]any{"text": m.Text, "blocks": m.Blocks})
			checkLimits(t, m)
		})
	}
}

// golden compares v, as JSON for people, with a file.
func golden(t *testing.T, file string, v any) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
