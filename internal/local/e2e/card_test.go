package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/people"
)

func TestReleaseWaitsForAnApprovalInSlack(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	for what, fact := range map[string]string{
		"the pipeline": r.pipeline, "the stage": "Approval", "the environment": "production",
		"the commit": "Round VAT per line", "its author": author, "who started it": "push to the repository",
		"CustomData": note, "what to review": reviewURL + r.execution, "the expiry": "<!date^",
		"who may answer": "<@" + ada.Slack + ">", "who else may": "<@" + bo.Slack + ">", "the execution": r.execution[:8],
	} {
		if !strings.Contains(m.words(), fact) {
			t.Errorf("the card does not say %s, %q:\n%s", what, fact, m.words())
		}
	}
	if ids, _ := m.buttons(); !slices.Equal(ids, []string{approve, reject, view}) {
		t.Errorf("the card has the buttons %q", ids)
	}
	r.stillWaits()
	if got := r.cards(); len(got) != 1 || m.Edits != 0 {
		t.Errorf("there are %d cards, the first with %d edits", len(got), m.Edits)
	}

	r.click(ada, m, approve)
	r.goesOn()
	r.closed("Approved by *"+ada.Name+"*", "in Slack", "<!date^", "CodePipeline accepted it")
	r.audited(m, `"verdict":"approve"`, ada.Name, `"door":"Slack"`, r.pipeline, r.execution)
	r.wantSummary("Approved by "+ada.Name, ada.Email, "via Slack")
	if got := r.whispers(ada); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, r.pipeline) }) {
		t.Errorf("the voter is told something beside the card: %q", got)
	}
}

func TestReleaseIsRejectedInSlackWithAReason(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	v := r.modal(bo, m)
	// Slack itself lets nobody send an empty field; blanks are ours to refuse.
	tell[map[string]string](t, r.system, "/local/slack/views/"+v.ID, reason(bo, ""), http.StatusUnprocessableEntity)
	blank := tell[answered](t, r.system, "/local/slack/views/"+v.ID, reason(bo, " \n "), http.StatusOK)
	if !strings.Contains(blank.Body, "errors") || !strings.Contains(blank.Body, "say why") {
		t.Errorf("a reason of blanks is answered %+v", blank)
	}
	if left := r.modals(bo, m); len(left) != 1 || left[0].Errors["reason"] == "" {
		t.Errorf("the modal must stay, with a complaint: %+v", left)
	}
	r.stillWaits()
	r.unaudited(m)

	tell[answered](t, r.system, "/local/slack/views/"+v.ID, reason(bo, "Totals differ by 3 %"), http.StatusOK).check(t, "the reason")
	r.stopsHere()
	r.closed("Rejected by *"+bo.Name+"*", "Totals differ by 3 %", "in Slack")
	r.audited(m, `"verdict":"reject"`, bo.Name, "Totals differ by 3 %")
	r.wantSummary("Rejected by "+bo.Name, "via Slack", "Totals differ by 3 %")
}

func TestOnlyApproversAreCounted(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	for _, who := range []people.Person{stranger, cleo, guest, bot} {
		r.click(who, m, approve)
		r.told(who, "You are not an approver of "+r.pipeline, ada.Name+" or "+bo.Name+" can answer")
	}
	r.click(gone, m, approve) // whom Slack tells nothing; nobody must wait for that
	r.rejects(cleo, m, "I do not like it")
	r.stillWaits()
	r.unaudited(m)
	r.click(ada, m, approve)
	r.goesOn()
	r.closed("Approved by *" + ada.Name + "*")
	r.audited(m, ada.Name)
}

func TestListedAccountsThatMayNeverVoteAreRefused(t *testing.T) {
	t.Parallel()
	r := begin(t, accounts)
	m := r.asked()
	r.click(guest, m, approve)
	r.told(guest, "Guest accounts cannot answer")
	r.click(bot, m, approve)
	r.told(bot, "Bots cannot answer")
	r.click(gone, m, approve) // whom Slack tells nothing; nobody must wait for that
	r.stillWaits()
	r.unaudited(m)
	r.rejects(ada, m, "Not today")
	r.stopsHere()
	r.closed("Rejected by *" + ada.Name + "*")
}

func TestReleaseWithoutARuleIsForNobody(t *testing.T) {
	t.Parallel()
	for rule, why := range map[string]string{
		unruled:  "No rule in `config/signalbox.yaml` matches",
		unmanned: "has no approvers",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := begin(t, rule)
			m := r.card("that says that nobody can", func(m said) bool { return strings.Contains(m.words(), "Nobody can approve this here") })
			if ids, _ := m.buttons(); !slices.Equal(ids, []string{view}) || !strings.Contains(m.words(), why) {
				t.Errorf("the card has the buttons %q and says\n%s", ids, m.words())
			}
			// The card offers no button, and a click on one that is made up
			// does not count either.
			if got := r.send(t, r.pressed(ada, m, r.request(m), approve)); got != http.StatusOK {
				t.Fatalf("a genuine click on a request without a rule is answered %d", got)
			}
			r.told(ada, "Nobody can answer this here", r.pipeline)
			r.stillWaits()
			r.unaudited(m)
			for _, who := range []people.Person{ada, bo, cleo} {
				if got := r.letters(who); len(got) > 0 {
					t.Errorf("%s is asked by mail, and may not answer: %q", who.Name, got)
				}
			}
		})
	}
}

func TestHostileCommitMessageIsInertEverywhere(t *testing.T) {
	t.Parallel()
	const hostile = `<!channel> </script><script>alert(1)</script> <https://evil.example|Approve> & "x"` + "\nCode: AAAA-AAAA\n" + "https://evil.example/approve?t=x"
	r := beginWith(t, ruled, hostile)
	m := r.asked()
	said := m.words()
	for _, live := range []string{"<!channel>", "<https://evil.example", "<script>", "</script>"} {
		if strings.Contains(said, live) {
			t.Errorf("the card holds %q, which is alive there:\n%s", live, said)
		}
	}
	if !strings.Contains(said, "&lt;!channel&gt;") {
		t.Errorf("the card does not show the message as it is:\n%s", said)
	}
	i := r.invited(ada) // which refuses a second line with a code or a link
	if !strings.Contains(i.Body, "<!channel>") || strings.Contains(i.code, "AAAA") {
		t.Errorf("the mail is\n%s", i.Body)
	}
	page := i.look()
	i.want(page, http.StatusOK, "&lt;!channel&gt;", "&lt;/script&gt;")
	if strings.Contains(page.body, "<script") || strings.Contains(page.body, "</script") {
		t.Errorf("the page holds a live script:\n%s", page.body)
	}
	r.click(ada, m, approve)
	r.goesOn()
	r.closed("Approved by *"+ada.Name+"*", "&lt;!channel&gt;")
}
