package main

import (
	"fmt"
	"io"
	"time"

	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
)

// configCmd groups the commands about the configuration file.
type configCmd struct {
	Validate validateCmd `cmd:"" help:"Check the file: prints each problem with its place and what to write instead."`
	Compile  compileCmd  `cmd:"" help:"Check the file and write it as the functions read it. The build does this."`
	Explain  explainCmd  `cmd:"" help:"Say which rule an approval action falls under, and what that asks for."`
	Test     tryCmd      `cmd:"" help:"Say who could approve a release, and why others could not."`
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

// A reading is a configuration file that has been looked at.
type reading struct {
	text []byte
	// file is empty when there are problems.
	file               config.File
	problems, warnings source.Problems
}

func (s sourceFile) read(w world) (reading, error) {
	text, err := source.Read(s.File, w.stdin)
	if err != nil {
		return reading{}, err
	}
	r := reading{text: text}
	r.file, r.problems, r.warnings = source.Compile(text, source.Beside(s.File, time.Now()))
	return r, nil
}

// compiled reads the file. It prints the problems of a broken one to out and
// ends in errNo.
func (s sourceFile) compiled(w world, out io.Writer) (config.File, error) {
	r, err := s.read(w)
	if err != nil {
		return config.File{}, err
	}
	return s.usable(r, out)
}

// warned is compiled, and prints warnings as well.
func (s sourceFile) warned(w world, out io.Writer) (config.File, error) {
	r, err := s.read(w)
	if err != nil {
		return config.File{}, err
	}
	if len(r.warnings) > 0 {
		if err := r.warnings.Render(out, s.name(), r.text); err != nil {
			return config.File{}, err
		}
		if _, err := fmt.Fprintln(out); err != nil {
			return config.File{}, err
		}
	}
	return s.usable(r, out)
}

// usable is the file of r, or errNo once its problems are printed.
func (s sourceFile) usable(r reading, out io.Writer) (config.File, error) {
	if len(r.problems) == 0 {
		return r.file, nil
	}
	if err := r.problems.Render(out, s.name(), r.text); err != nil {
		return config.File{}, err
	}
	if _, err := fmt.Fprintf(out, "\n%s in %s\n", count(len(r.problems), "problem", "problems"), s.name()); err != nil {
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
