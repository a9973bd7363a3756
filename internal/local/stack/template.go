package stack

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A template is the text of a SAM template and the functions found in it.
type template struct {
	text      []byte
	functions []function
}

// A function is one AWS::Serverless::Function of the template.
type function struct {
	// logicalID is its name in the template, such as ApprovalFunction.
	logicalID string
	// folder is where its code is, below functions: the logical id without
	// "Function", in lower case. The Makefile follows the same rule.
	folder string
	// configured says that it reads the compiled configuration.
	configured bool
	// insertAt is the offset in the text at which CodeUri goes.
	insertAt int
}

// The layout of the template that is relied on: resources indented by two
// spaces, what they hold by four. It is read as text because the file must stay
// as it is, comments and all, but for one line in each function.
var (
	resourceLine = regexp.MustCompile(`^ {2}([A-Za-z0-9]+):\s*$`)
	functionLine = regexp.MustCompile(`^ {4}Type: AWS::Serverless::Function\s*$`)
	contentsLine = regexp.MustCompile(`^ {4}Properties:\s*$`)
	configLine   = regexp.MustCompile(`^ +SIGNALBOX_CONFIG:`)
)

func readTemplate(path string) (template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return template{}, fmt.Errorf("read the template: %w", err)
	}
	t := template{text: text}
	var name string
	var current *function
	for offset, line := range lines(text) {
		if m := resourceLine.FindSubmatch(line); m != nil {
			name, current = string(m[1]), nil
		}
		switch {
		case functionLine.Match(line):
			t.functions = append(t.functions, function{
				logicalID: name,
				folder:    strings.ToLower(strings.TrimSuffix(name, "Function")),
			})
			current = &t.functions[len(t.functions)-1]
		case current == nil:
		case contentsLine.Match(line):
			current.insertAt = offset + len(line)
		case configLine.Match(line):
			current.configured = true
		}
	}
	for _, f := range t.functions {
		if f.insertAt == 0 {
			return template{}, fmt.Errorf("%s: %s needs its Properties below its Type, indented by four spaces", path, f.logicalID)
		}
	}
	if len(t.functions) == 0 {
		return template{}, fmt.Errorf("%s has no AWS::Serverless::Function", path)
	}
	return t, nil
}

// lines yields each line of text with its newline, and its offset.
func lines(text []byte) func(func(int, []byte) bool) {
	return func(yield func(int, []byte) bool) {
		offset := 0
		for line := range bytes.Lines(text) {
			if !yield(offset, line) {
				return
			}
			offset += len(line)
		}
	}
}

// packaged is the template with the CodeUri of each function set to where its
// zip has been uploaded, keyed by folder.
func (t template) packaged(bucket string, keys map[string]string) []byte {
	var out bytes.Buffer
	from := 0
	for _, f := range t.functions {
		out.Write(t.text[from:f.insertAt])
		fmt.Fprintf(&out, "      CodeUri: {Bucket: %q, Key: %q}\n", bucket, keys[f.folder])
		from = f.insertAt
	}
	out.Write(t.text[from:])
	return out.Bytes()
}
