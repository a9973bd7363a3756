package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A Setting is what the meaning of a file depends on besides its text.
type Setting struct {
	// Files is the folder of the configuration file, from which it may name
	// files of holidays. When it is nil, there are none.
	Files fs.FS
	// Today is when the file is compiled. Holidays are written out from the
	// year before until ten years after, so that a file compiles to the same
	// all year.
	Today time.Time
}

// Beside is the setting of the configuration file at path, compiled at now.
// Standard input, which is "-", counts as a file in the working directory.
func Beside(path string, now time.Time) Setting {
	dir := "."
	if path != "-" {
		dir = filepath.Dir(path)
	}
	return Setting{Files: os.DirFS(dir), Today: now}
}
