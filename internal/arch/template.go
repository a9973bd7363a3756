package arch

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// templateBuilds: each folder of functions/ is one function of the template,
// in the same order, and the template knows no other folder of ours.
func templateBuilds(t Tree) []string {
	template, ok := t.file("template.yaml")
	if !ok {
		return []string{"template.yaml:1: missing; it is the truth about every resource"}
	}
	var inTemplate []string
	for _, r := range resources(template.Text) {
		if r.function() {
			inTemplate = append(inTemplate, r.folder())
		}
	}
	var found []string
	if folders := t.functions(); !slices.Equal(inTemplate, folders) {
		found = append(found, fmt.Sprintf("template.yaml:1: its functions are %v and the folders %v; same names, same order", inTemplate, folders))
	}
	n := 0
	for line := range strings.Lines(template.Text) {
		n++
		if strings.Contains(line, "cmd/") || strings.Contains(line, "internal/") {
			found = append(found, fmt.Sprintf("template.yaml:%d: names a folder other than functions/", n))
		}
	}
	return found
}

// A resource is one entry under Resources: its logical id and its lines.
type resource struct {
	id    string
	lines []string
}

var resourceID = regexp.MustCompile(`^  (\w+):\s*$`)

// resources splits a template, in the block style that ours is written in, at
// the logical ids.
func resources(template string) []resource {
	_, body, _ := strings.Cut("\n"+template, "\nResources:")
	var all []resource
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\r\n")
		if len(all) > 0 && line != "" && line[0] != ' ' && line[0] != '#' {
			break // the next section
		}
		if id := resourceID.FindStringSubmatch(line); id != nil {
			all = append(all, resource{id: id[1]})
		} else if len(all) > 0 {
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		}
	}
	return all
}

func (r resource) function() bool {
	return slices.ContainsFunc(r.lines, func(line string) bool {
		return strings.TrimSpace(line) == "Type: AWS::Serverless::Function"
	})
}

// folder is where the code of a function must be: SlackFunction has
// functions/slack.
func (r resource) folder() string {
	return path.Join("functions", strings.ToLower(strings.TrimSuffix(r.id, "Function")))
}

// Environment returns the names of the environment variables that the template
// gives to each function, by the function's folder, sorted.
func Environment(t Tree) map[string][]string {
	template, _ := t.file("template.yaml")
	globals, _, _ := strings.Cut(template.Text, "\nResources:")
	shared := variables(strings.Split(globals, "\n"))
	all := map[string][]string{}
	for _, r := range resources(template.Text) {
		if r.function() {
			names := append(variables(r.lines), shared...)
			slices.Sort(names)
			all[r.folder()] = slices.Compact(names)
		}
	}
	return all
}

// variables lists the keys under "Variables:".
func variables(lines []string) []string {
	start := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "Variables:" })
	if start < 0 {
		return nil
	}
	indent := depth(lines[start])
	var names []string
	for _, line := range lines[start+1:] {
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' {
			continue
		}
		if depth(line) <= indent {
			break
		}
		if name, _, ok := strings.Cut(text, ":"); ok && depth(line) == indent+2 {
			names = append(names, name)
		}
	}
	return names
}

func depth(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// ourFolder finds folders of this repository in a recipe.
var ourFolder = regexp.MustCompile(`\./(cmd|internal|functions)\S*`)

// buildTime is what the targets of sam build may run besides.
const buildTime = "go run ./cmd/signalbox config compile "

// makefileBuilds: the targets that sam build runs compile functions/ only, and
// there is one for each function.
func makefileBuilds(t Tree) []string {
	makefile, ok := t.file("Makefile")
	if !ok {
		return []string{"Makefile:1: missing; sam build runs it"}
	}
	var found, targets []string
	for _, line := range packaging(makefile.Text) {
		if line.target != "" {
			targets = append(targets, resource{id: line.target}.folder())
		}
		for _, folder := range ourFolder.FindAllString(line.text, -1) {
			if !strings.HasPrefix(folder, "./functions/") && !strings.HasPrefix(line.text, buildTime) {
				found = append(found, fmt.Sprintf("Makefile:%d: packages %s; only functions/ is deployed", line.number, folder))
			}
		}
	}
	slices.Sort(targets)
	if folders := t.functions(); !slices.Equal(targets, folders) {
		found = append(found, fmt.Sprintf("Makefile:1: builds %v and the folders are %v; sam build needs a target for each", targets, folders))
	}
	return found
}

// A packagingLine is a line of the makefile by which a function is packaged.
type packagingLine struct {
	number int
	text   string
	target string // the logical id, on the line that names a target
}

// packaging lists the lines of the build- targets and of the definition that
// they share. Each of these ends at an empty line.
func packaging(makefile string) []packagingLine {
	var all []packagingLine
	number, inside := 0, false
	for line := range strings.Lines(makefile) {
		number++
		text := strings.Trim(line, "\t@ \n")
		named, isTarget := strings.CutPrefix(line, "build-")
		target, _, _ := strings.Cut(named, ":")
		switch {
		case isTarget:
			all = append(all, packagingLine{number, text, target})
		case inside && text != "":
			all = append(all, packagingLine{number, text, ""})
		}
		inside = text != "" && (inside || isTarget || strings.HasPrefix(line, "define function"))
	}
	return all
}
