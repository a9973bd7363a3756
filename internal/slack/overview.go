package slack

import (
	"slices"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// maxHome is how many requests of each kind the home tab shows.
const maxHome = 15

// homeTab is the app's page of one person.
func homeTab(o approval.Overview, links permalinks) slackgo.HomeTabViewRequest {
	b := links.lists(o, maxHome)
	b = append(b, slackgo.NewDividerBlock())
	b.notes("Drawn " + when(o.Now) + ". Come back to this tab to see it drawn anew.")
	return slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: b}}
}

// overview is what waits, as a message to one person.
func overview(o approval.Overview, links permalinks) Message {
	var m Message
	for _, limit := range [...]int{5, 2, 1} {
		m = Message{Text: inShort(o), Blocks: links.lists(o, limit)}
		if m.size() <= maxCard {
			break
		}
	}
	return m
}

// inShort is an overview in one sentence.
func inShort(o approval.Overview) string {
	others := len(o.Releases) + len(o.Others)
	switch {
	case len(o.Mine) == 1:
		return "1 release waits for you."
	case len(o.Mine) > 1:
		return strconv.Itoa(len(o.Mine)) + " releases wait for you."
	case others > 0:
		return "Nothing waits for you. " + count(others, "other release") + " in sight."
	}
	return "Nothing waits for anybody."
}

// lists shows what waits, at most limit of each kind.
func (l permalinks) lists(o approval.Overview, limit int) blocks {
	if len(o.Mine)+len(o.Releases)+len(o.Others) == 0 {
		return blocks{
			header("🌤️ Nothing waits for anybody"),
			section("When a pipeline stops at an approval, it appears here and in its channel. " +
				"Until then: `/signalbox help` says how approvals work."),
		}
	}
	var b blocks
	b = append(b, header("Waiting for me"))
	if len(o.Mine) == 0 {
		b.section("🌤️ Nothing waits for you. Enjoy it while it lasts.")
	}
	b = append(b, l.rows(o.Mine, limit)...)
	if len(o.Releases) > 0 {
		b = append(append(b, header("My releases")), l.rows(o.Releases, limit)...)
	}
	if len(o.Others) > 0 {
		b = append(append(b, header("Everything else")), l.rows(o.Others, limit)...)
	}
	return b
}

func (l permalinks) rows(all []approval.Standing, limit int) blocks {
	var b blocks
	for _, s := range all[:min(len(all), limit)] {
		b = append(b, l.row(s))
	}
	if more := len(all) - limit; more > 0 {
		b.notes(mrkdwn("and " + strconv.Itoa(more) + " more"))
	}
	return b
}

// row is one request: what it is, what it waits for, and the way to its card,
// where it can be answered.
func (l permalinks) row(s approval.Standing) slackgo.Block {
	r := s.Request
	text := joined("\n",
		"*"+line(target(r), maxTarget)+"*"+risk(r),
		waiting(r),
		line(newest(r), maxCommit)+besides(r),
		until(r),
	)
	u := l.of(r)
	if u == "" {
		return section(text)
	}
	button := opening(ActionOpen, "Open card", "Open the card of "+target(r), u)
	return slackgo.NewSectionBlock(markup(text), nil, slackgo.NewAccessory(button))
}

// besides counts the changes besides the newest.
func besides(r approval.Request) mrkdwn {
	if more := len(r.Changes.Commits) - 1 + r.Changes.More; more > 0 {
		return mrkdwn(" and " + count(more, "more change"))
	}
	return ""
}

func risk(r approval.Request) mrkdwn {
	if r.Rule.HighRisk {
		return " · 🔺 high risk"
	}
	return ""
}

// waiting says where r stands, in a sentence.
func waiting(r approval.Request) mrkdwn {
	if r.State.Final() {
		return line("It is decided: "+outcomeOf(r, details[0]).verb+".", maxSentence)
	}
	if r.State == approval.Pending && blocked(r) {
		return "Nobody can approve it, as things are."
	}
	return line(r.Waits(), 2*maxSentence)
}

func until(r approval.Request) mrkdwn {
	if r.State != approval.Pending || r.Deadline().IsZero() {
		return ""
	}
	return "Answer before " + when(r.Deadline())
}

// permalinks is the part of the addresses of messages that all in a workspace
// have in common, or empty when it is not known.
type permalinks string

const archives = "/archives/"

// permalinksOf takes it from the address of one message.
func permalinksOf(link string) permalinks {
	base, _, ok := strings.Cut(link, archives)
	if u, safe := httpsURL(base+archives, maxLink); ok && safe {
		return permalinks(u)
	}
	return ""
}

// of is the address of the card of r, or empty.
func (l permalinks) of(r approval.Request) string {
	card, ok := cardOf(r)
	if l == "" || !ok {
		return ""
	}
	return string(l) + card.Channel + "/p" + strings.ReplaceAll(card.TS, ".", "")
}

// cardOf is the card of r in its channel, which is where people talk about it,
// or any other.
func cardOf(r approval.Request) (approval.Card, bool) {
	cards := slices.DeleteFunc(slices.Clone(r.Cards), func(c approval.Card) bool { return !posted(c) })
	if len(cards) == 0 {
		return approval.Card{}, false
	}
	if i := slices.IndexFunc(cards, func(c approval.Card) bool { return c.Channel == r.Channel }); i >= 0 {
		return cards[i], true
	}
	return cards[0], true
}

// anyCard is some card of o.
func anyCard(o approval.Overview) (approval.Card, bool) {
	for _, s := range slices.Concat(o.Mine, o.Releases, o.Others) {
		if c, ok := cardOf(s.Request); ok {
			return c, true
		}
	}
	return approval.Card{}, false
}
