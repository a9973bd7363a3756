package arch_test

import "strings"

// A plant is a small tree and what a rule must say about it: a finding that
// begins with want, or nothing when want is empty.
type plant struct {
	rule, name string
	files      map[string]string
	want       string
}

const ours = `"github.com/signalbox/signalbox/`

// template and makefile go together with a folder functions/slack.
const (
	slackMain = "package main\n"
	template  = `Globals:
  Function:
    Environment:
      Variables:
        LOG_LEVEL: INFO
Resources:
  SlackFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
  Table:
    Type: AWS::DynamoDB::Table
Outputs:
  Url:
    Value: x
`
	makefile = `lint:
	go vet ./internal/...

define function
	go build ./functions/$(1)
endef

build-SlackFunction:
	$(call function,slack)
	go run ./cmd/signalbox config compile config/signalbox.yaml
`
)

// one is a tree of a single Go file that imports a package.
func one(file, spec string) map[string]string {
	return map[string]string{file: "package x\n\nimport " + spec + "\n"}
}

// body is a tree of a single Go file with a function that holds a statement.
func body(file, statement string) map[string]string {
	return map[string]string{file: "package x\n\nfunc f() {\n\t" + statement + "\n}\n"}
}

// built is template, makefile and functions/slack, with files on top.
func built(files map[string]string) map[string]string {
	all := map[string]string{"template.yaml": template, "Makefile": makefile, "functions/slack/main.go": slackMain}
	for name, text := range files {
		all[name] = text
	}
	return all
}

