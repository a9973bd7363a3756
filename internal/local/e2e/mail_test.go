package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/signalbox/signalbox/internal/people"
)

// A letter is a mail as GET /local/mail shows it.
type letter struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

var (
	linkLine = regexp.MustCompile(`(?m)^(https?://\S+/approve\?t=\S+)$`)
	codeLine = regexp.MustCompile(`(?m)^Code: (\S+)$`)
)

// An invitation is what a mail lets one person do.
type invitation struct {
	*release
	letter
	url, token, code string
}

// letters are the mails about r to who.
func (r *release) letters(who people.Person) []letter {
	r.t.Helper()
	var found []letter
	for _, m := range list[[]letter](r.t, r.system, "/local/mail?to="+url.QueryEscape(who.Email)) {
		if strings.Contains(m.Body, r.execution) {
			found = append(found, m)
		}
	}
	return found
}

// invited waits for the mail to who and reads the latest.
func (r *release) invited(who people.Person) invitation {
	r.t.Helper()
	return r.invitedAgain(who, 1)
}

// invitedAgain waits until who has n mails and reads the latest.
func (r *release) invitedAgain(who people.Person, n int) invitation {
	r.t.Helper()
	m := eventually(r.t, "a mail about "+r.pipeline+" to "+who.Name, func() (letter, bool) {
		all := r.letters(who)
		if len(all) < n {
			return letter{}, false
		}
		return all[len(all)-1], true
	})
	links, codes := linkLine.FindAllStringSubmatch(m.Body, -1), codeLine.FindAllStringSubmatch(m.Body, -1)
	if len(links) != 1 || len(codes) != 1 {
		r.t.Fatalf("the mail must have one link and one code, each on a line of its own:\n%s", m.Body)
	}
	address, err := url.Parse(links[0][1])
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.HasPrefix(links[0][1], r.env["SIGNALBOX_API_URL"]+"/approve?") {
		r.t.Errorf("the link %s does not lead to %s", links[0][1], r.env["SIGNALBOX_API_URL"])
	}
	return invitation{release: r, letter: m, url: links[0][1], token: address.Query().Get("t"), code: codes[0][1]}
}

// look opens the link.
func (i invitation) look() reply { i.t.Helper(); return ask(i.t, http.MethodGet, i.url) }

// answer sends the form behind the link.
func (i invitation) answer(code, verdict, why string) reply {
	i.t.Helper()
	return post(i.t, i.env["SIGNALBOX_API_URL"]+"/approve", url.Values{
		"t": {i.token}, "code": {code}, "reason": {why}, "verdict": {verdict},
	})
}

// with is i with another token.
func (i invitation) with(token string) invitation {
	i.token, i.url = token, i.env["SIGNALBOX_API_URL"]+"/approve?t="+url.QueryEscape(token)
	return i
}

// want checks the status and the words of a page, and the headers that keep
// every one of them safe.
func (i invitation) want(page reply, status int, words ...string) {
	i.t.Helper()
	if page.status != status {
		i.t.Errorf("the page answers %d, want %d:\n%s", page.status, status, page.body)
	}
	for _, w := range words {
		if !strings.Contains(page.body, w) {
			i.t.Errorf("the page does not say %q:\n%s", w, page.body)
		}
	}
	for name, value := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
	} {
		if got := page.header.Get(name); got != value {
			i.t.Errorf("the page has %s %q, want %q", name, got, value)
		}
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		i.t.Errorf("the page has the policy %q", policy)
	}
}
