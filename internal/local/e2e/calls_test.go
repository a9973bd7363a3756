package e2e_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

// A made is a call of a function, as GET /local/calls shows it.
type made struct {
	Service, Operation, Function string
	Status                       int
}

// tally counts the calls of the approval function since they were forgotten.
func tally(t *testing.T, s *system) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, c := range list[[]made](t, s, "/local/calls") {
		if c.Function == "approval" {
			counts[c.Service+" "+c.Operation]++
		}
	}
	return counts
}

func (s *system) forget(t *testing.T) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.URL+"/local/calls", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, request); got.status >= http.StatusBadRequest {
		t.Fatalf("the calls are not forgotten: %d", got.status)
	}
}

// most checks counts against what each part of the flow may cost at most, and
// prints them.
func most(t *testing.T, what string, counts, limits map[string]int) {
	t.Helper()
	if counts["codepipeline ListPipelines"] > 0 {
		t.Logf("%s: the reconciler ran in between, so that its calls are not told from these", what)
		return
	}
	all := 0
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		all += counts[name]
		t.Logf("%s: %d × %s", what, counts[name], name)
		if counts[name] > limits[name] {
			t.Errorf("%s makes %d calls of %s, more than %d", what, counts[name], name, limits[name])
		}
	}
	t.Logf("%s: %d calls", what, all)
}

// It counts the calls of all functions, so it does not run beside other tests.
func TestARequestAndAVoteCostFewCalls(t *testing.T) {
	s := world(t)
	warm := begin(t, ruled) // secrets, the bot's identity and the like are read once
	warm.click(ada, warm.asked(), approve)
	warm.goesOn()
	warm.says("CodePipeline accepted it")

	s.forget(t)
	r := begin(t, ruled)
	m := r.asked()
	r.invited(ada)
	r.invited(bo)
	eventually(t, "everybody has been asked, and that is on record", func() (int, bool) {
		n := 0
		for _, e := range r.trail() {
			if e.Kind == "MAIL_SENT" {
				n++
			}
		}
		return n, n == 2
	})
	// CodePipeline: what waits (4), and what it would release (at most 6).
	// DynamoDB: is it known? the chain's head, create, two links, what was done;
	// a conflict on a chain repeats a write. KMS: the codes' seed and two links.
	// SNS: two mails. Slack: one card.
	most(t, "a request", tally(t, s), map[string]int{
		"codepipeline GetPipeline": 2, "codepipeline GetPipelineExecution": 2, "codepipeline GetPipelineState": 2,
		"codepipeline ListActionExecutions": 5, "codepipeline ListPipelineExecutions": 4,
		"dynamodb GetItem": 4, "dynamodb PutItem": 3, "dynamodb TransactWriteItems": 3,
		"kms GenerateMac": 3, "sns Publish": 2, "slack chat.postMessage": 1,
	})

	s.forget(t)
	r.click(bo, m, approve)
	r.goesOn()
	r.says("CodePipeline accepted it")
	// DynamoDB: the request, by the vote and by the event of the end; the vote,
	// that it was applied, that it is settled. Slack: who is it; the card, drawn
	// once by the vote and at most once by the event of the end.
	most(t, "a vote", tally(t, s), map[string]int{
		"codepipeline PutApprovalResult": 1, "codepipeline ListActionExecutions": 1,
		"dynamodb GetItem": 5, "dynamodb PutItem": 2, "dynamodb Query": 1, "dynamodb TransactWriteItems": 3,
		"slack users.info": 1, "slack chat.update": 2,
	})
}
