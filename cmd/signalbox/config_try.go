package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// tryCmd puts releases before the rules: who could approve them, and why
// others could not.
type tryCmd struct {
	What      []string `arg:"" optional:"" help:"PIPELINE STAGE ACTION, or files of releases, or folders of them (default: the folder releases beside the configuration)."`
	Config    string   `short:"c" default:"config/signalbox.yaml" placeholder:"FILE" help:"The configuration file (default: ${default})."`
	Release   []string `placeholder:"FILE" help:"A file that describes a release, in YAML or JSON."`
	Event     string   `placeholder:"FILE" help:"A recorded event of an approval action that has started."`
	StartedBy string   `placeholder:"ARN" help:"Who started the execution, as CodePipeline's trigger detail says it."`
	Trigger   string   `help:"CodePipeline's type of the trigger, such as StartPipelineExecution; a push to the repository unless --started-by is given."`
	Author    []string `placeholder:"NAME" help:"Author of a change, as \"Name <address>\"; may be repeated."`
	At        string   `placeholder:"TIME" help:"When the question is asked, as 2026-11-23T10:00Z (default: now)."`
	Account   string   `placeholder:"ID" help:"The AWS account that the pipeline is in."`
	Region    string   `help:"The AWS Region that the pipeline is in."`
	JSON      bool     `name:"json" help:"Print the result as JSON."`
}

// Help is shown by --help.
func (tryCmd) Help() string {
	return "Exit status 0: each release comes out as it expects, and a rule matches each that expects nothing. " +
		"1: one does not; or the file has problems."
}

// Run puts the releases before the rules.
func (c tryCmd) Run(w world) error {
	f, err := sourceFile{c.Config}.compiled(w, w.stderr)
	if err != nil {
		return err
	}
	all, err := c.cases()
	if err != nil {
		return err
	}
	court := newCourt(f)
	results := make([]judged, len(all))
	failed := 0
	for i, d := range all {
		if results[i], err = court.judge(d, time.Now()); err != nil {
			return fmt.Errorf("judge the release in %s: %w", d.name, err)
		}
		if !results[i].OK {
			failed++
		}
	}
	switch {
	case c.JSON && len(results) == 1:
		err = printJSON(w.stdout, results[0])
	case c.JSON:
		err = printJSON(w.stdout, results)
	case len(results) == 1:
		err = results[0].print(w.stdout)
	default:
		err = summarize(w.stdout, results, failed)
	}
	if err == nil && failed > 0 {
		return errNo
	}
	return err
}

// cases are the releases that the command line names or describes.
func (c tryCmd) cases() ([]described, error) {
	var all []described
	names := slices.Clone(c.Release)
	switch {
	case c.Event != "":
		d, err := readEvent(c.Event)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	case len(c.What) == 3 && !exists(c.What[0]):
		all = append(all, described{name: strings.Join(c.What, " / "), Pipeline: c.What[0], Stage: c.What[1], Action: c.What[2]})
	default:
		names = append(names, c.What...)
	}
	if len(names)+len(all) == 0 {
		names = []string{filepath.Join(filepath.Dir(c.Config), "releases")}
	}
	for _, name := range names {
		more, err := readReleases(name)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	for i := range all {
		if err := c.amend(&all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// amend lets the flags say what d does not, or otherwise.
func (c tryCmd) amend(d *described) error {
	replaceWith(&d.StartedBy, c.StartedBy)
	replaceWith(&d.Trigger, c.Trigger)
	replaceWith(&d.Account, c.Account)
	replaceWith(&d.Region, c.Region)
	for _, a := range c.Author {
		d.Authors = append(d.Authors, parseAuthor(a))
	}
	if c.At == "" {
		return nil
	}
	at, err := parseMoment(c.At)
	d.At = at
	return err
}

func replaceWith(value *string, flag string) {
	if flag != "" {
		*value = flag
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readReleases reads one file, or all of a folder.
func readReleases(path string) ([]described, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the releases: %w (or say PIPELINE STAGE ACTION)", err)
	}
	if !info.IsDir() {
		d, err := readRelease(path)
		return []described{d}, err
	}
	var all []described
	for _, pattern := range []string{"*.yaml", "*.yml", "*.json"} {
		found, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return nil, fmt.Errorf("look for releases in %s: %w", path, err)
		}
		slices.Sort(found)
		for _, name := range found {
			d, err := readRelease(name)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return nil, errors.New(path + " has no releases: files that end in .yaml or .json")
	}
	return all, nil
}
