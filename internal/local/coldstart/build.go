package coldstart

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Floor is the name of the bare handler in the folder floor.
const Floor = "floor"

// Build packages the functions of the repository at root, and the floor, below
// dir. It runs the Makefile's targets that `sam build` runs, for this
// machine's processor, so that what is measured is what is deployed.
func Build(ctx context.Context, root, dir string) ([]Function, error) {
	built := []Function{woken(Floor), woken("slack"), woken("approval"), woken("web"), woken("notify"), woken("deliver")}
	for i := range built {
		f := &built[i]
		f.Dir = filepath.Join(dir, f.Name)
		if err := os.MkdirAll(f.Dir, 0o755); err != nil {
			return nil, fmt.Errorf("make the folder of %s: %w", f.Name, err)
		}
		command := exec.CommandContext(ctx, "make", "--silent", "build-"+strings.ToUpper(f.Name[:1])+f.Name[1:]+"Function")
		if f.Name == Floor {
			command = exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "lambda.norpc,grpcnotrace", "-ldflags", "-s -w",
				"-o", filepath.Join(f.Dir, "bootstrap"), "./internal/local/coldstart/floor")
		}
		command.Dir = root
		command.Env = append(command.Environ(), "MAKEFLAGS=", "CGO_ENABLED=0", "ARTIFACTS_DIR="+f.Dir, "ARCHITECTURE="+architecture())
		if said, err := command.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", f.Name, err, bytes.TrimSpace(said))
		}
	}
	return built, nil
}

// architecture is this machine's, in the template's words.
func architecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

// PackageSize returns the bytes of f's deployment package as a zip at the usual
// level. SAM's own zip is smaller by a few per cent: Python deflates harder.
func PackageSize(f Function) (int, error) {
	var size counter
	archive := zip.NewWriter(&size)
	if err := archive.AddFS(os.DirFS(f.Dir)); err != nil {
		return 0, fmt.Errorf("zip %s: %w", f.Name, err)
	}
	if err := archive.Close(); err != nil {
		return 0, fmt.Errorf("zip %s: %w", f.Name, err)
	}
	return int(size), nil
}

// A counter counts what is written to it.
type counter int

var _ io.Writer = (*counter)(nil)

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
