package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

func TestOpeningTheLinkChangesNothing(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, agent := range []string{"Mozilla/5.0", "SafeLinks scanner", ""} {
			w := newWorld(t)
			before := newWorld(t)
			res := w.serve(event.Request{
				Method: method, Query: url.Values{"t": {w.token(dana)}, "verdict": {"approve"}, "code": {code}},
				Header: http.Header{"User-Agent": {agent}},
			})
			if res.Status != http.StatusOK {
				t.Errorf("%s by %q: status %d", method, agent, res.Status)
			}
			if diff := cmp.Diff(before.links, w.links) + cmp.Diff(before.requests, w.requests); diff != "" || len(w.queue) != 0 {
				t.Errorf("%s by %q changed something:\n%s%v", method, agent, diff, w.queue)
			}
			if diff := cmp.Diff([]string{"Link", "Request", "Verify"}, w.calls); diff != "" {
				t.Errorf("%s by %q (-want +got):\n%s", method, agent, diff)
			}
		}
	}
}

func TestHeadAnswersAsGetDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, query := range []string{"t=" + w.token(dana), "", "t=v1.x"} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		get := w.serve(event.Request{Method: http.MethodGet, Query: q})
		head := w.serve(event.Request{Method: http.MethodHead, Query: q})
		if get.Status != head.Status || cmp.Diff(get.Header, head.Header) != "" {
			t.Errorf("%q: GET %d %v, HEAD %d %v", query, get.Status, get.Header, head.Status, head.Header)
		}
	}
}

// present is a moment just before now at which somebody did something.
func present() *time.Time { at := now.Add(-5 * time.Second); return &at }

func approveBy(v approval.Vote) func(*world) {
	return func(w *world) {
		w.edit(func(r *approval.Request) {
			r.State, r.Vote, r.Applied = approval.Approved, &v, present()
			if v.Verdict == approval.Reject {
				r.State = approval.Rejected
			}
		})
	}
}

func endAs(how approval.How) func(*world) {
	return func(w *world) {
		w.edit(func(r *approval.Request) {
			r.State, r.Ending = approval.Closed, &approval.Ending{How: how, By: "arn:aws:sts::000000000000:assumed-role/Admin/kim", At: *present()}
		})
	}
}

func use(v approval.Verdict) func(*world) {
	return func(w *world) { w.editLink(dana, func(l *approval.Link) { l.UsedAt, l.Verdict = present(), v }) }
}

func both(a, b func(*world)) func(*world) { return func(w *world) { a(w); b(w) } }

var (
	byLee  = approval.Vote{Verdict: approval.Reject, By: lee, Door: approval.DoorSlack, Reason: "The load test <failed>.", At: now.Add(-time.Minute)}
	byDana = approval.Vote{Verdict: approval.Approve, By: dana, Door: approval.DoorEmail, At: now.Add(-time.Minute)}
)

// TestEveryStandingHasItsOwnPage lists what a genuine link can open. POST must
// get the same page, with a status that says that it voted for nothing.
func TestEveryStandingHasItsOwnPage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(*world)
		get     int
		post    int
		says    []string
	}{
		{"decided by somebody else", approveBy(byLee), 200, 409,
			[]string{"Rejected: web-shop to production", "Lee Okafor", "via Slack", "22 Nov 2026, 10:29 UTC", "The load test &lt;failed&gt;."}},
		{"decided by the same person", approveBy(byDana), 200, 409,
			[]string{"Approved: web-shop to production", "This is your answer"}},
		{"decided and not yet applied", both(approveBy(byDana), func(w *world) { w.edit(func(r *approval.Request) { r.Applied = nil }) }), 200, 409,
			[]string{"CodePipeline is being told", `http-equiv="refresh"`}},
		{"approved in the console", endAs(approval.EndedApproved), 200, 409, []string{"Approved elsewhere: web-shop", "kim (Admin)"}},
		{"rejected in the console", endAs(approval.EndedRejected), 200, 409, []string{"Rejected elsewhere"}},
		{"timed out", endAs(approval.EndedTimedOut), 200, 409, []string{"Not answered in time"}},
		{"stopped", endAs(approval.EndedAbandoned), 200, 409, []string{"Stopped: "}},
		{"canceled", endAs(approval.EndedCanceled), 200, 409, []string{"Canceled: "}},
		{"gone", endAs(approval.EndedGone), 200, 409, []string{"No longer waiting"}},
		{"closed, and nobody knows how", func(w *world) { w.edit(func(r *approval.Request) { r.State = approval.Closed }) }, 200, 409, []string{"No longer waiting", "has ended in CodePipeline"}},
		{"closed after a vote that came too late for CodePipeline", both(approveBy(byLee), endAs(approval.EndedApproved)), 200, 409,
			[]string{"Approved elsewhere", "Lee Okafor’s answer, to reject, had been recorded"}},
		{"decided, without its vote", func(w *world) { w.edit(func(r *approval.Request) { r.State = approval.Approved }) }, 200, 409, []string{"Approved: "}},
		{"ended in a way we do not know", endAs("NEW_WAY"), 200, 409, []string{"No longer waiting"}},
		{"in a state we do not know", func(w *world) { w.edit(func(r *approval.Request) { r.State = "" }) }, 200, 409, []string{"No longer waiting"}},
		{"used", use(approval.Approve), 409, 409, []string{"You have answered already", "you chose to approve", "Your answer is being counted"}},
		{"used, and it decided", both(use(approval.Approve), approveBy(byDana)), 409, 409, []string{"This link has been used", "This is your answer"}},
		{"used, and somebody was first", both(use(approval.Approve), approveBy(byLee)), 409, 409, []string{"This link has been used", "Lee Okafor was first"}},
		{"locked", func(w *world) { w.editLink(dana, func(l *approval.Link) { l.Attempts = approval.MaxAttempts }) }, 423, 423,
			[]string{"This link is locked", "5 have been tried", "still waits"}},
		{"the request expires before the link", func(w *world) { w.edit(func(r *approval.Request) { r.ExpiresAt = now }) }, 410, 410,
			[]string{"The time to answer is over"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.prepare(w)
			get, post := w.get("t="+w.token(dana)), w.post(w.form(dana, code, "", "approve"))
			if get.Status != tt.get || post.Status != tt.post {
				t.Errorf("GET %d, POST %d; want %d, %d", get.Status, post.Status, tt.get, tt.post)
			}
			for _, want := range append(tt.says, "web-shop") {
				if !strings.Contains(get.Body, want) || !strings.Contains(post.Body, want) {
					t.Errorf("the page does not say %q:\n%s", want, text(get.Body))
				}
			}
			if strings.Contains(get.Body+post.Body, "<form") || len(w.queue) > 0 {
				t.Error("a link that cannot vote has a form, or voted")
			}
		})
	}
}

