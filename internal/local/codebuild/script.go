package codebuild

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// A Script says how a build goes. The zero value succeeds after the usual
// time.
type Script struct {
	// Outcome is SUCCEEDED, FAILED, FAULT, TIMED_OUT or STOPPED; empty means
	// SUCCEEDED.
	Outcome string
	// Phase is where a build that does not succeed goes wrong; empty means
	// PROVISIONING for a FAULT and BUILD for the others.
	Phase string
	// Message is why, such as "Error while executing command: npm test.
	// Reason: exit status 1"; empty means the usual text of the phase.
	Message string
	// Delay is how long the whole build takes; nil means the Service's pace.
	Delay *time.Duration
	// Durations are how long single phases take, in place of their share of
	// Delay.
	Durations map[string]time.Duration
	// Log are lines that the commands of the build print.
	Log []string
	// Tests are the cases of each test report, by the report's name in the
	// buildspec.
	Tests map[string][]Test
	// Variables are what the build exports.
	Variables map[string]string
}

// A Test is one case of a test report.
type Test struct {
	Name  string
	Suite string
	// Status is SUCCEEDED, FAILED, ERROR, SKIPPED or UNKNOWN; empty means
	// SUCCEEDED.
	Status   string
	Message  string
	Duration time.Duration
}

// The sizes that a script may have (chosen, except those of assumptions.go):
// each build keeps its own log, and shares the rest with its script.
const (
	maxLines    = 1000
	maxLine     = 1000 // bytes
	maxMessage  = 1000 // bytes
	maxExported = 100
	maxDelay    = 36 * time.Hour // the longest timeout that a project may have
)

var (
	outcomes     = []string{succeeded, failed, fault, timedOut, stopped}
	testStatuses = []string{succeeded, failed, "ERROR", "SKIPPED", "UNKNOWN"}
	reportName   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
)

// SetUsual scripts every build of a project that nothing else is said about.
// It fails when there is no such project or the script makes no sense.
func (s *Service) SetUsual(name string, script Script) error {
	return s.setScript(name, script, func(p *project) { p.usual = script })
}

// SetNext scripts the next build of a project, once. What the script leaves
// out (times, log, tests, variables) is as usual.
func (s *Service) SetNext(name string, script Script) error {
	return s.setScript(name, script, func(p *project) { p.next = &script })
}

func (s *Service) setScript(name string, script Script, set func(*project)) error {
	if err := script.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.project(name)
	if err != nil {
		return err
	}
	set(p)
	return nil
}

// A badScript is why a script makes no sense, as a sentence.
type badScript string

func (b badScript) Error() string { return string(b) }

func badScriptf(format string, args ...any) error { return badScript(fmt.Sprintf(format, args...)) }

func (s Script) check() error {
	if s.Outcome != "" && !slices.Contains(outcomes, s.Outcome) {
		return badScriptf("outcome is %.50q; it must be one of %v.", s.Outcome, outcomes)
	}
	if s.Phase != "" && !slices.Contains(breakable, s.Phase) {
		return badScriptf("phase is %.50q; it must be one of %v.", s.Phase, breakable)
	}
	if len(s.Message) > maxMessage {
		return badScriptf("message has %d bytes, more than the %d allowed.", len(s.Message), maxMessage)
	}
	for _, check := range []func() error{s.checkTimes, s.checkLog, s.checkTests} {
		if err := check(); err != nil {
			return err
		}
	}
	if len(s.Variables) > maxExported {
		return badScriptf("variables are %d, more than the %d allowed.", len(s.Variables), maxExported)
	}
	for name := range s.Variables {
		if !variableName.MatchString(name) {
			return badScriptf("variables: %.100q is no name of an environment variable.", name)
		}
	}
	return nil
}

func (s Script) checkTimes() error {
	if s.Delay != nil && (*s.Delay < 0 || *s.Delay > maxDelay) {
		return badScriptf("delay_ms is %d; it must be between 0 and %d.", s.Delay.Milliseconds(), maxDelay.Milliseconds())
	}
	for phase, d := range s.Durations {
		if !slices.Contains(timed, phase) {
			return badScriptf("durations_ms: %.50q is no phase that takes time; those are %v.", phase, timed)
		}
		if d < 0 || d > maxDelay {
			return badScriptf("durations_ms: %s takes %d; it must be between 0 and %d.", phase, d.Milliseconds(), maxDelay.Milliseconds())
		}
	}
	return nil
}

func (s Script) checkLog() error {
	if len(s.Log) > maxLines {
		return badScriptf("log has %d lines, more than the %d allowed.", len(s.Log), maxLines)
	}
	for i, line := range s.Log {
		if len(line) > maxLine {
			return badScriptf("log: line %d has %d bytes, more than the %d allowed.", i+1, len(line), maxLine)
		}
	}
	return nil
}

func (s Script) checkTests() error {
	if len(s.Tests) > maxReports {
		return badScriptf("tests has %d reports, more than the %d that a build may have.", len(s.Tests), maxReports)
	}
	for name, cases := range s.Tests {
		if !reportName.MatchString(name) {
			return badScriptf("tests: %.100q is no name of a report.", name)
		}
		if len(cases) > maxTestCases {
			return badScriptf("tests: report %s has %d cases, more than the %d allowed.", name, len(cases), maxTestCases)
		}
		for i, c := range cases {
			if err := c.check(); err != nil {
				return badScriptf("tests: case %d of report %s: %s", i+1, name, err)
			}
		}
	}
	return nil
}

func (t Test) check() error {
	switch {
	case t.Name == "":
		return badScriptf("it has no name.")
	case len(t.Name)+len(t.Suite)+len(t.Message) > maxLine:
		return badScriptf("its texts have more than the %d bytes allowed.", maxLine)
	case t.Status != "" && !slices.Contains(testStatuses, t.Status):
		return badScriptf("its status is %.50q; it must be one of %v.", t.Status, testStatuses)
	case t.Duration < 0 || t.Duration > maxDelay:
		return badScriptf("duration_ms must be between 0 and %d.", maxDelay.Milliseconds())
	}
	return nil
}

// over is s with what it leaves out taken from usual. How the build ends is
// never taken.
func (s Script) over(usual Script) Script {
	if s.Delay == nil && s.Durations == nil {
		s.Delay, s.Durations = usual.Delay, usual.Durations
	}
	if s.Log == nil {
		s.Log = usual.Log
	}
	if s.Tests == nil {
		s.Tests = usual.Tests
	}
	if len(usual.Variables) > 0 {
		merged := maps.Clone(usual.Variables)
		maps.Copy(merged, s.Variables)
		s.Variables = merged
	}
	return s
}

// takeScript is how the next build of p goes. A pipeline's script for its
// action comes first; the project's next one then waits for another build.
func (p *project) takeScript(action *engine.Script) Script {
	switch {
	case action != nil:
		s := Script{Delay: action.Delay, Variables: action.Variables}
		if action.Fails {
			s.Outcome, s.Message = failed, action.Summary
		}
		return s.over(p.usual)
	case p.next != nil:
		s := p.next.over(p.usual)
		p.next = nil
		return s
	}
	return p.usual
}
