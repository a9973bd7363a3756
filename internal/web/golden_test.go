package web_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// TestPagesLookAsReviewed compares whole pages. After a change of the words or
// the looks, run it with -update, open the files in a browser and look.
func TestPagesLookAsReviewed(t *testing.T) {
	t.Parallel()
	ask := func(w *world) event.Response { return w.get("t=" + w.token(dana)) }
	result := func(w *world) event.Response { return w.get("t=" + w.token(dana) + "&voted=1") }
	after := func(prepare func(*world), f func(*world) event.Response) func(*world) event.Response {
		return func(w *world) event.Response { prepare(w); return f(w) }
	}
	pages := map[string]func(*world) event.Response{
		"ask":         ask,
		"ask-hostile": after(hostile, ask),
		"ask-bare":    after(bare, ask),
		"ask-severe":  after(severe, ask),
		"ask-own":     after(own, ask),
		"ask-held":    after(held, ask),
		"ask-counted": after(inSlack, ask),
		"counted":     after(counted, result),
		"take-back":   after(counted, func(w *world) event.Response { return w.get("t=" + w.token(dana) + "&back=1") }),
		"taken-back":  after(takenBack, result),
		"wrong-code": func(w *world) event.Response {
			return w.post(w.form(dana, "WRNG-WRNG", "Looks good to me", "approve"))
		},
		"no-reason": func(w *world) event.Response { return w.post(w.form(dana, code, "", "reject")) },
		"not-recorded": func(w *world) event.Response {
			w.broken["Cast"] = true
			return w.post(w.form(dana, code, "Looks good to me", "approve"))
		},
		"applying":        after(use(approval.Approve), result),
		"approved":        after(both(use(approval.Approve), approveBy(byDana)), result),
		"somebody-first":  after(both(use(approval.Approve), approveBy(byLee)), result),
		"decided":         after(approveBy(byLee), ask),
		"canceled":        after(endAs(approval.EndedCanceled), ask),
		"used":            after(both(use(approval.Approve), approveBy(byDana)), ask),
		"locked":          after(func(w *world) { w.editLink(dana, func(l *approval.Link) { l.Attempts = 5 }) }, ask),
		"expired":         after(func(w *world) { w.now = w.now.AddDate(0, 0, 3) }, ask),
		"forged":          func(w *world) event.Response { return w.get("t=" + w.token(dana)[:43] + w.token(lee)[43:]) },
		"malformed":       func(w *world) event.Response { return w.get("t=v1.abc") },
		"unavailable":     after(func(w *world) { w.broken["Verify"] = true }, ask),
		"no-such-page":    func(w *world) event.Response { return w.serve(event.Request{Method: http.MethodGet, Path: "/"}) },
		"result-too-late": after(both(use(approval.Approve), func(w *world) { w.now = request().ExpiresAt.Add(time.Second) }), result),
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := page(newWorld(t)).Body
			file := filepath.Join("testdata", name+".golden.html")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// hostile fills a request with text that tries to be more than text.
func hostile(w *world) {
	w.edit(func(r *approval.Request) {
		const script = `</script></title></textarea><script>alert("1")</script><!-- {{.Token}}`
		r.Revisions[0].Summary = script
		r.Revisions[0].Author = `" onmouseover="alert(1)" x="`
		r.Revisions[0].URL = "javascript:alert(1)"
		r.Revisions[0].ID = script
		r.Revisions = append(r.Revisions, approval.Revision{
			Source: "<b>Image", ID: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			URL: "https://user@evil.example/", Summary: "\u202Eгоtsоg\u202C reversed",
		})
		r.CustomData = script + "\n<form action=https://evil.example><input name=code>"
		r.ReviewURL = "data:text/html," + script
		r.StartedBy = script
		r.Notes = []string{script}
		r.Changes = release.Changes{
			Commits:    []release.Commit{{ID: script, Summary: script, Author: script, URL: "javascript:alert(1)", Keys: []string{script}}},
			More:       1,
			MoreKeys:   []string{script},
			Images:     []release.Image{{Repository: script, Digest: script, Verdict: release.Findings, Counts: map[string]int{script: 1, "CRITICAL": 2}}},
			Tests:      []release.Test{{Name: script, Skipped: 1, URL: "data:text/html," + script}},
			Superseded: []release.Superseded{{ExecutionID: script, Summary: script}},
			Missing:    []string{script},
		}
		r.Environment = `prod"><img src=x>`
	})
}

// bare is a request about which CodePipeline says almost nothing.
func bare(w *world) {
	w.edit(func(r *approval.Request) {
		r.Revisions, r.StartedBy, r.Trigger, r.CustomData, r.ReviewURL, r.Environment = nil, "", "", "", "", ""
		r.Approvers = r.Approvers[:1]
	})
}