var plants = []plant{
	{"domains stay pure", "AWS", one("internal/approval/a.go", `"github.com/aws/aws-sdk-go-v2/aws"`), "internal/approval/a.go:3: internal/approval imports github.com/aws"},
	{"domains stay pure", "HTTP", one("internal/scan/a.go", `"net/http"`), "internal/scan/a.go:3"},
	{"domains stay pure", "environment", one("internal/queue/a.go", `"os"`), "internal/queue/a.go:3"},
	{"domains stay pure", "another domain", one("internal/scan/a.go", ours+`internal/approval"`), "internal/scan/a.go:3"},
	{"domains stay pure", "an adapter", one("internal/approval/a.go", ours+`internal/store"`), "internal/approval/a.go:3"},
	{"domains stay pure", "vocabulary with vocabulary", one("internal/people/a.go", ours+`internal/release"`), "internal/people/a.go:3"},
	{"domains stay pure", "more than the record needs", one("internal/release/a.go", ours+`internal/audit"`), "internal/release/a.go:3"},
	{"domains stay pure", "the record", one("internal/release/a.go", ours+`internal/event"`), ""},
	{"domains stay pure", "what is allowed", map[string]string{
		"internal/approval/a.go":      "package x\n\nimport (\n\t\"context\"\n\t\"crypto/sha256\"\n\t" + ours + "internal/people\"\n)\n",
		"internal/approval/a_test.go": "package x\n\nimport \"os\"\n",
		"internal/store/a.go":         "package x\n\nimport \"github.com/aws/aws-sdk-go-v2/aws\"\n",
	}, ""},

	{"events import nothing of ours", "a domain", one("internal/event/a.go", ours+`internal/people"`), "internal/event/a.go:3"},
	{"events import nothing of ours", "in a test", one("internal/event/a_test.go", ours+`internal/people"`), ""},

	{"the local world is not deployed", "an adapter", one("internal/slack/a.go", ours+`internal/local/slack"`), "internal/slack/a.go:3"},
	{"the local world is not deployed", "a function", one("functions/web/main.go", ours+`internal/local"`), "functions/web/main.go:3"},
	{"the local world is not deployed", "another command", one("cmd/other/main.go", ours+`internal/local/stack"`), "cmd/other/main.go:3"},
	{"the local world is not deployed", "who may", map[string]string{
		"cmd/signalbox/main.go":    "package x\n\nimport " + ours + "internal/local/stack\"\n",
		"internal/local/a/a.go":    "package x\n\nimport " + ours + "internal/local/stack\"\n",
		"internal/slack/a_test.go": "package x\n\nimport " + ours + "internal/local/slack\"\n",
		"internal/web/a.go":        "package x\n\nimport " + ours + "internal/locale\"\n",
	}, ""},

	{"functions stay light", "directly", one("functions/web/main.go", `"github.com/aws/aws-sdk-go-v2/config"`), "functions/web/main.go:3"},
	{"functions stay light", "through two packages", map[string]string{
		"functions/slack/main.go": "package main\n\nimport " + ours + "internal/a\"\n",
		"internal/a/a.go":         "package a\n\nimport " + ours + "internal/b\"\n",
		"internal/b/b.go":         "package b\n\nimport \"github.com/aws/aws-xray-sdk-go/v2/xray\"\n",
	}, "internal/b/b.go:3: functions/slack links"},
	{"functions stay light", "X-Ray elsewhere", one("functions/web/main.go", `"github.com/aws/aws-xray-sdk-go/v2/xray"`), ""},
	{"functions stay light", "at build time", one("cmd/signalbox/main.go", `"github.com/goccy/go-yaml"`), ""},

	{"no pretending words", "a name", body("internal/slack/a.go", "isLocal := 1"), "internal/slack/a.go:4: isLocal"},
	{"no pretending words", "inside a name", body("cmd/signalbox/a.go", "var useFakeSlack bool"), "cmd/signalbox/a.go:4: useFakeSlack"},
	{"no pretending words", "an environment variable", body("internal/config/a.go", `getenv("MOCK_ACCESS_HANDLER")`), "internal/config/a.go:4: MOCK_ACCESS_HANDLER"},
	{"no pretending words", "a field", map[string]string{"internal/a/a.go": "package a\n\ntype T struct{ DryRun bool }\n"}, "internal/a/a.go:3: DryRun"},
	{"no pretending words", "who may, and other words", map[string]string{
		"internal/local/a/a.go":    "package a\n\nvar fakeSlack int\n",
		"internal/slack/a_test.go": "package a\n\nvar stubbed int\n",
		"internal/slack/a.go":      "package a\n\nvar stubborn, isLocale, mockingbird int // a mock in a comment\n",
	}, ""},

	{"no forbidden calls", "panic", body("internal/slack/a.go", `panic("x")`), "internal/slack/a.go:4: panic"},
	{"no forbidden calls", "log.Fatal", body("functions/web/main.go", `log.Fatalf("x")`), "functions/web/main.go:4: log.Fatalf"},
	{"no forbidden calls", "environment", body("internal/slack/a.go", `os.Getenv("X")`), "internal/slack/a.go:4: os.Getenv"},
	{"no forbidden calls", "clock", body("internal/approval/a.go", `x.Now = time.Now`), "internal/approval/a.go:4: time.Now"},
	{"no forbidden calls", "root context", body("internal/store/a.go", `g(context.Background())`), "internal/store/a.go:4: context.Background"},
	{"no forbidden calls", "init", map[string]string{"internal/a/a.go": "package a\n\nfunc init() {}\n"}, "internal/a/a.go:3: func init"},
	{"no forbidden calls", "who may", map[string]string{
		"functions/web/main.go":  "package main\n\nfunc main() { f(context.Background(), os.Getenv) }\n",
		"internal/config/a.go":   "package config\n\nvar f = os.Getenv\n",
		"internal/slack/a.go":    "package slack\n\nfunc (s S) init() { time.Now() }\n",
		"internal/a/a_test.go":   "package a\n\nfunc f() { panic(context.Background()) }\n",
		"internal/local/a/a.go":  "package a\n\nfunc f() { os.Getenv(\"X\") }\n",
		"internal/approval/a.go": "package approval\n\nfunc f() { time.Duration(1).String() }\n",
	}, ""},

	{"no forbidden text", "an error that only says that it failed", body("internal/a/a.go", `f("failed to load: %w", err)`), "internal/a/a.go:4"},
	{"no forbidden text", "an empty wrapping", body("internal/a/a.go", `fmt.Errorf("%w", err)`), "internal/a/a.go:4"},
	{"no forbidden text", "an empty interface", body("internal/a/a.go", `var x interface{}`), "internal/a/a.go:4"},
	{"no forbidden text", "what is allowed", body("internal/a/a.go", `fmt.Errorf("%w: the door failed to open", any(interface{ Close() }(x)))`), ""},

	{"files stay short", "a file", map[string]string{"internal/a/a.go": "package a\n" + strings.Repeat("\n", 250)}, "internal/a/a.go:251"},
	{"files stay short", "a main", map[string]string{"functions/web/main.go": "package main\n" + strings.Repeat("\n", 45)}, "functions/web/main.go:46"},
	{"files stay short", "at the limit", map[string]string{
		"internal/a/a.go":      "package a\n" + strings.Repeat("\n", 249),
		"internal/a/a_test.go": "package a\n" + strings.Repeat("\n", 300),
	}, ""},

	{"the template builds functions only", "a folder without function", built(map[string]string{"functions/web/main.go": slackMain}), "template.yaml:1: its functions are [functions/slack]"},
	{"the template builds functions only", "another folder", built(map[string]string{"template.yaml": template + "  x: cmd/signalbox\n"}), "template.yaml:16"},
	{"the template builds functions only", "no template", map[string]string{"a.go": "package a\n"}, "template.yaml:1: missing"},
	{"the template builds functions only", "as it should be", built(nil), ""},

	{"the makefile builds functions only", "a target without function", built(map[string]string{"Makefile": makefile + "\nbuild-WebFunction:\n\t$(call function,web)\n"}), "Makefile:1: builds [functions/slack functions/web]"},
	{"the makefile builds functions only", "another folder", built(map[string]string{"Makefile": makefile + "\tgo build ./cmd/signalbox\n"}), "Makefile:11: packages ./cmd/signalbox"},
	{"the makefile builds functions only", "another folder in the definition", built(map[string]string{"Makefile": strings.Replace(makefile, "./functions/$", "./internal/$", 1)}), "Makefile:5: packages ./internal/$(1)"},
	{"the makefile builds functions only", "no makefile", map[string]string{"a.go": "package a\n"}, "Makefile:1: missing"},
	{"the makefile builds functions only", "as it should be", built(nil), ""},

	// Put together so as not to be found here.
	{"no machine's paths", "in a document", map[string]string{"docs/a.md": "x\nsee /ho" + "me/ann/signalbox\n"}, "docs/a.md:2"},
	{"no machine's paths", "in a workflow", map[string]string{".github/a.yml": "run: /ro" + "ot/go/bin/x\n"}, ".github/a.yml:1"},
	{"no machine's paths", "addresses, and what git ignores", map[string]string{
		"docs/a.md":  "https://example.com/ho" + "me/page and ./wo" + "rk/x\n",
		".venv/a.md": "/ho" + "me/ann/x\n",
	}, ""},

	{"nothing unfinished", "in a comment", map[string]string{"internal/a/a.go": "package a\n\n// TO" + "DO: more\n"}, "internal/a/a.go:3"},
	{"nothing unfinished", "another word", map[string]string{"docs/a.md": "Mastodon and todo lists\n"}, ""},
}
