package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/signalbox/signalbox/internal/config/source"
)

// validateCmd checks the file and writes nothing.
type validateCmd struct {
	sourceFile `embed:""`
	JSON       bool `name:"json" help:"Print the result as JSON."`
}

// Help is shown by --help.
func (validateCmd) Help() string {
	return "Exit status 0: the file can be deployed. 1: it has problems, which are printed. Warnings change nothing about that."
}

// Run checks the file.
func (c validateCmd) Run(w world) error {
	if c.JSON {
		return c.report(w)
	}
	f, err := c.warned(w, w.stdout)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.stdout, "%s is valid: %s, %s, %s\n", c.name(),
		count(len(f.People), "person", "people"), count(len(f.Groups), "group", "groups"), count(len(f.Policies), "rule", "rules"))
	return err
}

// validation is what validate --json prints.
type validation struct {
	File     string          `json:"file"`
	Valid    bool            `json:"valid"`
	Problems source.Problems `json:"problems"`
	Warnings source.Problems `json:"warnings"`
}

// report prints the result as JSON, problems and all.
func (c validateCmd) report(w world) error {
	r, err := c.read(w)
	if err != nil {
		return err
	}
	v := validation{
		File: c.name(), Valid: len(r.problems) == 0,
		Problems: append(source.Problems{}, r.problems...), Warnings: append(source.Problems{}, r.warnings...), // [] rather than null
	}
	if err := printJSON(w.stdout, v); err != nil {
		return err
	}
	if !v.Valid {
		return errNo
	}
	return nil
}

// printJSON writes v for programs, and still readable.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
