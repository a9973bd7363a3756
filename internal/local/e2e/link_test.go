package e2e_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

func TestReleaseIsApprovedThroughTheMail(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	i := r.invited(ada)
	for what, fact := range map[string]string{
		"the pipeline": r.pipeline, "the environment": "production", "the commit": "Round VAT per line", "its author": author,
		"CustomData": note, "what to review": reviewURL + r.execution, "who may answer too": bo.Name, "whose mail it is": ada.Name,
	} {
		if !strings.Contains(i.Body, fact) {
			t.Errorf("the mail does not say %s, %q:\n%s", what, fact, i.Body)
		}
	}
	if strings.Contains(i.Body, r.invited(bo).code) {
		t.Error("Ada's mail holds Bo's code")
	}
	i.want(i.look(), http.StatusOK, r.pipeline, ada.Name, `name="t"`, `name="code"`, `name="reason"`, `value="approve"`, `value="reject"`)

	done := i.answer(strings.ToLower(strings.ReplaceAll(i.code, "-", " ")), "approve", "")
	if done.status != http.StatusSeeOther {
		t.Fatalf("the answer is answered %d:\n%s", done.status, done.body)
	}
	r.goesOn()
	r.closed("Approved by *"+ada.Name+"*", "by e-mail")
	result := ask(t, http.MethodGet, i.env["SIGNALBOX_API_URL"]+done.header.Get("Location"))
	i.want(result, http.StatusOK, "Approved", ada.Name, "CodePipeline has accepted it")
	r.audited(r.cards()[0], ada.Name, `"door":"e-mail"`)
	r.wantSummary("Approved by "+ada.Name, "via e-mail")

	// The link has done its work.
	i.want(i.look(), http.StatusConflict, "This link has been used")
	i.want(i.answer(i.code, "reject", "Changed my mind"), http.StatusConflict, "cannot vote twice")
	other := r.invited(bo)
	other.want(other.look(), http.StatusOK, "Approved", ada.Name)
	other.want(other.answer(other.code, "reject", "Too late"), http.StatusConflict, ada.Name)
	r.audited(r.cards()[0], ada.Name)
}

func TestReleaseIsRejectedThroughTheMail(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	i := r.invited(bo)
	i.want(i.answer(i.code, "reject", " \r\n"), http.StatusUnprocessableEntity, "Say why you reject")
	i.want(i.answer("", "reject", "No"), http.StatusUnprocessableEntity, "Type the code")
	i.want(i.answer(i.code, "perhaps", "No"), http.StatusBadRequest, "Approve or reject?")
	r.stillWaits()
	if done := i.answer(i.code, "reject", "Totals differ"); done.status != http.StatusSeeOther {
		t.Fatalf("the answer is answered %d:\n%s", done.status, done.body)
	}
	r.stopsHere()
	r.closed("Rejected by *"+bo.Name+"*", "by e-mail", "Totals differ")
	r.wantSummary("Rejected by "+bo.Name, "via e-mail", "Totals differ")
}

func TestOpeningALinkChangesNothing(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m, i := r.asked(), r.invited(ada)
	before := eventually(t, "everybody has been asked, and that is on record", func() ([]string, bool) {
		items := r.under("APPROVAL#" + r.request(m))
		return items, len(items) == 1 && strings.Contains(items[0], `"mailed"`)
	})
	for n := range 100 {
		if n%4 == 3 { // HTTP APIs know no HEAD unless they have a route for it
			if got := ask(t, http.MethodHead, i.url); got.status != http.StatusOK && got.status != http.StatusNotFound {
				t.Fatalf("HEAD is answered %d", got.status)
			}
			continue
		}
		i.want(i.look(), http.StatusOK, r.pipeline)
		if t.Failed() {
			t.FailNow()
		}
	}
	// The query of a link is no form, whatever it says.
	i.want(ask(t, http.MethodGet, i.url+"&code="+i.code+"&verdict=approve"), http.StatusOK, r.pipeline)
	r.stillWaits()
	r.unaudited(m)
	if after := r.under("APPROVAL#" + r.request(m)); len(before) != 1 || len(after) != 1 || after[0] != before[0] {
		t.Errorf("the request was\n%q\nand after a hundred looks is\n%q", before, after)
	}
	if done := i.answer(i.code, "approve", ""); done.status != http.StatusSeeOther {
		t.Errorf("after a hundred looks the answer is answered %d", done.status)
	}
	r.goesOn()
}

