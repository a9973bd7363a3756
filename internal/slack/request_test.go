package slack_test

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

var (
	started = time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)
	voted   = started.Add(36 * time.Minute)
	applied = voted.Add(2 * time.Second)

	dana  = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee   = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"}
	priya = people.Person{ID: "priya", Name: "Priya Raman", Email: "priya@example.com", Slack: "U0PRIYA0003"}
	kim   = people.Person{ID: "kim", Name: "Kim"} // without Slack
)

const requestID = "abcdefghijklmnopqrstuvwx23"

const (
	head = "3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c"
	site = "https://github.com/example-org/web-shop/commit/"
)

// pending is a request as it usually is: one of two people may answer.
func pending() approval.Request {
	return approval.Request{
		ID: requestID, State: approval.Pending, Environment: "production", Channel: "C0RELEASES",
		Policy: "web-shop production", PolicyHash: "0123456789abcdef",
		Rule:      approval.Rule{Name: "web-shop production", Quorums: []approval.Quorum{{Need: 1, People: []people.Person{dana, lee}}}},
		Approvers: []people.Person{dana, lee},
		Waiting: approval.Waiting{
			Action: approval.Action{
				Account: "111122223333", Region: "eu-west-1", Pipeline: "web-shop",
				ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveProduction",
			},
			ActionExecutionID: "44dd55ee-66ff-47aa-98bb-99ccaaddbbee",
			Token:             "the-token-of-codepipeline",
			StartedBy:         "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Deployer_0123456789abcdef/priya@example.com",
			Revisions:         []approval.Revision{{Source: "Source", ID: head, Summary: "Add refund endpoint\n\nRefs ORD-42", URL: site + head, Author: "Marco Silva"}},
			CustomData:        "Please check the release notes", ReviewURL: "https://wiki.example.com/releases/1.8.0",
			StartedAt: started, ExpiresAt: started.Add(7 * 24 * time.Hour),
		},
		Changes: release.Changes{
			Stage: "Production", Since: &release.Release{ExecutionID: "91d0a7f3-11aa-42bb-8cc3-0123456789ab", At: started.Add(-22 * time.Hour)},
			Commits: []release.Commit{
				{Source: "Source", ID: head, Summary: "Add refund endpoint", Author: "Marco Silva", URL: site + head, Keys: []string{"ORD-42"}},
				{Source: "Source", ID: "aa11bb22cc33dd44ee55ff66007788990a1b2c3d", Summary: "ORD-40: round totals half to even", Author: "Priya Raman", Keys: []string{"ORD-40"}},
			},
			AuthorsComplete: true,
			Images:          []release.Image{{Repository: "web-shop", Digest: "sha256:9b2cf535f27731c974343645a3985328a9b2cf535f27731c974343645a398532", Verdict: release.Clean}},
			Tests:           []release.Test{{Name: "unit", Passed: 412, Skipped: 3, URL: "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/reports/unit"}},
			Began:           started.Add(-14 * time.Minute),
		},
	}
}

func with(change func(*approval.Request)) approval.Request {
	r := pending()
	change(&r)
	return r
}

// circles is a request of two quorums: QA has 1 of 2, and Ops, a user group, 0
// of 1.
func circles(change func(*approval.Request)) approval.Request {
	return with(func(r *approval.Request) {
		r.Rule.Quorums = []approval.Quorum{
			{Name: "QA", Need: 2, People: []people.Person{dana, lee, kim}},
			{Name: "Ops", Need: 1, People: []people.Person{priya}, Groups: []string{"S0OPS000001"}},
		}
		r.Approvers = []people.Person{dana, lee, kim, priya}
		r.Votes = []approval.Vote{{Verdict: approval.Approve, By: dana, Door: approval.DoorSlack, Reason: "Checked <b>refunds</b> on staging", At: voted, Ballot: "1"}}
		if change != nil {
			change(r)
		}
	})
}

// full is circles with all its approvals.
func full(change func(*approval.Request)) approval.Request {
	return circles(func(r *approval.Request) {
		r.Votes = append(r.Votes,
			approval.Vote{Verdict: approval.Approve, By: lee, Door: approval.DoorEmail, At: voted.Add(time.Minute), Ballot: "2"},
			approval.Vote{Verdict: approval.Approve, By: priya, Door: approval.DoorSlack, At: voted.Add(2 * time.Minute), Ballot: "3"})
		change(r)
	})
}

func decided(v approval.Verdict, door approval.Door, reason string, at *time.Time) approval.Request {
	return with(func(r *approval.Request) {
		r.State = map[approval.Verdict]approval.State{approval.Approve: approval.Approved, approval.Reject: approval.Rejected}[v]
		r.Vote = &approval.Vote{Verdict: v, By: dana, Door: door, Reason: reason, At: voted}
		r.Votes = []approval.Vote{*r.Vote}
		r.Applied = at
	})
}

func closed(e approval.Ending) approval.Request {
	return with(func(r *approval.Request) {
		e.At = voted
		r.State, r.Ending = approval.Closed, &e
	})
}

// broken is a request that Priya let pass alone.
func broken(at *time.Time) approval.Request {
	return circles(func(r *approval.Request) {
		r.Rule.BreakGlass = []people.Person{priya}
		r.State, r.Applied = approval.Approved, at
		r.Vote = &approval.Vote{Verdict: approval.Approve, Override: true, By: priya, Door: approval.DoorSlack, Reason: "Checkout is down, this reverts it", At: voted}
		r.Votes = append(slices.Clone(r.Votes), *r.Vote)
	})
}

// expired is a request that nobody answered in the time that its rule gives.
func expired() approval.Request {
	return circles(func(r *approval.Request) {
		r.Rule.Expire = 24 * time.Hour
		r.State, r.Applied = approval.Rejected, &applied
		r.Vote = &approval.Vote{Verdict: approval.Reject, By: people.Person{Name: "Signalbox"}, Door: approval.DoorPolicy, Reason: "Not enough approvals within 24 hours.", At: voted}
		r.Votes = append(slices.Clone(r.Votes), *r.Vote)
	})
}
