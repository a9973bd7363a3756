package slack_test

import (
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// cards are the states in which a card can be, by the name of its golden file.
var cards = map[string]approval.Request{
	"pending":                 pending(),
	"pending-bare":            {ID: requestID, State: approval.Pending, Rule: approval.Rule{Quorums: []approval.Quorum{{Need: 1, People: []people.Person{kim}}}}, Approvers: []people.Person{kim}, Waiting: approval.Waiting{Action: approval.Action{Pipeline: "p", Stage: "S", Name: "A"}}},
	"pending-nobody-no-rule":  with(func(r *approval.Request) { r.Approvers, r.Rule, r.Policy, r.Environment = nil, approval.Rule{}, "", "" }),
	"pending-nobody-in-rule":  with(func(r *approval.Request) { r.Approvers, r.Rule.Quorums = nil, nil }),
	"pending-many-revisions":  revised(),
	"pending-circles":         circles(nil),
	"pending-everything":      busy(),
	"pending-too-few":         circles(func(r *approval.Request) { tie(r, lee, approval.Authored); tie(r, kim, approval.Started) }),
	"pending-unknown-starter": with(func(r *approval.Request) { r.Ties.UnknownStarter = "the role Deployer" }),
	"pending-mention":         circles(func(r *approval.Request) { r.Rule.Tell.Mention = []string{"U0LEE000002", "S0RELEASES1"} }),
	"pending-roll-back": with(func(r *approval.Request) {
		r.Changes = release.Changes{Stage: "Production", RollsBackTo: "0c0ffee0-0000-4000-8000-000000000000", Missing: []string{"The commits since the last release could not be read."}}
	}),
	"pending-first-release": with(func(r *approval.Request) { r.Changes.Since = nil }),
	"held":                  held("Releases to production start only Mon–Thu 20:00–22:00 Europe/Berlin.", time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)),
	"held-frozen":           held("Frozen: Christmas, change freeze. No end is set.", time.Time{}),
	"approved-applying":     decided(approval.Approve, approval.DoorSlack, "", nil),
	"approved":              decided(approval.Approve, approval.DoorSlack, "", &applied),
	"approved-by-email":     decided(approval.Approve, approval.DoorEmail, "Looks good", &applied),
	"approved-circles": full(func(r *approval.Request) {
		r.State, r.Applied, r.Vote = approval.Approved, &applied, &r.Votes[2]
	}),
	"approved-voteless":   with(func(r *approval.Request) { r.State = approval.Approved }),
	"broken-applying":     broken(nil),
	"broken":              broken(&applied),
	"rejected-applying":   decided(approval.Reject, approval.DoorSlack, "The migration is missing", nil),
	"rejected":            decided(approval.Reject, approval.DoorSlack, "The migration is missing.\nSee ORD-42.", &applied),
	"rejected-silently":   decided(approval.Reject, approval.DoorEmail, "", &applied),
	"expired":             expired(),
	"closed-approved":     closed(approval.Ending{How: approval.EndedApproved, By: "arn:aws:iam::111122223333:user/ops/lee", Summary: "Checked the release notes, go ahead"}),
	"closed-approved-arn": closed(approval.Ending{How: approval.EndedApproved, Summary: "Approved by arn:aws:sts::111122223333:assumed-role/release-approver/lee"}),
	"closed-rejected":     closed(approval.Ending{How: approval.EndedRejected, Summary: "Change freeze until Monday"}),
	"closed-timed-out":    closed(approval.Ending{How: approval.EndedTimedOut, Summary: "The approval request expired before a response was received"}),
	"closed-stopped":      closed(approval.Ending{How: approval.EndedAbandoned, Summary: "wrong branch"}),
	"closed-canceled":     closed(approval.Ending{How: approval.EndedCanceled}),
	"closed-gone":         closed(approval.Ending{How: approval.EndedGone}),
	"closed-unknown":      with(func(r *approval.Request) { r.State = approval.Closed }),
	"closed-on-the-way": circles(func(r *approval.Request) {
		r.State, r.Ending = approval.Closed, &approval.Ending{How: approval.EndedApproved, By: "arn:aws:iam::111122223333:user/lee", At: voted}
	}),
	"closed-vote-too-late": func() approval.Request {
		r := decided(approval.Approve, approval.DoorSlack, "", nil)
		r.State, r.Ending = approval.Closed, &approval.Ending{How: approval.EndedRejected, By: "arn:aws:iam::111122223333:user/lee", At: voted}
		return r
	}(),
	"hostile": hostile(),
}

func tie(r *approval.Request, p people.Person, as approval.Part) {
	r.Ties.People = append(r.Ties.People, approval.Tie{Person: p.ID, As: as})
}

func revised() approval.Request {
	return with(func(r *approval.Request) {
		r.Changes = release.Changes{}
		r.Revisions = append(r.Revisions,
			approval.Revision{Source: "Image", ID: "sha256:9b2cf535f27731c974343645a3985328a9b2cf535f27731c974343645a398532"},
			approval.Revision{Source: "Config", ID: "Ab3dE9xKq8PzR7t5vW", Summary: "config.zip"},
			approval.Revision{Source: "Other", ID: "1"}, approval.Revision{Source: "Last", ID: "2"})
	})
}

