package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd says which build this is.
type versionCmd struct {
	JSON bool `name:"json" help:"Print the result as JSON."`
}

// version is what version --json prints.
type version struct {
	Version string `json:"version"`
	// Commit and Time are of the source; empty when Go did not record them.
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"`
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Run prints the version.
func (c versionCmd) Run(w world) error {
	info, _ := debug.ReadBuildInfo() // nil without module support, which versionOf knows
	v := versionOf(info)
	if c.JSON {
		return printJSON(w.stdout, v)
	}
	modified := ""
	if v.Modified {
		modified = ", modified"
	}
	_, err := fmt.Fprintf(w.stdout, "signalbox %s%s%s (%s %s)\n", v.Version, suffix(" ", v.Commit), modified, v.Go, v.Platform)
	return err
}

// versionOf reads what Go recorded when it built the program.
func versionOf(info *debug.BuildInfo) version {
	v := version{Version: "development", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return v
	}
	if m := info.Main.Version; m != "" && m != "(devel)" {
		v.Version = m
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}