func TestTheResultPageTellsWhatBecameOfTheAnswer(t *testing.T) {
	t.Parallel()
	late := func(w *world) { w.now = request().ExpiresAt.Add(time.Minute) }
	tests := []struct {
		name    string
		prepare func(*world)
		status  int
		refresh string
		says    []string
	}{
		{"on its way", use(approval.Approve), 200, "2", []string{"Your answer is recorded", "You chose to approve"}},
		{"on its way for minutes", both(use(approval.Approve), func(w *world) { w.now = now.Add(3 * time.Minute) }), 200, "10", []string{"takes longer than usual"}},
		{"on its way for an hour", both(use(approval.Approve), func(w *world) { w.now = now.Add(time.Hour) }), 200, "", []string{"takes longer than usual"}},
		{"on its way past the expiry", both(use(approval.Approve), late), 200, "", []string{"run out meanwhile"}},
		{"it decided", both(use(approval.Approve), approveBy(byDana)), 200, "", []string{"Approved: ", "This is your answer", "CodePipeline has accepted it"}},
		{"it decided, long ago", both(both(use(approval.Approve), approveBy(byDana)), late), 200, "", []string{"Approved: "}},
		{"somebody was first", both(use(approval.Approve), approveBy(byLee)), 200, "", []string{"Rejected: ", "Lee Okafor was first", "was not counted"}},
		{"the same person had rejected it in Slack", both(use(approval.Approve), approveBy(approval.Vote{Verdict: approval.Reject, By: dana, Door: approval.DoorSlack, Reason: "no", At: now})),
			200, "", []string{"You had answered before, via Slack", "was not counted"}},
		{"it ended before the answer was counted", both(use(approval.Approve), endAs(approval.EndedCanceled)), 200, "", []string{"Canceled: ", "before it was counted"}},
		{"nobody has answered here", func(*world) {}, 200, "", []string{"<form"}},
		{"nobody has answered here in time", late, 410, "", []string{"over"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.prepare(w)
			res := w.get("t=" + w.token(dana) + "&voted=1")
			if res.Status != tt.status {
				t.Errorf("status %d, want %d", res.Status, tt.status)
			}
			if _, after, _ := strings.Cut(res.Body, `http-equiv="refresh" content="`); tt.refresh != strings.SplitN(after, `"`, 2)[0] && (tt.refresh != "" || after != "") {
				t.Errorf("refresh %.4q, want %q", after, tt.refresh)
			}
			for _, want := range tt.says {
				if !strings.Contains(res.Body, want) {
					t.Errorf("the page does not say %q:\n%s", want, text(res.Body))
				}
			}
		})
	}
}

func TestTheTimeLeftIsSaidInWords(t *testing.T) {
	t.Parallel()
	tests := map[time.Duration]string{
		20 * time.Second:             "(less than a minute left)",
		5 * time.Minute:              "(5 min left)",
		time.Hour:                    "(1 h 0 min left)",
		25 * time.Hour:               "(1 day 1 h left)",
		7*24*time.Hour - time.Minute: "(6 days 23 h left)",
	}
	for left, want := range tests {
		w := newWorld(t)
		w.edit(func(r *approval.Request) { r.ExpiresAt = now.Add(left) })
		w.editLink(dana, func(l *approval.Link) { l.ExpiresAt = now.Add(left) })
		c := claimsOf(dana)
		c.ExpiresAt = now.Add(left)
		if res := w.get("t=" + tokenOf(t, c)); !strings.Contains(res.Body, want) {
			t.Errorf("%s: the page does not say %q:\n%s", left, want, text(res.Body))
		}
	}
}

func TestLongOutsideTextIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.edit(func(r *approval.Request) {
		r.CustomData = strings.Repeat("ü", 100_000)
		r.Revisions[0].Summary = strings.Repeat("<", 100_000)
	})
	if res := w.get("t=" + w.token(dana)); res.Status != http.StatusOK || len(res.Body) > 30_000 || !strings.Contains(res.Body, "ü…") {
		t.Errorf("status %d, %d bytes", res.Status, len(res.Body))
	}
}

// text is roughly what a person reads on a page.
func text(body string) string {
	_, body, _ = strings.Cut(body, "</header>")
	for _, tag := range strings.Split(tags(body), ">") {
		if tag != "" {
			body = strings.ReplaceAll(body, tag+">", "")
		}
	}
	return body
}
