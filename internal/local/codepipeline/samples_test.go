package codepipeline_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// fieldSet lists the paths of v with the JSON type at each.
func fieldSet(v any) []string {
	set := map[string]bool{}
	collect(set, "", v)
	return slices.Sorted(maps.Keys(set))
}

func collect(set map[string]bool, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			collect(set, path+"/"+k, e)
		}
	case []any:
		for _, e := range v {
			collect(set, path+"[]", e)
		}
	case nil:
		set[path+" null"] = true
	default:
		set[fmt.Sprintf("%s %T", path, v)] = true
	}
}

func readSample(t *testing.T, name string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
