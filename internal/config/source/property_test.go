package source_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
	"github.com/signalbox/signalbox/internal/people"
)

// TestWhatIsWrittenIsWhatIsRead writes random configurations as YAML and
// expects each back, complete and in order.
func TestWhatIsWrittenIsWhatIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := draw(t)
		text := write(want)
		got, problems, _ := source.Compile([]byte(text), source.Setting{Today: today})
		if len(problems) > 0 {
			t.Fatalf("%v in\n%s", problems, text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\nfrom\n%s", diff, text)
		}
	})
}

func draw(t *rapid.T) config.File {
	f := config.File{Version: 1, DefaultChannel: "C0RELEASES"}
	text := rapid.StringMatching(`[A-Za-zäöü0-9#:'"\\&*!|>%@{}\[\],?-]{1,20}( [A-Za-z#:]{1,5})?`)
	for i := range rapid.IntRange(1, 6).Draw(t, "people") {
		f.People = append(f.People, people.Member{Person: people.Person{
			ID: fmt.Sprintf("p%d", i), Name: text.Draw(t, "name"), Slack: fmt.Sprintf("U%09d", i),
		}})
	}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(f.Directory().People()), 1, len(f.People), rapid.ID)
	for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
		g := config.Group{Name: fmt.Sprintf("g%d", i)}
		for _, p := range some.Draw(t, "members") {
			g.Members = append(g.Members, p.ID)
		}
		f.Groups = append(f.Groups, g)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
		r := approval.Rule{
			Name:    fmt.Sprintf("%d %s", i, text.Draw(t, "rule")),
			Match:   approval.Match{Pipelines: []string{fmt.Sprintf("pipeline-%d", i)}, Stages: []string{"*a", "b?"}},
			Channel: rapid.SampledFrom([]string{"C0RELEASES", "C0PAYMENTS"}).Draw(t, "channel"),
			Quorums: []approval.Quorum{{Need: 1, People: some.Draw(t, "approvers")}},
		}
		if rapid.Bool().Draw(t, "require") {
			r.Quorums[0].Name, r.Quorums[0].Need = text.Draw(t, "circle"), rapid.IntRange(1, len(r.Quorums[0].People)).Draw(t, "need")
			r.Quorums = append(r.Quorums, approval.Quorum{Name: "all of Slack", Need: 7, Groups: []string{"S0OPS000002"}})
			r.Escalate = []approval.Escalation{{After: 3 * time.Hour, To: some.Draw(t, "further"), For: r.Quorums[0].Name}}
			r.BreakGlass = some.Draw(t, "break_glass")
		}
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		r.HighRisk, r.Shadow, r.ReasonToApprove, r.RejectSilently = flag("high_risk"), flag("shadow"), flag("approve"), flag("reject")
		r.Self = approval.Self{Allow: flag("self"), AllowUnknownStarter: flag("starter"), RefuseUnknownAuthor: flag("author")}
		r.RefuseOutside, r.Tell = flag("outside"), approval.Tell{NoMail: flag("mail"), Direct: flag("direct")}
		f.Policies = append(f.Policies, r)
	}
	return f
}

// write writes f as YAML by hand, with every text in quotes.
func write(f config.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nslack: {channel: %s}\npeople:\n", f.DefaultChannel)
	for _, p := range f.People {
		fmt.Fprintf(&b, "  %s: {name: %s, slack: %s}\n", p.ID, quote(p.Name), p.Slack)
	}
	b.WriteString("groups:")
	if len(f.Groups) == 0 {
		b.WriteString(" {}")
	}
	b.WriteString("\n")
	for _, g := range f.Groups {
		fmt.Fprintf(&b, "  %s: [%s]\n", g.Name, strings.Join(g.Members, ", "))
	}
	b.WriteString("approvals:\n")
	for _, r := range f.Policies {
		fmt.Fprintf(&b, "  - name: %s\n    match: {pipeline: %s, stage: [\"*a\", b?]}\n", quote(r.Name), r.Match.Pipelines[0])
		if circle := idsOf(r.Quorums[0].People); len(r.Quorums) == 1 {
			fmt.Fprintf(&b, "    approvers: %s\n", circle)
		} else {
			fmt.Fprintf(&b, "    require:\n      - {name: %s, approvals: %d, from: %s}\n      - {name: all of Slack, approvals: 7, from: [slack:S0OPS000002]}\n",
				quote(r.Quorums[0].Name), r.Quorums[0].Need, circle)
			fmt.Fprintf(&b, "    escalate:\n      - {after: 180m, to: %s, for: %s}\n    break_glass: %s\n",
				idsOf(r.Escalate[0].To), quote(r.Escalate[0].For), idsOf(r.BreakGlass))
		}
		fmt.Fprintf(&b, "    high_risk: %v\n    shadow: %v\n    outside: %s\n", r.HighRisk, r.Shadow, choice(r.RefuseOutside, "refuse", "hold"))
		fmt.Fprintf(&b, "    self_approval: %s\n    unknown_starter: %s\n    unknown_author: %s\n", choice(r.Self.Allow, "allow", "refuse"),
			choice(r.Self.AllowUnknownStarter, "allow", "refuse"), choice(r.Self.RefuseUnknownAuthor, "refuse", "allow"))
		fmt.Fprintf(&b, "    reason: {approve: %s, reject: %s}\n    tell: {mail: %v, direct: %v}\n", choice(r.ReasonToApprove, "required", "optional"),
			choice(r.RejectSilently, "optional", "required"), !r.Tell.NoMail, r.Tell.Direct)
		if r.Channel != f.DefaultChannel {
			fmt.Fprintf(&b, "    channel: %s\n", r.Channel)
		}
	}
	return b.String()
}

func idsOf(all []people.Person) string {
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return "[" + strings.Join(ids, ", ") + "]"
}

func choice(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
