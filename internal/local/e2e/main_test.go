// Package e2e_test drives all of Signalbox from the outside: pipelines through
// CodePipeline's API, people through signed Slack requests, the page behind a
// mail's link, and the console in a real browser. Nothing in it is replaced
// but what lies outside of our AWS account.
//
// All tests share one world and run beside each other, each with pipelines of
// its own. Those that make Slack fail do not call t.Parallel: Slack then fails
// for everybody, and tests without it run before all others, alone.
package e2e_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
)

// beside is how many tests run at the same time: they mostly wait.
const beside = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", beside)
	code := m.Run()
	if err := finish(code == 0); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// finish stops what the tests have started. Where all went well, nothing may
// be left in a dead-letter queue but what a test has put there on purpose.
func finish(passed bool) error {
	if running == nil {
		return nil
	}
	var errs []error
	if passed {
		errs = append(errs, running.deadLetters())
	}
	errs = append(errs, running.Close())
	if err := errors.Join(errs...); err != nil || !passed {
		fmt.Fprintln(os.Stderr, "The logs of the functions are in", running.dir)
		return err
	}
	return os.RemoveAll(running.dir)
}
