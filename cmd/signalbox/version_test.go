package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		info            *debug.BuildInfo
		version, commit string
		modified        bool
	}{
		{"nothing recorded", nil, "development", "", false},
		{"a local build", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "development", "", false},
		{"a release", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3", "", false},
		{"a checkout", &debug.BuildInfo{Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
		}}, "development", "0123abc", true},
	}
	for _, tt := range tests {
		v := versionOf(tt.info)
		if v.Version != tt.version || v.Commit != tt.commit || v.Modified != tt.modified || v.Go == "" || v.Platform == "" {
			t.Errorf("%s: %+v", tt.name, v)
		}
	}
}
