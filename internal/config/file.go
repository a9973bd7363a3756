package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

// Version is the version of the configuration that this program knows.
const Version = 1

// A File is the compiled configuration: complete, checked, and with every
// group resolved. internal/config/source makes it of config/signalbox.yaml.
type File struct {
	Version int `json:"version"`
	// DefaultChannel is the Slack channel for what no rule says a channel for;
	// may be empty, as each rule has its own.
	DefaultChannel string          `json:"default_channel,omitempty"`
	People         []people.Member `json:"people"`
	// Machines are patterns of IAM principals that are nobody's.
	Machines []string `json:"machines,omitempty"`
	Groups   []Group  `json:"groups,omitempty"`
	// Environments name what actions release to.
	Environments []approval.Environment `json:"environments,omitempty"`
	// Policies are the rules in the order in which they are tried.
	Policies approval.Policies `json:"policies"`
	// Freezes are when nothing is released.
	Freezes []approval.Freeze `json:"freezes,omitempty"`
	// Notices is the tree of routes that says where releases are told of, and
	// Sinks are where besides Slack.
	Notices notice.Route `json:"notices,omitzero"`
	Sinks   []Sink       `json:"sinks,omitempty"`
	// Operations are the rules about who may retry, roll back and stop.
	Operations queue.Rules `json:"operations,omitempty"`
}

// Routes is where releases are told of: without notices, in the default channel.
func (f File) Routes() notice.Route {
	if f.Notices.Mode == "" && f.Notices.Channel == "" && len(f.Notices.Routes) == 0 {
		return notice.Route{Mode: notice.Card, Channel: f.DefaultChannel}
	}
	return f.Notices
}

// Environment names what a stage of a pipeline releases to, or nothing.
func (f File) Environment(id release.ExecutionID, stage string) string {
	return f.Rulebook().Environment(approval.Action{Account: id.Account, Region: id.Region, Pipeline: id.Pipeline, Stage: stage})
}

// Rulebook is what f says about approvals.
func (f File) Rulebook() approval.Rulebook {
	return approval.Rulebook{Environments: f.Environments, Policies: f.Policies, Freezes: f.Freezes}
}

// Directory is everybody in f, under all their names.
func (f File) Directory() people.Directory {
	return people.Directory{Members: f.People, Machines: f.Machines}
}

// A Group is a name for several people. Rules no longer refer to it: it is
// kept to be shown.
type Group struct {
	Name string `json:"name"`
	// Members are ids of people.
	Members []string `json:"members"`
}

// GroupsOf names the groups that the person with the given id belongs to, in
// the order of the file.
func (f File) GroupsOf(id string) []string {
	var names []string
	for _, g := range f.Groups {
		if slices.Contains(g.Members, id) {
			names = append(names, g.Name)
		}
	}
	return names
}

// LoadFile reads a compiled File.
func LoadFile(path string) (File, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("read the compiled configuration: %w", err)
	}
	f, err := decodeFile(raw)
	if err != nil {
		return File{}, fmt.Errorf("read the compiled configuration %s: %w", path, err)
	}
	return f, nil
}

// decodeFile refuses what it does not know. A file of a newer build may carry
// a condition, and a reader that skipped it would admit too much.
func decodeFile(raw []byte) (File, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var f File
	if err := d.Decode(&f); err != nil {
		return File{}, fmt.Errorf("%w (make it again with `signalbox config compile`)", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return File{}, errors.New("there is more after its end")
	}
	if f.Version != Version {
		return File{}, fmt.Errorf("it has version %d, and this program knows version %d", f.Version, Version)
	}
	return f, nil
}

// Encode writes f as LoadFile reads it. Equal files have equal bytes.
func (f File) Encode() ([]byte, error) {
	raw, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	return append(raw, '\n'), nil
}
