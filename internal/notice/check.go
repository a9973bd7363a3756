package notice

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/calendar"
)

// Limits of the routing tree, which is read in every invocation.
const (
	maxRoutes = 500
	maxDepth  = 10
)

// A Problem is one thing to change before a tree can be used.
type Problem struct {
	// Path is where in the tree it is, such as "routes[0].quiet.digest".
	Path string
	// Message says what is wrong, Help what to write instead.
	Message string
	Help    string
}

// Error says all of it in one line.
func (p Problem) Error() string { return p.Path + ": " + p.Message + "; " + p.Help }

// Known is what else the configuration defines, to which routes refer by name.
type Known struct{ People, Environments, Sinks []string }

// Check returns everything that is wrong with the tree whose root is t.
func (t Route) Check(k Known) []Problem {
	c := checker{known: k}
	if !t.Match.empty() {
		c.report("match", "match in a route below", "the root is for every release and cannot match less")
	}
	if t.Continue {
		c.report("continue", "leave it out", "nothing comes after the root")
	}
	c.route(t, "", 1)
	if c.routes > maxRoutes {
		c.report("routes", fmt.Sprintf("write at most %d", maxRoutes), "%d routes are too many", c.routes)
	}
	return c.problems
}

type checker struct {
	known    Known
	routes   int
	problems []Problem
}

func (c *checker) report(path, help, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...), Help: help})
}

// choice reports value unless it is one of all.
func choice[T ~string](c *checker, path string, value T, all []T) {
	if slices.Contains(all, value) {
		return
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = string(one)
	}
	help := "write one of " + strings.Join(names, ", ")
	if len(all) == 0 {
		help = "define it in the configuration first"
	}
	c.report(path, help, "%.60q is not known", string(value))
}

func choices[T ~string](c *checker, path string, values, all []T) {
	for i, v := range values {
		choice(c, fmt.Sprintf("%s[%d]", path, i), v, all)
	}
}

// patterns does the same for those that stand for one name. The others may fit
// what nobody knows yet.
func patterns(c *checker, path string, values, all []string) {
	for i, v := range values {
		if !strings.ContainsAny(v, "*?") {
			choice(c, fmt.Sprintf("%s[%d]", path, i), v, all)
		}
	}
}

func (c *checker) route(t Route, at string, depth int) {
	c.routes++
	if t.Mode != "" {
		choice(c, at+"mode", t.Mode, []Mode{Card, Post, UpdateOnly, Off})
	}
	if t.Direct != "" {
		choice(c, at+"direct", t.Direct, []Direct{NoDirect, DirectFailure, DirectAll})
	}
	if t.Channel != "" && !channel(t.Channel) {
		c.report(at+"channel", `write the id that Slack shows at the end of "about this channel", such as C0RELEASES`, "%.60q is not the id of a channel", t.Channel)
	}
	choices(c, at+"sinks", t.Sinks, c.known.Sinks)
	patterns(c, at+"match.environments", t.Match.Environments, c.known.Environments)
	patterns(c, at+"match.states", t.Match.States, stateNames())
	choices(c, at+"urgent", t.Urgent, Kinds)
	choices(c, at+"say", t.Say, Kinds)
	choices(c, at+"once_per", t.OncePer, []Field{ByPipeline, ByStage, ByBranch, ByDay})
	c.mention(at+"mention.failure", t.Mention.Failure)
	c.mention(at+"mention.approval", t.Mention.Approval)
	c.quiet(at+"quiet.", t.Quiet)
	for _, kind := range slices.Sorted(maps.Keys(t.Templates)) {
		choice(c, at+"templates", kind, Kinds)
		if err := CheckTemplate(t.Templates[kind]); err != nil {
			c.report(at+"templates."+string(kind), "or leave it out to have the built-in text", "%s", err)
		}
	}
	if depth == maxDepth && len(t.Routes) > 0 {
		c.report(at+"routes", "write fewer levels", "the tree is more than %d levels deep", maxDepth)
		return
	}
	c.below(t, at, depth)
}

// below checks the routes under t, and that each of them can be reached.
func (c *checker) below(t Route, at string, depth int) {
	final := false
	for i, below := range t.Routes {
		path := fmt.Sprintf("%sroutes[%d]", at, i)
		if final {
			c.report(path, "put it before that one, or let that one continue", "it is never reached: the route before it matches everything")
			return
		}
		final = below.Match.empty() && !below.Continue
		c.route(below, path+".", depth+1)
	}
}

func (c *checker) mention(path string, names []string) {
	for i, name := range names {
		if name != Authors && !group(name) && !slices.Contains(c.known.People, name) {
			c.report(fmt.Sprintf("%s[%d]", path, i), "write authors, the id of somebody under people, or of a Slack user group (S…)", "%.60q is nobody", name)
		}
	}
}

func (c *checker) quiet(path string, q *Quiet) {
	if q == nil {
		return
	}
	for _, part := range []struct {
		path string
		t    calendar.Timetable
	}{{"hours", q.Hours}, {"outside", q.Outside}} {
		for _, p := range part.t.Check() {
			c.report(path+part.path+"."+p.Path, p.Help, "%s", p.Message)
		}
	}
	if len(q.Hours.Holidays) > 0 {
		c.report(path+"hours.holidays", "write working hours and their holidays under outside", "on its holidays it would not be quiet")
	}
	if q.Digest == "" {
		return
	}
	if !usable(rest("UTC", q.Digest)) {
		c.report(path+"digest", `write it as HH:MM with 24 hours, such as "08:30"`, "%.20q is no time of day", string(q.Digest))
	}
	if !usable(q.Hours) && !usable(q.Outside) {
		c.report(path+"digest", "write hours or outside, or leave it out", "there are no quiet hours to sum up")
	}
}

func stateNames() []string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	return names
}

// channel reports whether id has the form of the id of a Slack channel.
func channel(id string) bool {
	return len(id) > 5 && (id[0] == 'C' || id[0] == 'G') && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
