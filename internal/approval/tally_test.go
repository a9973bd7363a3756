package approval_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// counted is r after votes, each of which has to count.
func counted(t *testing.T, r approval.Request, votes ...approval.Vote) approval.Request {
	t.Helper()
	for _, v := range votes {
		var why approval.Refusal
		if r, why = r.Count(v, approval.Rulebook{}, opened); why != "" {
			t.Fatalf("the vote of %s is refused: %s", v.By.ID, why)
		}
	}
	return r
}

func TestEveryQuorumHasToBeMet(t *testing.T) {
	t.Parallel()
	r := counted(t, ruled(circle("QA", 2, dana, lee), circle("Ops", 1, marco)), yes(dana))
	if got, want := r.Waits(), "Waits for 1 more of QA and 1 of Ops."; r.State != approval.Pending || got != want {
		t.Errorf("%s: %q, want PENDING and %q", r.State, got, want)
	}
	if r = counted(t, r, yes(marco)); r.State != approval.Pending {
		t.Errorf("with 1 of 2 from QA the request is %s", r.State)
	}
	if r = counted(t, r, yes(lee)); r.State != approval.Approved {
		t.Errorf("with every quorum met the request is %s", r.State)
	}
	if got, want := approval.Summary(r), "Approved by Lee Okafor (lee@example.com) and Dana Whitfield (dana@example.com) and Marco Silva via e-mail"; got != want {
		t.Errorf("Summary = %q, want %q", got, want)
	}
}

func TestNobodyCountsTwice(t *testing.T) {
	t.Parallel()
	r := counted(t, ruled(circle("QA", 1, dana, lee), circle("Ops", 1, dana)), yes(dana))
	if r.State != approval.Pending {
		t.Fatalf("one person met two quorums: %s", r.State)
	}
	if _, why := r.Count(yes(dana), approval.Rulebook{}, opened); why != approval.Counted {
		t.Errorf("a second yes of the same person: %q, want %q", why, approval.Counted)
	}
	// Dana counts where she is needed: for Ops, as soon as Lee stands for QA.
	r = counted(t, r, yes(lee))
	if r.State != approval.Approved {
		t.Errorf("Dana for Ops and Lee for QA: %s, want APPROVED", r.State)
	}
}

func TestMembersOfAUserGroupCount(t *testing.T) {
	t.Parallel()
	r := ruled(approval.Quorum{Name: "Ops", Need: 1, Groups: []string{"S0OPS"}})
	if _, why := r.Count(yes(marco), approval.Rulebook{}, opened); why != approval.NotApprover {
		t.Errorf("somebody outside of the group: %q", why)
	}
	member := yes(marco)
	member.Groups = []string{"S0OPS"}
	if got, why := r.Count(member, approval.Rulebook{}, opened); why != "" || got.State != approval.Approved {
		t.Errorf("a member: %s, %q", got.State, why)
	}
	member.By = people.Person{}
	if _, why := r.Count(member, approval.Rulebook{}, opened); why != approval.NotApprover {
		t.Errorf("a member who is nobody we know: %q", why)
	}
}

func TestAVoteCanBeTakenBackUntilTheOutcome(t *testing.T) {
	t.Parallel()
	back := func(p people.Person) approval.Vote {
		return approval.Vote{Verdict: approval.Withdraw, By: p, Door: approval.DoorSlack, Ballot: "back " + p.ID, At: opened.Add(time.Minute)}
	}
	r := counted(t, ruled(circle("QA", 2, dana, lee, marco)), yes(dana), back(dana), yes(lee))
	if r.State != approval.Pending || len(r.Votes) != 2 || r.Votes[0].Withdrawn == nil {
		t.Fatalf("request %s with votes %+v; want dana's taken back", r.State, r.Votes)
	}
	again := yes(dana)
	again.Ballot = "again"
	if r = counted(t, r, again); r.State != approval.Approved {
		t.Errorf("after she approved again: %s", r.State)
	}
	if _, why := r.Count(back(dana), approval.Rulebook{}, opened); why != approval.AlreadyDecided {
		t.Errorf("taking back after the outcome: %q", why)
	}
}

// TestTallyIsTheBestThereIs compares the assignment of votes to quorums with
// trying out every assignment.
func TestTallyIsTheBestThereIs(t *testing.T) {
	t.Parallel()
	all := []people.Person{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}, {ID: "c", Name: "C"}, {ID: "d", Name: "D"}, {ID: "e", Name: "E"}}
	rapid.Check(t, func(t *rapid.T) {
		var quorums []approval.Quorum
		for range rapid.IntRange(1, 3).Draw(t, "quorums") {
			q := approval.Quorum{Need: rapid.IntRange(1, 3).Draw(t, "need")}
			for _, p := range all {
				if rapid.Bool().Draw(t, p.ID+" belongs") {
					q.People = append(q.People, p)
				}
			}
			quorums = append(quorums, q)
		}
		r := ruled(quorums...)
		for _, p := range all {
			if rapid.Bool().Draw(t, p.ID+" approves") {
				r.Votes = append(r.Votes, yes(p))
			}
		}
		seated, seen := 0, map[string]bool{}
		for i, p := range r.Tally() {
			seated += len(p.Have)
			if len(p.Have) > p.Need {
				t.Fatalf("%d count for a quorum of %d", len(p.Have), p.Need)
			}
			for _, v := range p.Have {
				_, belongs := people.ByID(quorums[i].People, v.ID)
				if seen[v.ID] || !belongs {
					t.Fatalf("%s counts twice, or for a quorum of others", v.ID)
				}
				seen[v.ID] = true
			}
		}
		if best := most(r, 0, make([]int, len(quorums))); seated != best {
			t.Fatalf("%d votes count, and %d could", seated, best)
		}
	})
}

// most is how many of the votes from the i-th on can be seated.
func most(r approval.Request, i int, taken []int) int {
	if i == len(r.Votes) {
		return 0
	}
	best := most(r, i+1, taken)
	for q, quorum := range r.Rule.Quorums {
		belongs := slices.ContainsFunc(quorum.People, func(p people.Person) bool { return p.ID == r.Votes[i].By.ID })
		if belongs && taken[q] < quorum.Need {
			taken[q]++
			best = max(best, 1+most(r, i+1, taken))
			taken[q]--
		}
	}
	return best
}
