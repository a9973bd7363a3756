package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// compileCmd writes the file that is packaged with the approval function.
type compileCmd struct {
	sourceFile `embed:""`
	Output     string `short:"o" required:"" placeholder:"OUT" help:"Where to write the result; - is standard output."`
}

// Help is shown by --help.
func (compileCmd) Help() string {
	return "A file with problems is not compiled: they are printed, OUT stays as it is, and the exit status is 1."
}

// Run compiles the file.
func (c compileCmd) Run(w world) error {
	f, err := c.warned(w, w.stderr)
	if err != nil {
		return err
	}
	raw, err := f.Encode()
	if err != nil {
		return err
	}
	if c.Output == "-" {
		_, err = w.stdout.Write(raw)
		return err
	}
	if sameFile(c.File, c.Output) {
		return fmt.Errorf("%s would be overwritten with its own compiled form: choose another name for -o", c.Output)
	}
	return replace(c.Output, raw)
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// replace writes a file so that it is at no time half written, even if this
// program is killed.
func replace(path string, raw []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".signalbox-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = temporary.Write(raw)
	// Lambda runs functions as another user, who has to be able to read it.
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(temporary.Name()))
	}
	return nil
}
