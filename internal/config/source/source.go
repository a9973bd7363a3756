// Package source compiles the configuration that people write, a YAML file,
// into the one that functions read, a config.File.
//
// Whatever is wrong with a file is reported at once: each Problem has a place,
// says what is there, and says what to write instead. Form is judged by the
// JSON Schema in the config folder, which editors use as well; meaning (who is
// who, and whether anybody could approve) is judged by check.go. A file with
// any problem compiles to nothing: half a configuration would be a guess.
package source

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/signalbox/signalbox/internal/config"
)

// MaxSize is the size of the largest file that is looked at, in bytes. A
// thousand people with their rules need about half of it.
const MaxSize = 256 << 10

// Compile checks text and makes a File of it. The File is complete if there
// are no problems, and empty otherwise; warnings do not keep it from being used.
// The same text in the same setting has the same result, whatever order maps are
// walked in. No text makes it panic.
func Compile(text []byte, in Setting) (file config.File, problems, warnings Problems) {
	clean, problems := readText(text)
	if len(problems) > 0 {
		return config.File{}, problems, nil
	}
	root, problems := parse(clean)
	if root == nil {
		return config.File{}, problems.sorted(), nil
	}
	doc := readDocument(root)
	problems = append(problems, doc.resolve(in)...)
	problems = append(problems, check(doc)...)
	problems = append(problems, problems.without(checkForm(root, strings.Split(clean, "\n")))...)
	problems, warnings = problems.sorted().split()
	if len(problems) > 0 {
		return config.File{}, problems, warnings
	}
	return doc.compile(), nil, warnings
}

// Read reads a configuration file, or standard input when path is "-". What
// is beyond MaxSize is left unread; Compile reports it.
func Read(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		return readUpTo(stdin, "standard input")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return readUpTo(f, path)
}

func readUpTo(r io.Reader, name string) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration from %s: %w", name, err)
	}
	return text, nil
}
