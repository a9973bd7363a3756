package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// buildFlags are the ones that the Makefile's build-… targets use, so that the
// binaries are those that ship, but for the machine that they run on.
var buildFlags = []string{"-trimpath", "-buildvcs=false", "-tags", "lambda.norpc,grpcnotrace", "-ldflags", "-s -w"}

// build compiles the functions of t for this machine and returns the folder
// with the binaries, each named like its folder. Go's own build cache makes a
// repetition fast.
func build(ctx context.Context, o Options, t template) (string, error) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("building the functions needs Go: install it from https://go.dev/dl and put it on the PATH")
	}
	out := filepath.Join(o.Dir, "build")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", fmt.Errorf("make the folder for builds: %w", err)
	}
	args := append([]string{"build", "-o", out + string(filepath.Separator)}, buildFlags...)
	names := make([]string, 0, len(t.functions))
	for _, f := range t.functions {
		if _, err := os.Stat(filepath.Join(o.Root, "functions", f.folder)); err != nil {
			return "", fmt.Errorf("find the code of %s: %w", f.logicalID, err)
		}
		args = append(args, "./functions/"+f.folder)
		names = append(names, f.folder)
	}
	o.Progress("Building the functions: " + strings.Join(names, ", "))
	command := exec.CommandContext(ctx, goTool, args...)
	command.Dir = o.Root
	command.Env = append(command.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	if said, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the functions: %w\n%s", err, bytes.TrimSpace(said))
	}
	return out, nil
}
