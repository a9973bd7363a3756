package stack

import (
	"archive/zip"
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

func TestBundlesOfTheSameCodeAreEqual(t *testing.T) {
	t.Parallel()
	o := Options{
		Root: "testdata/project", Template: "../../../template.yaml", Dir: t.TempDir(),
		Config: []byte(`{"compiled":true}`), Progress: func(string) {},
	}
	first, second := bundlesOf(t, o), bundlesOf(t, o)
	for i := range first {
		if first[i].key() != second[i].key() || !bytes.Equal(first[i].zip, second[i].zip) {
			t.Errorf("%s packs as %s and then as %s", first[i].folder, first[i].key(), second[i].key())
		}
	}
	if got, want := contents(t, first[0]), "bootstrap -rwxr-xr-x, signalbox.json -rw-r--r--"; got != want {
		t.Errorf("%s holds %s, want %s", first[0].folder, got, want)
	}
	if got, want := contents(t, first[len(first)-1]), "bootstrap -rwxr-xr-x"; got != want {
		t.Errorf("%s holds %s, want %s", first[len(first)-1].folder, got, want)
	}
}

func bundlesOf(t *testing.T, o Options) []bundle {
	t.Helper()
	full, err := o.complete()
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := readTemplate(o.Template)
	if err != nil {
		t.Fatal(err)
	}
	all, err := bundles(context.Background(), full, tmpl)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func contents(t *testing.T, b bundle) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b.zip), int64(len(b.zip)))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range z.File {
		files = append(files, f.Name+" "+f.Mode().String())
	}
	return strings.Join(files, ", ")
}

func TestPackagingChangesNothingButWhereTheCodeIs(t *testing.T) {
	t.Parallel()
	tmpl, err := readTemplate(filepath.Join("testdata", "one.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	const added = "      CodeUri: {Bucket: \"b\", Key: \"web.zip\"}\n"
	out := string(tmpl.packaged("b", map[string]string{"web": "web.zip"}))
	if !strings.Contains(out, "    Properties:\n"+added+"      Runtime:") {
		t.Errorf("CodeUri is not first among the properties:\n%s", out)
	}
	if got := strings.Replace(out, added, "", 1); got != string(tmpl.text) {
		t.Errorf("the rest has changed:\n%s", got)
	}
}
