// Package logging writes the functions' log: JSON lines that carry the id of
// the Lambda request, and that CloudWatch reads as metrics where a line counts
// something.
//
// A domain says that a line counts by giving it the attribute Metric; it needs
// to know nothing about CloudWatch for that.
package logging

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Metric is the attribute that makes a line count: its value is the name of a
// CloudWatch metric, which grows by one.
const Metric = "metric"

// namespace is where CloudWatch keeps our metrics.
const namespace = "Signalbox"

// New makes a logger that writes to w lines of level and above.
func New(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(handler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})})
}

// handler adds to each line what only the invocation knows.
type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("aws_request_id", lc.AwsRequestID))
	}
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != Metric {
			return true
		}
		r.AddAttrs(count(r.Time, a.Value.String(), has(r, "pipeline"))...)
		return false
	})
	return h.Handler.Handle(ctx, r)
}

// WithAttrs and WithGroup keep the handler around what they return.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }

func has(r slog.Record, key string) bool {
	found := false
	r.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}

// The embedded metric format, as CloudWatch specifies it:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type (
	metadata struct {
		Timestamp         int64 // milliseconds since 1970
		CloudWatchMetrics []directive
	}
	directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []metric
	}
	metric struct {
		Name, Unit string
	}
)

// count makes the attributes that turn a line into a data point of one. Lines
// about a pipeline count for the pipeline as well as in total.
func count(at time.Time, name string, pipeline bool) []slog.Attr {
	dimensions := [][]string{{}}
	if pipeline {
		dimensions = append(dimensions, []string{"pipeline"})
	}
	return []slog.Attr{
		slog.Int(name, 1),
		slog.Any("_aws", metadata{
			Timestamp:         at.UnixMilli(),
			CloudWatchMetrics: []directive{{Namespace: namespace, Dimensions: dimensions, Metrics: []metric{{Name: name, Unit: "Count"}}}},
		}),
	}
}
