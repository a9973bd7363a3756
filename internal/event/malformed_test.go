package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// TestParseNamesTheFieldAtFault changes one field of a good sample at a time.
func TestParseNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	const action, image, finding = "approval-started.json", "ecr-image-push.json", "inspector2-finding.json"
	tests := []struct {
		sample, field string
		value         any // nil removes the field
		want          string
	}{
		{action, "id", nil, "id"},
		{action, "source", nil, "source"},
		{action, "detail-type", nil, "detail-type"},
		{action, "account", nil, "account"},
		{action, "region", nil, "region"},
		{action, "time", nil, "time"},
		{action, "time", "yesterday", "time"},
		{action, "id", 5, "id"},
		{action, "detail", nil, "detail"},
		{action, "detail", "text", "detail"},
		{action, "detail.pipeline", nil, "detail.pipeline"},
		{action, "detail.pipeline", 7, "detail.pipeline"},
		{action, "detail.execution-id", nil, "detail.execution-id"},
		{action, "detail.state", nil, "detail.state"},
		{action, "detail.stage", nil, "detail.stage"},
		{action, "detail.stage", []int{1}, "detail.stage"},
		{action, "detail.action", nil, "detail.action"},
		{action, "detail.type", nil, "detail.type.owner"},
		{action, "detail.type.category", nil, "detail.type.category"},
		{action, "detail.type.provider", "", "detail.type.provider"},
		{action, "detail.pipeline-execution-attempt", 1.5, "detail.pipeline-execution-attempt"},
		{action, "detail.pipeline-execution-attempt", -1, "detail.pipeline-execution-attempt"},
		{action, "detail.pipeline-execution-attempt", "NaN", "detail.pipeline-execution-attempt"},
		{action, "detail.pipeline-execution-attempt", 1e300, "detail.pipeline-execution-attempt"},
		{"stage-started.json", "detail.stage", nil, "detail.stage"},
		{"pipeline-started.json", "detail.pipeline", nil, "detail.pipeline"},
		{"codebuild-state-failed.json", "detail.build-id", nil, "detail.build-id"},
		{"codebuild-state-failed.json", "detail.build-status", nil, "detail.build-status"},
		{"codebuild-phase-change.json", "detail.completed-phase", nil, "detail.completed-phase"},
		{image, "detail.repository-name", nil, "detail.repository-name"},
		{image, "detail.image-digest", nil, "detail.image-digest"},
		{image, "detail.action-type", nil, "detail.action-type"},
		{image, "detail.result", nil, "detail.result"},
		{"ecr-pull-through-cache.json", "detail.sync-status", nil, "detail.sync-status"},
		{"ecr-replication-failed.json", "detail.result", nil, "detail.result"},
		{"ecr-referrer.json", "detail.action-type", nil, "detail.action-type"},
		{"ecr-scan-resource-change.json", "detail.repositories", nil, "detail.repositories"},
		{"ecr-scan-complete.json", "detail.scan-status", nil, "detail.scan-status"},
		{"ecr-scan-complete.json", "detail.finding-severity-counts.CRITICAL", "many", "detail.finding-severity-counts"},
		{"inspector2-scan.json", "detail.finding-severity-counts.HIGH", "", "detail.finding-severity-counts"},
		{finding, "detail.findingArn", nil, "detail.findingArn"},
		{finding, "detail.severity", nil, "detail.severity"},
		{finding, "detail.status", nil, "detail.status"},
		{"inspector2-coverage-ecr.json", "detail.scanStatus", nil, "detail.scanStatus.statusCodeValue"},
		{"alarm-rang.json", "detail.request", nil, "detail.request"},
		{"alarm-rang.json", "detail.request", 7, "detail.request"},
		{"alarm-rang.json", "time", "<aws.scheduler.scheduled-time>", "time"}, // a typing error in a template
		{"reconcile-due.json", "detail", nil, "detail"},
		{"reconcile-due.json", "account", "", "account"}, // Scheduler fills in nothing but what it is asked to
		{"sweep-due.json", "detail", nil, "detail"},
		{"sweep-due.json", "time", "", "time"},
	}
	for _, tt := range tests {
		t.Run(tt.sample+" "+tt.field, func(t *testing.T) {
			t.Parallel()
			ev, err := event.Parse(with(t, sample(t, tt.sample), tt.field, tt.value))
			var malformed *event.MalformedError
			if !errors.As(err, &malformed) {
				t.Fatalf("Parse = %v, %v; want a MalformedError", ev, err)
			}
			if malformed.Field != tt.want {
				t.Errorf("field at fault is %q (%v), want %q", malformed.Field, err, tt.want)
			}
			if tt.field != "id" && !strings.Contains(err.Error(), malformed.ID) {
				t.Errorf("%q does not name the event %s", err, malformed.ID)
			}
		})
	}
}

func TestParseRefusesWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "null", "{", "[]", "7", `"text"`, "{}", `{"source":"aws.codepipeline"}`} {
		if ev, err := event.Parse([]byte(raw)); err == nil {
			t.Errorf("Parse(%s) = %v, want an error", raw, ev)
		}
	}
}

func TestParseErrorsRepeatNoContent(t *testing.T) {
	t.Parallel()
	raw := with(t, sample(t, "approval-started.json"), "time", "xoxb-secret")
	if _, err := event.Parse(raw); err == nil || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("Parse error is %v, want one without the value", err)
	}
}

func TestParseErrorsAreOneShortLine(t *testing.T) {
	t.Parallel()
	raw := with(t, sample(t, "approval-started.json"), "source", nil)
	raw = with(t, raw, "detail-type", "x\nlevel=ERROR "+strings.Repeat("é", 100_000))
	_, err := event.Parse(raw)
	if err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
		t.Errorf("Parse error is %.300v, want one short line", err)
	}
	if !errors.Is(err, errors.Unwrap(err)) {
		t.Errorf("%v has no cause", err)
	}
}
