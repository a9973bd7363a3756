package main

import (
	"fmt"
	"io"

	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
)

// configCmd groups the commands about the configuration file.
type configCmd struct {
	Validate validateCmd `cmd:"" help:"Check the file: prints each problem with its place and what to write instead."`
	Compile  compileCmd  `cmd:"" help:"Check the file and write it as the functions read it. The build does this."`
	Explain  explainCmd  `cmd:"" help:"Say which rule an approval action falls under, and who may approve it."`
}

// A sourceFile is the configuration file that a command is about.
type sourceFile struct {
	File string `arg:"" optional:"" default:"config/signalbox.yaml" help:"The configuration file; - reads standard input (default: ${default})."`
}

// name is what people call the file.
func (s sourceFile) name() string {
	if s.File == "-" {
		return "<stdin>"
	}
	return s.File
}

// compiled reads the file. It prints the problems of a broken one to out and
// ends in errNo.
func (s sourceFile) compiled(w world, out io.Writer) (config.File, error) {
	text, err := source.Read(s.File, w.stdin)
	if err != nil {
		return config.File{}, err
	}
	file, problems := source.Compile(text)
	if len(problems) == 0 {
		return file, nil
	}
	if err := problems.Render(out, s.name(), text); err != nil {
		return config.File{}, err
	}
	if _, err := fmt.Fprintf(out, "\n%s in %s\n", count(len(problems), "problem", "problems"), s.name()); err != nil {
		return config.File{}, err
	}
	return config.File{}, errNo
}

// count writes "1 problem" or "2 problems".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
