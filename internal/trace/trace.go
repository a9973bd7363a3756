// Package trace shows AWS X-Ray which calls an invocation makes and how long
// they take.
//
// A trace is read by more people than a log and is kept for a month, so it
// names services, operations, hosts and error codes, and nothing that could be
// a token, a link or a person's words. Without a traced invocation, as in a
// test or while a function starts, everything here does nothing and says
// nothing.
package trace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-xray-sdk-go/v2/instrumentation/awsv2"
	"github.com/aws/aws-xray-sdk-go/v2/strategy/ctxmissing"
	"github.com/aws/aws-xray-sdk-go/v2/strategy/exception"
	"github.com/aws/aws-xray-sdk-go/v2/xray"
	"github.com/aws/aws-xray-sdk-go/v2/xraylog"
	"github.com/aws/smithy-go"
)

// Instrument makes the clients that will be made from c trace their calls.
func Instrument(c *aws.Config) {
	quieten()
	awsv2.AWSV2Instrumentor(&c.APIOptions)
}

// quieten sets the X-Ray SDK up, which is global, once. Its log goes to
// standard output and tells of every missing segment; nobody could act on it.
var quieten = sync.OnceFunc(func() {
	xray.SetLogger(xraylog.NullLogger)
	format, err := exception.NewDefaultFormattingStrategy()
	if err == nil {
		err = xray.Configure(xray.Config{
			ContextMissingStrategy:      ctxmissing.NewDefaultIgnoreErrorStrategy(),
			ExceptionFormattingStrategy: terse{format},
		})
	}
	if err != nil {
		slog.Warn("tracing is not set up", "err", err)
	}
})

// terse records errors by their code: AWS quotes what it was sent, tokens
// included, in the message of some of them.
type terse struct{ exception.FormattingStrategy }

// ExceptionFromError describes err without its text.
func (t terse) ExceptionFromError(err error) exception.Exception {
	e := t.FormattingStrategy.ExceptionFromError(err)
	e.Message = class(err)
	return e
}

// class is a word for err that holds nothing from outside but a code.
func class(err error) string {
	var answer smithy.APIError
	switch {
	case errors.As(err, &answer):
		return answer.ErrorCode()
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline exceeded"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return fmt.Sprintf("%T", innermost(err))
}

func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
