// Package build asks AWS why a build of CodeBuild failed: the phase and the
// command, the end of the log, and the tests that failed.
//
// It decides nothing and keeps nothing. Each of the three questions has a time
// of its own, and one that gets no answer is a sentence in Failure.Missing, so
// that a missing permission never hides what can be read. What it returns has
// gone through internal/redact: a build prints what it likes, and a channel is
// not where its secrets belong.
package build

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

const (
	// buildTimeout, logTimeout and testsTimeout bound the questions.
	buildTimeout = 5 * time.Second
	logTimeout   = 5 * time.Second
	testsTimeout = 5 * time.Second
)

// The services asked.
var (
	builder = signed.Service{ID: "CodeBuild", Host: "codebuild", Name: "codebuild", Target: "CodeBuild_20161006"}
	logs    = signed.Service{ID: "CloudWatch Logs", Host: "logs", Name: "logs", Target: "Logs_20140328"}
)

// A Place is where a build ran.
type Place struct {
	Account string // twelve digits
	Region  string
}

// An Ask calls operation of a service in region, as signed.Caller.JSON does.
type Ask func(ctx context.Context, s signed.Service, region, operation string, in, out any) error

// A Reader reads why builds failed. It is safe for concurrent use if its way
// to places is.
type Reader struct {
	reach func(Place) (Ask, error)
}

// New returns a Reader. reach tells how builds in a place are asked about; its
// error is a sentence.
func New(reach func(Place) (Ask, error)) *Reader {
	return &Reader{reach: reach}
}

// Failure reads why the build with the id PROJECT:UUID, or the ARN, in place
// did not succeed. It makes two calls in two rounds and, where tests failed, a
// few more:
//
//	BatchGetBuilds     the phase, the command, where its log and reports are
//
//	GetLogEvents       the last lines of the log
//	BatchGetReports    which of the reports have tests that failed
//	DescribeTestCases  those tests, of five reports at most
//
// Whatever can be read is in the Failure, also beside an error, which means
// that asking again may tell more: the build is not over yet, or CodeBuild has
// not answered. Everything else that fails is told in Missing.
func (r *Reader) Failure(ctx context.Context, place Place, id string) (Failure, error) {
	if _, own, ok := strings.Cut(id, ":build/"); ok {
		id = own
	}
	f := Failure{BuildID: text(id, maxID)}
	if !identity(id) {
		return f.missed(fmt.Sprintf("%q is not the id of a build of CodeBuild.", f.BuildID)), nil
	}
	f.URL = buildURL(place, id)
	ask, err := r.reach(place)
	if err != nil {
		return f.missed("The build could not be read: " + strings.TrimSuffix(text(err.Error(), maxMessage), ".") + "."), nil
	}
	q := question{ask: ask, region: place.Region}
	b, sentence, err := q.build(ctx, id)
	if b == nil {
		return f.missed(sentence), err
	}
	f = f.with(b)
	switch f.Status {
	case inProgress:
		return f, fmt.Errorf("read why the build %s failed: it is not over yet", id)
	case succeeded:
		return f.missed("The build has succeeded."), nil
	}
	return q.complete(ctx, f, b).bounded(), nil
}

// A question is what one Failure is asked for with.
type question struct {
	ask    Ask
	region string
}

// complete reads, at the same time, the log and the tests of b.
func (q question) complete(ctx context.Context, f Failure, b *built) Failure {
	var noLog, noTests string
	var group sync.WaitGroup
	group.Go(func() { f.Log, noLog = q.log(ctx, b, f.Phase) })
	group.Go(func() { f.Tests, f.MoreTests, noTests = q.tests(ctx, b.ReportARNs) })
	group.Wait()
	return f.missed(noLog).missed(noTests)
}

// identity reports whether id is PROJECT:UUID. A project's name has letters,
// digits, - and _, and the builds of a batch say more behind the colon.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
func identity(id string) bool {
	project, build, ok := strings.Cut(id, ":")
	odd := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	}
	return ok && project != "" && build != "" && len(id) <= maxID && !strings.ContainsFunc(project+build, odd)
}
