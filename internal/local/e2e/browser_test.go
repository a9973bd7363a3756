package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is one page in a real browser, which one person looks at.
type tab struct {
	t   *testing.T
	s   *system
	ctx context.Context

	mu sync.Mutex
	// allowed is part of what the browser may complain of.
	allowed string
	// complaints are what a developer would read in the browser's console.
	complaints []string
}

// chromium is the browser, of which every test gets one of its own. Where it
// cannot be, the test is skipped, loudly; in CI it must be.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no Chromium to test the pages with")
	}
	t.Skip("NOT TESTED: there is no Chromium; install it to test the pages")
	return ""
}

// open starts a browser of the given size in CSS pixels. When the test ends,
// it fails if the browser has had anything to complain of.
func open(t *testing.T, width, height int) *tab {
	t.Helper()
	s := world(t)
	allocator, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(chromium(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WindowSize(width, height),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(patience),
	)
	ctx, end := chromedp.NewContext(allocator)
	b := &tab{t: t, s: s, ctx: ctx}
	t.Cleanup(func() {
		end()
		stop()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.complaints {
			if b.allowed == "" || !strings.Contains(c, b.allowed) {
				t.Errorf("the browser complains: %s", c)
			}
		}
	})
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	b.do("size the window", chromedp.EmulateViewport(int64(width), int64(height)))
	return b
}

// listen keeps errors and warnings, violations of the content policy among
// them.
func (b *tab) listen(event any) {
	var complaint string
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			complaint = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			complaint = fmt.Sprintf("a script says %v", e.Args)
		}
	case *runtime.EventExceptionThrown:
		complaint = "a script throws " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			complaint += " " + e.ExceptionDetails.Exception.Description
		}
	}
	if complaint != "" {
		b.mu.Lock()
		b.complaints = append(b.complaints, complaint)
		b.mu.Unlock()
	}
}

// try takes steps, and gives up on them after a while.
func (b *tab) try(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// do takes steps that must succeed.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := b.try(steps...); err != nil {
		b.fail("%s: %v", what, err)
	}
}

// fail ends the test, and keeps what there was to be seen.
func (b *tab) fail(format string, args ...any) {
	b.t.Helper()
	b.keep("failed-" + b.t.Name())
	b.t.Fatalf(format, args...)
}

// look reads something off the page.
func look[T any](b *tab, a chromedp.Action[T]) (value T, err error) {
	err = b.try(chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		value, err = a(ctx, target)
		return err
	}))
	return value, err
}

// pressing presses what a selector finds if it is there and nothing covers it,
// all in one go: the console may draw it anew at any moment.
const pressing = `(() => {
	const e = document.querySelector(%q);
	if (!e) return 'is not there';
	e.scrollIntoView({ block: 'center' });
	const r = e.getBoundingClientRect();
	const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
	if (!e.contains(top)) return 'is covered';
	e.click();
	return '';
})()`

// press presses a button of the console as soon as that is possible.
func (b *tab) press(selector string) {
	b.t.Helper()
	b.until("press "+selector, func() (string, error) {
		return look(b, chromedp.Evaluate[string](fmt.Sprintf(pressing, selector)))
	})
}

// until repeats step until it names no problem. An error may be a page that
// was just being replaced.
func (b *tab) until(what string, step func() (problem string, err error)) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		problem, err := step()
		if problem == "" && err == nil {
			return
		}
		if time.Now().After(deadline) {
			b.fail("%s: %s (%v)", what, problem, err)
		}
		<-time.After(100 * time.Millisecond)
	}
}

// click presses a button with the mouse, on a page that stands still.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.do("write into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

// sees waits until an element is visible and holds words.
func (b *tab) sees(selector string, words ...string) {
	b.t.Helper()
	b.until("look at "+selector, func() (string, error) {
		text, err := look(b, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ''`, selector)))
		for _, w := range words {
			if !strings.Contains(text, w) {
				return fmt.Sprintf("it does not say %q: %s", w, text), err
			}
		}
		return "", err
	})
}

// keep saves what is to be seen as build/screenshots/<name>.png.
func (b *tab) keep(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Errorf("take a picture of %s: %v", name, err)
		return
	}
	folder := filepath.Join(b.s.root, "build", "screenshots")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	path := filepath.Join(folder, strings.ReplaceAll(name, "/", "-")+".png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
