// Package archive copies audit entries to a bucket in Amazon S3 that keeps what
// it has been given: with Object Lock nobody can change an object before its
// time, not even whoever owns the table that the entries come from.
//
// It appends only. When to copy which entries is for its caller to say; that
// they make a chain is for internal/audit to check.
package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
)

// exportTimeout bounds one export with its repetitions. An object has a few
// kilobytes.
const exportTimeout = 10 * time.Second

// ErrExists is what a Put says when there is an object under that key.
var ErrExists = errors.New("object exists")

// A Put stores an object unless there is one under its key, in which case it
// fails with ErrExists: see Bucket.
type Put func(ctx context.Context, bucket, key string, body []byte) error

// An Archive is where audit entries are kept.
type Archive struct {
	put    Put
	bucket string
}

// New returns the archive in a bucket.
func New(put Put, bucket string) *Archive { return &Archive{put: put, bucket: bucket} }

// Export writes entries, which follow upon each other in one chain, as one
// object of JSON lines. Exporting the same entries again changes nothing and
// succeeds. No entries make no object.
func (a *Archive) Export(ctx context.Context, entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	body, err := encode(entries)
	if err != nil {
		return err
	}
	key := Key(entries[0], entries[len(entries)-1])
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	if err := a.put(ctx, a.bucket, key, body); err != nil && !errors.Is(err, ErrExists) {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

// Key is the name of the object with the entries from first to last. The names
// of a chain sort as its entries do.
func Key(first, last audit.Entry) string {
	return fmt.Sprintf("audit/%s/%012d-%012d.jsonl", first.Chain, first.Seq, last.Seq)
}

// encode writes a line for each entry. Entries that do not follow upon each
// other would get a name that says something else than what is in the object.
func encode(entries []audit.Entry) ([]byte, error) {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	for i, e := range entries {
		if want := entries[0].Seq + int64(i); e.Seq != want || e.Chain != entries[0].Chain {
			return nil, fmt.Errorf("export entry %d of %s: entry %d of %s comes next", e.Seq, e.Chain, want, entries[0].Chain)
		}
		if err := lines.Encode(e); err != nil {
			return nil, fmt.Errorf("encode entry %d of %s: %w", e.Seq, e.Chain, err)
		}
	}
	return out.Bytes(), nil
}
