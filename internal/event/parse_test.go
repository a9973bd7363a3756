package event_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
)

func TestParseReadsAnApproval(t *testing.T) {
	t.Parallel()
	got, err := event.Parse(sample(t, "approval-rejected.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := event.ActionChanged{
		Meta: event.Meta{
			ID:      "0000001b-1111-4222-8333-00000000001b",
			Account: "111122223333",
			Region:  "eu-west-1",
			Time:    time.Date(2026, 3, 10, 9, 58, 31, 0, time.UTC),
		},
		Execution: event.Execution{
			Pipeline:    "orders-release",
			ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f",
			State:       event.Failed,
			Attempt:     1,
			StartedAt:   time.Date(2026, 3, 10, 9, 22, 0, 250e6, time.UTC),
		},
		Stage:             "Approval",
		Action:            "ApproveRelease",
		ActionExecutionID: "44dd55ee-66ff-47aa-98bb-99ccaaddbbee",
		ActionRegion:      "eu-west-1",
		Type:              event.ManualApproval,
		Result: event.Result{
			ExternalID: "44dd55ee-66ff-47aa-98bb-99ccaaddbbee",
			Summary:    "Change freeze until Monday",
			ErrorCode:  "JobFailed",
		},
	}
	if diff := cmp.Diff(event.Event(want), got); diff != "" {
		t.Errorf("event differs (-want +got):\n%s", diff)
	}
}

func TestAScanWithoutCountsIsNotAScanWithoutFindings(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]map[string]int{
		"detail.finding-severity-counts": nil,
		"detail.image-tags":              {"CRITICAL": 2, "MEDIUM": 9},
	} {
		ev, err := event.Parse(with(t, sample(t, "ecr-scan-complete.json"), path, nil))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, ev.(event.ImageScanned).Counts); diff != "" {
			t.Errorf("without %s the counts differ (-want +got):\n%s", path, diff)
		}
	}
	if ev, err := event.Parse(with(t, sample(t, "ecr-scan-complete.json"), "detail.finding-severity-counts.HIGH", []int{1})); err == nil {
		t.Errorf("a count that is no number was read as %v", ev)
	}
}

func TestCoverageOfAnotherResourceHasNoImages(t *testing.T) {
	t.Parallel()
	for _, arn := range []string{"i-0123456789abcdef0", "arn:aws:ecr:eu-west-1:111122223333:repository/orders", "arn:aws:ecr:x:1:repository/a/"} {
		ev, err := event.Parse(with(t, sample(t, "inspector2-coverage-ecr.json"), "resources", []string{arn}))
		if err != nil {
			t.Fatal(err)
		}
		if images := ev.(event.CoverageChanged).Images; images != nil {
			t.Errorf("%s read as %v", arn, images)
		}
	}
}

func TestAnUnknownKindIsIgnored(t *testing.T) {
	t.Parallel()
	got, err := event.Parse([]byte(`{"id":"7","source":"aws.s3","detail-type":"Object Created","detail":{"a":[1]}}`))
	want := event.Ignored{Meta: event.Meta{ID: "7"}, Kind: event.Kind{Source: "aws.s3", DetailType: "Object Created"}}
	if err != nil || got != want {
		t.Errorf("Parse = %#v, %v; want %#v", got, err, want)
	}
}

// TestOptionalFieldsMayBeAbsentOrOdd: nothing hangs on them, so an approval is
// not lost for one.
func TestOptionalFieldsMayBeAbsentOrOdd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		field string
		value any
	}{
		{"detail.start-time", nil},
		{"detail.start-time", "10 March"},
		{"detail.region", nil},
		{"detail.action-execution-id", nil},
		{"detail.pipeline-execution-attempt", nil},
		{"detail.pipeline-execution-attempt", "1"},
		{"detail.pipeline-execution-attempt", 0},
		{"detail.version", "3"},
		{"detail.type.version", 1},
		{"detail.input-artifacts", nil},
		{"resources", nil},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			t.Parallel()
			ev, err := event.Parse(with(t, sample(t, "approval-started.json"), tt.field, tt.value))
			if err != nil {
				t.Fatalf("%s = %v: %v", tt.field, tt.value, err)
			}
			if e, ok := ev.(event.ActionChanged); !ok || e.Attempt != 1 || e.Type != event.ManualApproval {
				t.Errorf("%s = %v: parsed to %#v", tt.field, tt.value, ev)
			}
		})
	}
}

func TestFindingTimesComeInTwoLayouts(t *testing.T) {
	t.Parallel()
	want := time.Date(2021, 12, 3, 18, 2, 30, 0, time.UTC)
	for _, text := range []string{"Dec 3, 2021, 6:02:30 PM", "Fri Dec 03 18:02:30.000 UTC 2021"} {
		ev, err := event.Parse(with(t, sample(t, "inspector2-finding.json"), "detail.updatedAt", text))
		if err != nil {
			t.Fatal(err)
		}
		if got := ev.(event.FindingChanged).UpdatedAt; !got.Equal(want) {
			t.Errorf("%q read as %v, want %v", text, got, want)
		}
	}
}

// with returns raw with the field at a dotted path set, or removed when value
// is nil.
func with(tb testing.TB, raw json.RawMessage, path string, value any) json.RawMessage {
	tb.Helper()
	var root map[string]any
	if err := json.Unmarshal(raw, &root); err != nil {
		tb.Fatal(err)
	}
	keys := strings.Split(path, ".")
	last := len(keys) - 1
	at := root
	for _, key := range keys[:last] {
		at = at[key].(map[string]any)
	}
	if value == nil {
		delete(at, keys[last])
	} else {
		at[keys[last]] = value
	}
	out, err := json.Marshal(root)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}
