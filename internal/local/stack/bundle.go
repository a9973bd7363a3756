package stack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"
)

// A bundle is the deployment package of one function.
type bundle struct {
	folder string
	zip    []byte
}

// key is where the bundle is uploaded. It names the contents, so that a second
// deployment sees which functions have changed.
func (b bundle) key() string {
	sum := sha256.Sum256(b.zip)
	return b.folder + "-" + hex.EncodeToString(sum[:8]) + ".zip"
}

// bundles builds and packs all functions of t.
func bundles(ctx context.Context, o Options, t template) ([]bundle, error) {
	out, err := build(ctx, o, t)
	if err != nil {
		return nil, err
	}
	all := make([]bundle, len(t.functions))
	var together errgroup.Group
	for i, f := range t.functions {
		together.Go(func() error {
			binary, err := os.ReadFile(filepath.Join(out, f.folder))
			if err != nil {
				return fmt.Errorf("functions/%s is not a command: %w", f.folder, err)
			}
			files := []packed{{name: "bootstrap", mode: 0o755, data: binary}}
			if f.configured {
				files = append(files, packed{name: "signalbox.json", mode: 0o644, data: o.Config})
			}
			all[i].folder = f.folder
			all[i].zip, err = pack(files)
			return err
		})
	}
	return all, together.Wait()
}

// A packed is one file of a bundle.
type packed struct {
	name string
	mode fs.FileMode
	data []byte
}

// packedAt is the time of every file in a zip, the earliest that the format
// can hold: equal contents make equal zips.
var packedAt = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func pack(files []packed) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	// The zip travels over the loopback only: time counts, size does not.
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestSpeed)
	})
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: packedAt}
		header.SetMode(f.mode)
		to, err := w.CreateHeader(header)
		if err == nil {
			_, err = to.Write(f.data)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("finish the zip: %w", err)
	}
	return out.Bytes(), nil
}

// bucket holds the functions' zips and the template.
const bucket = Name + "-code"

// upload stores body in the bucket, which must exist.
func upload(ctx context.Context, client *s3.Client, key string, body []byte) error {
	_, err := client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(key), Body: bytes.NewReader(body),
	})
	if err != nil {
		return fmt.Errorf("upload %s: %w", key, err)
	}
	return nil
}