// busy is a request about which there is something to say everywhere.
func busy() approval.Request {
	return circles(func(r *approval.Request) {
		r.Rule.HighRisk, r.Rule.ReasonToApprove, r.Rule.RejectSilently = true, true, true
		r.Rule.BreakGlass = []people.Person{priya}
		r.Rule.Expire = 24 * time.Hour
		r.Rule.Hours = berlin()
		r.Notes = []string{"The Slack user group S0GONE00001 does not exist, so it admits nobody."}
		tie(r, kim, approval.Committed)
		back := voted.Add(time.Minute)
		r.Votes = append(r.Votes, approval.Vote{Verdict: approval.Approve, By: lee, Door: approval.DoorSlack, At: voted, Withdrawn: &back, Ballot: "2"})
		c := &r.Changes
		for i := range 6 {
			c.Commits = append(c.Commits, release.Commit{ID: strings.Repeat(string(rune('b'+i)), 40), Source: "Config", Summary: "Tune the cache", Author: "Marco Silva", Committer: "Lee Okafor", Keys: []string{"OPS-7", "OPS-9"}})
		}
		c.More, c.MoreKeys = 9, []string{"ORD-12"}
		c.Newer = &release.Release{ExecutionID: "0c0ffee0-0000-4000-8000-000000000000", At: started}
		c.Superseded = []release.Superseded{{ExecutionID: "5aa5aa5a-0000-4000-8000-000000000000", Summary: "Bump the base image"}, {ExecutionID: "6bb6bb6b-0000-4000-8000-000000000000"}}
		c.Missing = []string{"The results of the tests in the stage Build could not be read."}
		c.Images = append(c.Images, release.Image{Repository: "worker", Digest: "sha256:0a1b", Verdict: release.Findings, Counts: map[string]int{"LOW": 12, "CRITICAL": 2, "ODD": 1, "HIGH": 0}},
			release.Image{Repository: "cron", Digest: "sha256:77", Verdict: release.Scanning}, release.Image{Digest: "sha256:88", Verdict: release.NotScanned})
		c.Tests = append(c.Tests, release.Test{Name: "end to end", Passed: 40, Failed: 2}, release.Test{Name: "empty"})
	})
}

func berlin() calendar.Timetable {
	return calendar.Timetable{Zone: "Europe/Berlin", Windows: []calendar.Window{{Days: []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu}, From: "20:00", To: "22:00"}}}
}

func held(because string, until time.Time) approval.Request {
	return full(func(r *approval.Request) {
		r.Rule.Hours, r.Rule.BreakGlass = berlin(), []people.Person{priya}
		r.State, r.HeldBecause, r.HeldUntil = approval.Held, because, until
	})
}

// hostile is a request in which all outside text is bad and long.
func hostile() approval.Request {
	return circles(func(r *approval.Request) {
		evil := strings.Repeat("<!channel> `rm -rf` & <https://evil.example|good> \"\\ \u202e", 20)
		r.Revisions = []approval.Revision{{ID: "`<!channel>`", Summary: evil, Author: evil, URL: "https://good.example/<!here>|x>y", Source: "S"}}
		c := &r.Changes
		c.Commits, c.More, c.MoreKeys = nil, 1000, []string{"<!here>", "A-1"}
		for range 500 {
			c.Commits = append(c.Commits, release.Commit{
				Source: evil, ID: evil, Summary: evil, Author: evil, Committer: "<@U0DANA00001> \u202egnp.exe", URL: "https://good.example/" + strings.Repeat("<!here>|x>y&", 30), Keys: []string{evil, "<!here>"},
			}, release.Commit{ID: head, Summary: "שלום עולם 🚀 تحديث", Author: "👩‍👩‍👧", URL: "javascript:alert(1)"})
		}
		for range 20 {
			c.Images = append(c.Images, release.Image{Repository: evil, Digest: evil, Verdict: release.Verdict(evil), Counts: map[string]int{evil: 1}})
			c.Tests = append(c.Tests, release.Test{Name: evil, Failed: 1, URL: "javascript:alert(1)"})
			c.Superseded = append(c.Superseded, release.Superseded{ExecutionID: evil, Summary: evil})
			c.Missing = append(c.Missing, evil)
			r.Notes = append(r.Notes, evil)
			p := people.Person{ID: "x" + strings.Repeat("x", len(r.Approvers)), Name: "<!subteam^S1>`" + evil, Slack: "U1> <!channel"}
			r.Approvers = append(r.Approvers, p)
			r.Votes = append(r.Votes, approval.Vote{Verdict: approval.Approve, By: p, Reason: evil, At: voted})
			r.Rule.Quorums = append(r.Rule.Quorums, approval.Quorum{Name: evil, Need: 30, People: r.Approvers, Groups: []string{"S1> <!channel", "S0OPS000001"}})
		}
		r.Rule.BreakGlass, r.Rule.HighRisk, r.Rule.Hours = []people.Person{dana}, true, berlin()
		r.CustomData = strings.Repeat("<&>🚂", 1000) + "\n" + strings.Repeat("x\n", 500)
		r.ReviewURL, r.StartedBy = "https://user:password@evil.example/", "arn:aws:sts::1:assumed-role/r/<!everyone>"
		r.Environment, r.Region, r.Policy = "prod\n<!here>"+evil, "evil.example/x", evil
	})
}
