package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// Mode, trains, a scripted failure, a closed transition and a retry, each
// pressed in the console, on a pipeline that no other test has.
func TestConsoleSwitchesModeFailsClosesAndRetries(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	r.click(ada, r.asked(), approve)
	r.goesOn()
	b := open(t, 1440, 1000)
	b.do("open the console", chromedp.Navigate(b.s.URL), chromedp.WaitVisible(chromedp.CSS(`#health[data-state=live]`)))
	line := fmt.Sprintf(`[data-pipeline=%q] `, r.pipeline)
	at := func(stage string) string { return line + fmt.Sprintf(`[data-stage=%q] `, stage) }

	// In QUEUED mode the second waits in front of the closed stage.
	b.choose(line+`select.mode`, "QUEUED")
	b.do("see the mode", chromedp.WaitVisible(chromedp.CSS(`[data-mode=QUEUED]`+line[:len(line)-1])))
	b.press(at("Approval") + `.gate`)
	b.do("see the gate closed", chromedp.WaitVisible(chromedp.CSS(at("Approval")+`.closed`)))
	b.press(line + `[data-start]`)
	b.press(line + `[data-start]`)
	b.do("see two wait", chromedp.WaitVisible(chromedp.CSS(at("Approval")+`.approach .train:nth-of-type(2)`)))
	b.keep("tools-1-queue")

	// What is told to fail says so, fails, and runs again.
	b.press(at("Production") + `.fail`)
	b.sees(at("Production")+`.fail`, "will fail")
	b.press(at("Approval") + `.gate`)
	b.do("see the first one ask", chromedp.WaitVisible(chromedp.CSS(station(r.pipeline, "Approval", "waiting"))))
	tell[struct{}](t, r.system, "/local/codepipeline/"+r.pipeline+"/Approval/Approval/approval", map[string]string{"status": "Approved"}, http.StatusOK)
	b.do("see it fail", chromedp.WaitVisible(chromedp.CSS(station(r.pipeline, "Production", "failed"))))
	tell[struct{}](t, r.system, "/local/codepipeline/"+r.pipeline+"/Approval/Approval/approval", map[string]string{"status": "Rejected"}, http.StatusOK)
	b.press(line + `.line-head .plain`)
	b.press(line + `.history tr:nth-child(2) .do button`)
	b.do("see the retry succeed", chromedp.WaitVisible(chromedp.CSS(station(r.pipeline, "Production", "done"))))

	// In PARALLEL mode two releases wait side by side.
	b.choose(line+`select.mode`, "PARALLEL")
	b.do("see the mode", chromedp.WaitVisible(chromedp.CSS(`[data-mode=PARALLEL]`+line[:len(line)-1])))
	b.press(line + `[data-start]`)
	b.press(line + `[data-start]`)
	b.do("see two trains wait", chromedp.WaitVisible(chromedp.CSS(at("Approval")+`.name .asks:nth-of-type(2)`)))
	b.sees(line+`.line-head`, "2 under way")
	b.keep("tools-2-parallel")
}

// choose picks a value of a list.
func (b *tab) choose(selector, value string) {
	b.t.Helper()
	b.do("choose "+value, chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Evaluate[bool](fmt.Sprintf(
			`{ const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event('change')); }`, selector, value))(ctx, target)
		return err
	}))
}
