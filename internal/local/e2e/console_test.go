package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Where things are on the console's page.
const (
	lastCard   = `#messages article:has([data-action=approval_approve])`
	privately  = `#messages article.ephemeral`
	reasonText = `#modal textarea.sfield`
)

func station(pipeline, stage, aspect string) string {
	return fmt.Sprintf(`[data-pipeline=%q] [data-stage=%q][data-aspect=%q]`, pipeline, stage, aspect)
}

// as plays the role of somebody else.
func (b *tab) as(slack string) {
	b.t.Helper()
	b.do("act as "+slack, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Evaluate[bool](fmt.Sprintf(
			`{ const s = document.getElementById('person'); s.value = %q; s.dispatchEvent(new Event('change')); }`, slack))(ctx, target)
		return err
	}))
}

// channel opens a channel of the Slack pane by its name.
func (b *tab) channel(name string) {
	b.t.Helper()
	b.do("open #"+name, chromedp.Click(chromedp.Search(fmt.Sprintf(`//nav[@id="channels"]//button[starts-with(normalize-space(), "# %s")]`, name))))
	b.sees("#channel-name", name)
}

// The story that the console tells a newcomer, from the first release on.
func TestNewcomerTriesEverythingInTheConsole(t *testing.T) {
	t.Parallel()
	b := open(t, 1440, 1000)
	b.do("open the console", chromedp.Navigate(b.s.URL), chromedp.WaitVisible(chromedp.CSS(`#health[data-state=live]`)))
	b.keep("1-console")

	// Approve one in Slack.
	b.as("U0DANA00001")
	b.press(`[data-start="web-shop"]`)
	b.sees(lastCard, "web-shop → production", "@Dana Whitfield", "Check the shop on staging")
	b.do("see the signal", chromedp.WaitVisible(chromedp.CSS(station("web-shop", "Approval", "waiting"))))
	b.keep("2-card")
	b.press(lastCard + ` [data-action=approval_approve]`)
	b.sees(`#modal [role=dialog]`, "Approve web-shop → production?", "cannot be taken back")
	b.keep("3-confirm")
	b.press(`#modal [data-confirm]`)
	b.do("see Production turn green", chromedp.WaitVisible(chromedp.CSS(station("web-shop", "Production", "done"))))
	b.sees(`#messages`, "Approved by Dana Whitfield in Slack", "CodePipeline accepted it")
	b.keep("4-approved")

	// Be refused, then reject one with a reason.
	b.channel("payments-releases")
	b.press(`[data-start="payments"]`)
	b.as("U0SAM000009")
	b.sees(lastCard, "payments → production", "Compare the settlement totals")
	b.press(lastCard + ` [data-action=approval_approve]`)
	b.press(`#modal [data-confirm]`)
	b.sees(privately, "Only visible to you", "You are not an approver of payments", "Dana Whitfield or Priya Raman can answer")
	b.keep("5-stranger")
	b.as("U0PRIYA0003")
	b.press(lastCard + ` [data-action=approval_reject]`)
	b.write(reasonText, "Settlement totals differ by 3 %")
	b.keep("6-reject")
	b.press(`#modal [data-submit]`)
	b.do("see the release stop", chromedp.WaitVisible(chromedp.CSS(station("payments", "Approval", "failed"))),
		chromedp.WaitVisible(chromedp.CSS(station("payments", "Production", "idle"))),
		chromedp.WaitNotPresent(chromedp.CSS(`#modal [role=dialog]`)))
	b.sees(`#messages`, "Rejected by Priya Raman in Slack", "Settlement totals differ by 3 %")
	b.keep("7-rejected")

	// Approve one through the mail.
	b.as("U0LEE000002")
	b.press(`[data-start="web-shop"]`)
	b.do("see the second release wait", chromedp.WaitVisible(chromedp.CSS(station("web-shop", "Approval", "waiting"))))
	b.keep("8-mail")
	link, code := b.newestLetter()
	b.do("open the link", chromedp.Navigate(link))
	b.sees("main", "web-shop to production", "You are answering as Lee Okafor")
	b.keep("9-page")
	b.write("#code", strings.ToLower(code))
	b.click("button.approve")
	b.sees("main", "Approved by Lee Okafor", "CodePipeline has accepted it")
	b.keep("10-result")
	b.do("return to the console", chromedp.Navigate(b.s.URL),
		chromedp.WaitVisible(chromedp.CSS(station("web-shop", "Approval", "done"))),
		chromedp.WaitVisible(chromedp.CSS(station("web-shop", "Production", "done"))))
	b.sees(`#messages`, "Approved by Lee Okafor by e-mail")
	b.keep("11-end")
}

// newestLetter waits for the inbox to hold two mails, reads the one on top,
// and returns its link and its code.
func (b *tab) newestLetter() (link, code string) {
	b.t.Helper()
	b.do("wait for two mails", chromedp.WaitVisible(chromedp.CSS(`#mail details:nth-of-type(2)`)))
	const newest = `#mail details:first-of-type`
	href, err := look(b, chromedp.AttributeValue(chromedp.CSS(newest+` a[href*="/approve?t="]`), "href"))
	if err != nil {
		b.fail("read the link: %v", err)
	}
	text, err := look(b, chromedp.Text(chromedp.CSS(newest)))
	if err != nil {
		b.fail("read the mail: %v", err)
	}
	found := codeLine.FindStringSubmatch(text)
	if found == nil {
		b.t.Fatalf("the mail shows no code:\n%s", text)
	}
	return href.Value, found[1]
}

func TestApprovalPageWorksWithoutScriptsOnAPhone(t *testing.T) {
	t.Parallel()
	b := open(t, 390, 844)
	b.allowed = "status of 422" // which is the honest answer to a wrong code
	r := begin(t, ruled)
	i := r.invited(ada)
	b.do("open the link", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch),
		withoutScripts, chromedp.Navigate(i.url))
	b.sees("main", r.pipeline, "You are answering as "+ada.Name)
	b.fits()
	b.keep("phone-1-page")

	b.write("#code", "aaaa-aaaa")
	b.write("#reason", "Ready")
	b.click("button.approve")
	b.sees("main", "This code is not right", "4 more times")
	b.fits()
	b.keep("phone-2-wrong-code")
	r.stillWaits()

	b.write("#code", i.code)
	b.click("button.approve")
	b.sees("main", "Approved by "+ada.Name, "Ready", "CodePipeline has accepted it") // it looks again by itself
	b.fits()
	b.keep("phone-3-result")
	r.goesOn()
	r.closed("Approved by *" + ada.Name + "*")
}

// fits checks that nothing is wider than the screen.
func (b *tab) fits() {
	b.t.Helper()
	b.do("measure", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		layout, err := cdp.Call(ctx, target, page.GetLayoutMetrics, cdp.Empty{})
		if err == nil && layout.CSSContentSize.Width > float64(layout.CSSLayoutViewport.ClientWidth) {
			b.t.Errorf("the page is %.0f wide on a screen of %d", layout.CSSContentSize.Width, layout.CSSLayoutViewport.ClientWidth)
		}
		return err
	}))
}

// withoutScripts turns JavaScript off.
func withoutScripts(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	return cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}
