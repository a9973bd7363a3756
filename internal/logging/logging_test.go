package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/logging"
)

func line(t *testing.T, log func(context.Context, *slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	log(ctx, logging.New(&out, slog.LevelInfo))
	if out.Len() == 0 {
		return nil
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("the line is no JSON: %v\n%s", err, out.String())
	}
	return got
}

func TestALineCarriesTheRequest(t *testing.T) {
	t.Parallel()
	got := line(t, func(ctx context.Context, l *slog.Logger) { l.With("by", "dana").InfoContext(ctx, "vote counted") })
	if got["aws_request_id"] != "r-1" || got["by"] != "dana" || got["_aws"] != nil {
		t.Errorf("line is %v", got)
	}
}

func TestALineCountsWhenItNamesAMetric(t *testing.T) {
	t.Parallel()
	got := line(t, func(ctx context.Context, l *slog.Logger) {
		l.InfoContext(ctx, "vote counted", logging.Metric, "VotesCounted", "pipeline", "web-shop")
	})
	meta, _ := got["_aws"].(map[string]any)
	want := []any{map[string]any{
		"Namespace": "Signalbox", "Dimensions": []any{[]any{}, []any{"pipeline"}},
		"Metrics": []any{map[string]any{"Name": "VotesCounted", "Unit": "Count"}},
	}}
	if diff := cmp.Diff(want, meta["CloudWatchMetrics"]); diff != "" {
		t.Errorf("metric (-want +got):\n%s", diff)
	}
	if got["VotesCounted"] != 1.0 || got["pipeline"] != "web-shop" || meta["Timestamp"] == nil {
		t.Errorf("line is %v", got)
	}
}

func TestALineBelowTheLevelIsNotWritten(t *testing.T) {
	t.Parallel()
	if got := line(t, func(ctx context.Context, l *slog.Logger) { l.DebugContext(ctx, "noise") }); got != nil {
		t.Errorf("wrote %v", got)
	}
}
