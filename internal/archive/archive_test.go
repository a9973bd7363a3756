package archive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/archive"
	"github.com/signalbox/signalbox/internal/audit"
)

const chain = "111122223333/eu-west-1/web-shop"

// entries are n of a chain, from the one after the first `before` on.
func entries(before, n int) []audit.Entry {
	head := audit.Head{Chain: chain}
	var all []audit.Entry
	for i := range before + n {
		var e audit.Entry
		e, head = audit.Next(head, audit.Entry{ID: strings.Repeat("x", i+1), At: time.Unix(1e9, 0), Kind: audit.Decided, Reason: "<b>\n"})
		all = append(all, e)
	}
	return all[before:]
}

// kept is a bucket in memory.
type kept map[string][]byte

func (k kept) put(_ context.Context, bucket, key string, body []byte) error {
	if _, exists := k[bucket+"/"+key]; exists {
		return archive.ErrExists
	}
	k[bucket+"/"+key] = bytes.Clone(body)
	return nil
}

func TestExportWritesOneObjectOfLines(t *testing.T) {
	t.Parallel()
	k := kept{}
	want := entries(11, 3)
	if err := archive.New(k.put, "trail").Export(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	body, ok := k["trail/audit/"+chain+"/000000000012-000000000014.jsonl"]
	if !ok || len(k) != 1 || bytes.Count(body, []byte("\n")) != 3 {
		t.Fatalf("objects %q", k)
	}
	var got []audit.Entry
	for lines := json.NewDecoder(bytes.NewReader(body)); lines.More(); {
		var e audit.Entry
		if err := lines.Decode(&e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExportTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	k := kept{}
	a := archive.New(k.put, "trail")
	for range 2 {
		if err := a.Export(t.Context(), entries(0, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if len(k) != 1 {
		t.Errorf("%d objects, want 1", len(k))
	}
}

func TestExportOfNothingMakesNoObject(t *testing.T) {
	t.Parallel()
	k := kept{}
	if err := archive.New(k.put, "trail").Export(t.Context(), nil); err != nil || len(k) != 0 {
		t.Errorf("%v, objects %q", err, k)
	}
}

func TestExportTakesOnlyWhatFollowsUponEachOther(t *testing.T) {
	t.Parallel()
	gap := append(entries(0, 2), entries(3, 1)...)
	foreign := entries(0, 2)
	foreign[1].Chain = "111122223333/eu-west-1/payments"
	for name, bad := range map[string][]audit.Entry{"a gap": gap, "two chains": foreign, "turned round": {entries(1, 1)[0], entries(0, 1)[0]}} {
		k := kept{}
		if err := archive.New(k.put, "trail").Export(t.Context(), bad); err == nil || len(k) != 0 {
			t.Errorf("%s: %v, objects %q", name, err, k)
		}
	}
}

func TestExportSaysWhichObjectCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	down := errors.New("slow down")
	err := archive.New(func(ctx context.Context, _, _ string, _ []byte) error {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the call has no deadline")
		}
		return down
	}, "trail").Export(t.Context(), entries(0, 1))
	if !errors.Is(err, down) || !strings.Contains(err.Error(), "put audit/"+chain+"/000000000001-000000000001.jsonl") {
		t.Errorf("error %v", err)
	}
}