func TestFiveWrongCodesLockTheLink(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m, i := r.asked(), r.invited(ada)
	for _, left := range []string{"4 more times", "3 more times", "2 more times", "once more"} {
		i.want(i.answer("AAAA-AAAA", "approve", ""), http.StatusUnprocessableEntity, "This code is not right", left)
	}
	i.want(i.answer("AAAA-AAAA", "approve", ""), http.StatusLocked, "This link is locked")
	i.want(i.answer(i.code, "approve", ""), http.StatusLocked, "This link is locked")
	i.want(i.look(), http.StatusLocked, "This link is locked")
	r.stillWaits()
	r.unaudited(m)
	// The lock is on this link alone.
	other := r.invited(bo)
	if done := other.answer(other.code, "approve", ""); done.status != http.StatusSeeOther {
		t.Errorf("Bo is answered %d", done.status)
	}
	r.goesOn()
	r.audited(m, bo.Name)
}

func TestCodeOfAnotherPersonIsWrong(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	a, b := r.invited(ada), r.invited(bo)
	if a.code == b.code || a.token == b.token {
		t.Fatal("two people have the same link or code")
	}
	a.want(a.answer(b.code, "approve", ""), http.StatusUnprocessableEntity, "This code is not right")
	other := begin(t, ruled).invited(ada)
	a.want(a.answer(other.code, "approve", ""), http.StatusUnprocessableEntity, "This code is not right")
	r.stillWaits()
}

func TestLinkThatIsNotGenuineOpensNothing(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m, i := r.asked(), r.invited(ada)
	elsewhere := begin(t, ruled).invited(bo)
	part := func(token string, n int) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[n])
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	write := func(payload, mac []byte) string {
		return "v1." + base64.RawURLEncoding.EncodeToString(payload) + "." + base64.RawURLEncoding.EncodeToString(mac)
	}
	payload, mac := part(i.token, 1), part(i.token, 2)
	flip := func(raw []byte, at int) []byte {
		out := append([]byte{}, raw...)
		out[at] ^= 1
		return out
	}
	for what, c := range map[string]struct {
		token  string
		status int
		words  string
	}{
		"another signature":      {write(payload, flip(mac, 0)), http.StatusForbidden, "not genuine"},
		"the last bit of it":     {write(payload, flip(mac, 31)), http.StatusForbidden, "not genuine"},
		"no signature":           {write(payload, make([]byte, 32)), http.StatusForbidden, "not genuine"},
		"a signature from there": {write(payload, part(elsewhere.token, 2)), http.StatusForbidden, "not genuine"},
		"another request":        {write(flip(payload, 3), mac), http.StatusNotFound, "do not know this link"},
		"another person":         {write(flip(payload, 17), mac), http.StatusNotFound, "do not know this link"},
		"another colleague":      {write(append(append(append([]byte{}, payload[:16]...), part(r.invited(bo).token, 1)[16:24]...), payload[24:]...), mac), http.StatusForbidden, "not genuine"},
		"a later expiry":         {write(flip(payload, 25), mac), http.StatusForbidden, "not genuine"},
		"an expiry in 1970":      {write(append(append([]byte{}, payload[:24]...), 0, 0, 0, 9, 1), mac), http.StatusGone, "expired"},
		"another purpose":        {write(flip(payload, 28), mac), http.StatusNotFound, "do not know this link"},
		"another version":        {"v2" + i.token[2:], http.StatusBadRequest, "incomplete"},
		"the end cut off":        {i.token[:len(i.token)-1], http.StatusBadRequest, "incomplete"},
		"half":                   {i.token[:len(i.token)/2], http.StatusBadRequest, "incomplete"},
		"nothing":                {"", http.StatusBadRequest, "incomplete"},
		"something added":        {i.token + "A", http.StatusBadRequest, "incomplete"},
	} {
		t.Run(what, func(t *testing.T) {
			forged := i.with(c.token)
			forged.release = &release{system: r.system, t: t, pipeline: r.pipeline, execution: r.execution, channel: r.channel}
			page := forged.look()
			forged.want(page, c.status, c.words)
			if strings.Contains(page.body, r.pipeline) || strings.Contains(page.body, ada.Name) {
				t.Errorf("a page behind such a link tells about the release:\n%s", page.body)
			}
			forged.want(forged.answer(i.code, "approve", ""), c.status, c.words)
		})
	}
	// Two tokens: which one would count?
	i.want(ask(t, http.MethodGet, i.url+"&t="+i.token), http.StatusBadRequest, "incomplete")
	r.stillWaits()
	r.unaudited(m)
}

func TestLinkIsDeadAfterADecisionInSlack(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	i := r.invited(bo)
	m := r.asked()
	r.click(ada, m, approve)
	r.closed("Approved by *" + ada.Name + "*")
	i.want(i.look(), http.StatusOK, "Approved", ada.Name, "Slack")
	if page := i.look(); strings.Contains(page.body, "<form") {
		t.Errorf("the page still asks:\n%s", page.body)
	}
	i.want(i.answer(i.code, "reject", "No"), http.StatusConflict, ada.Name)
	r.goesOn()
	r.audited(m, ada.Name)
}
