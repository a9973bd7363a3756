package notice_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
)

func night() []notice.Held {
	held := func(place, pipeline, execution, key string, kind notice.Kind, stage string, hour int) notice.Held {
		return notice.Held{
			Key: key, Place: place, Pipeline: pipeline, Execution: execution, Kind: kind, Stage: stage,
			Subject: "Change " + execution, At: noon.Add(time.Duration(hour) * time.Hour),
		}
	}
	return []notice.Held{
		held("channel:C1", "web", "e1", "failed/1/Build/", notice.Failed, "Build", 1),
		held("channel:C1", "web", "e1", "succeeded/1", notice.Fixed, "", 3),
		held("channel:C1", "web", "e3", "stuck/1", notice.Stuck, "Build", 4),
		held("channel:C1", "payments", "e2", "approval/1/A/a", notice.Approval, "Production", 2),
		held("channel:C2", "web", "e1", "failed/1/Build/", notice.Failed, "Build", 1),
	}
}

func text(all []notice.Digest) []string {
	var out []string
	for _, d := range all {
		out = append(out, d.Place)
		for _, l := range d.Lines {
			out = append(out, l.Text(time.UTC, strings.ToUpper))
		}
	}
	return out
}

func TestDigestTellsEachReleaseInALine(t *testing.T) {
	t.Parallel()
	want := []string{
		"channel:C1",
		"PAYMENTS: CHANGE E2: 14:00 PRODUCTION waits for approval",
		"WEB: CHANGE E1: 13:00 BUILD failed, 15:00 fixed",
		"WEB: CHANGE E3: 16:00 BUILD took longer than usual",
		"channel:C2",
		"WEB: CHANGE E1: 13:00 BUILD failed",
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		all := slices.Concat(night(), night()[:r.IntN(5)])
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if diff := cmp.Diff(want, text(notice.Summaries(all))); diff != "" {
			t.Fatalf("digest (-want +got):\n%s", diff)
		}
	}
	if got := notice.Summaries(nil); len(got) != 0 {
		t.Errorf("nothing was held, and the digest is %v", got)
	}
}

func TestDigestOfABadNightIsBounded(t *testing.T) {
	t.Parallel()
	var all []notice.Held
	for i := range 100 {
		h := night()[0]
		h.Execution, h.At = strings.Repeat("e", i+1), h.At.Add(time.Duration(i)*time.Minute)
		all = append(all, h)
	}
	d := notice.Summaries(all)
	if len(d) != 1 || len(d[0].Lines) != 30 || d[0].More != 70 || d[0].Lines[29].Execution != strings.Repeat("e", 100) {
		t.Errorf("%d digests, the first with %d lines and %d more", len(d), len(d[0].Lines), d[0].More)
	}
}

func TestDigestHasWordsForEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range append(notice.Kinds, "of_later_years") {
		l := notice.Line{Pipeline: "web", Events: []notice.Held{{Kind: kind, Stage: "Build", At: noon}}}
		if got := l.Text(time.UTC, plain); strings.Contains(got, "_") || strings.HasSuffix(got, " ") {
			t.Errorf("%s: %q", kind, got)
		}
	}
}

// plain escapes nothing.
func plain(s string) string { return s }
