package slack

import (
	"slices"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// How much of each outside text a card shows, in characters. Together they
// keep a card below maxCard even when every character must be escaped.
const (
	maxName      = 72
	maxCommit    = 110
	maxLink      = 450  // a redirect of a CodeConnection takes about 320
	maxCustom    = 1000 // CodePipeline's own limit for CustomData
	maxEnding    = 300
	maxRevisions = 3
	maxMentions  = 12
	maxQuoted    = 12 // lines
	maxFallback  = 300
	// maxTarget keeps the header below Slack's limit, with its verb.
	maxTarget = 110
)

// ApprovalCard is the message for r. The first post and every later update are
// drawn from r alone, so they cannot disagree. Only a pending request that
// somebody may answer has buttons for an answer.
func ApprovalCard(r approval.Request) Message {
	o := outcomeOf(r)
	m := Message{
		Text:   fallback(r, o),
		Blocks: []slackgo.Block{header(o.emoji + " " + target(r) + " " + o.verb)},
	}
	if o.text != "" {
		m.Blocks = append(m.Blocks, section(o.text))
	}
	if s := revisions(r.Revisions); s != "" {
		m.Blocks = append(m.Blocks, section(s))
	}
	if !r.State.Final() {
		m.Blocks = append(m.Blocks, question(r)...)
	} else if by := r.Starter(); by != "" {
		m.Blocks = append(m.Blocks, note("Started by "+line(by, maxName)+" · "+place(r)))
	} else {
		m.Blocks = append(m.Blocks, note(place(r)))
	}
	if b := buttons(r); b != nil {
		m.Blocks = append(m.Blocks, b)
	}
	return m
}

// target names what waits, in plain text: the environment where one is
// configured, or else the action.
func target(r approval.Request) string {
	if r.Environment != "" {
		return plain(r.Pipeline+" → "+r.Environment, maxTarget)
	}
	return plain(r.Pipeline+" · "+r.Name, maxTarget)
}

// fallback is the card in one sentence.
func fallback(r approval.Request, o outcome) string {
	s := string(line(target(r)+" "+o.verb, maxFallback/2))
	if o.who != "" {
		s += " by " + string(line(o.who, maxName))
	}
	if len(r.Revisions) > 0 {
		s += ": " + string(line(commit(r.Revisions[0]), maxCommit))
	}
	return s
}

// question is what somebody needs to know to answer.
func question(r approval.Request) []slackgo.Block {
	var blocks []slackgo.Block
	if r.CustomData != "" {
		blocks = append(blocks, section(quote(r.CustomData, maxCustom, maxQuoted)))
	}
	if u, ok := httpsURL(r.ReviewURL, maxLink); ok {
		blocks = append(blocks, section("Review "+link(u, maxLink, line(address(u), maxName))))
	}
	by := r.Starter()
	if by == "" {
		by = "CodePipeline does not say"
	}
	fields := []mrkdwn{
		"*Stage*\n" + line(r.Stage+" / "+r.Name, maxName),
		"*Started by*\n" + line(by, maxName),
	}
	if r.Environment != "" {
		fields = append(fields, "*Environment*\n"+line(r.Environment, maxName))
	}
	if !r.ExpiresAt.IsZero() {
		fields = append(fields, "*Answer before*\n"+when(r.ExpiresAt))
	}
	return append(blocks, columns(fields...), note(answerers(r)+"\n"+place(r)))
}

// answerers says who may answer, and mentions them: this message is how they
// learn that they are waited for.
func answerers(r approval.Request) mrkdwn {
	if len(r.Approvers) == 0 {
		return "🔒 Nobody can answer in Slack or by e-mail."
	}
	names := make([]string, 0, maxMentions+1)
	for _, p := range r.Approvers[:min(len(r.Approvers), maxMentions)] {
		if isMemberID(p.Slack) {
			names = append(names, "<@"+p.Slack+">")
		} else {
			names = append(names, string(line(p.Name, maxName/2)))
		}
	}
	if more := len(r.Approvers) - maxMentions; more > 0 {
		names = append(names, strconv.Itoa(more)+" more")
	}
	last := len(names) - 1
	who := names[last]
	if last > 0 {
		who = strings.Join(names[:last], ", ") + " or " + who
	}
	return mrkdwn("👤 " + who + " can answer.")
}

// place says which action of which execution the card is about.
func place(r approval.Request) mrkdwn {
	s := line(r.Pipeline+" / "+r.Stage+" / "+r.Name, 2*maxName)
	// The console shows the first part of the id, and takes it in a search.
	if id, _, _ := strings.Cut(r.ExecutionID, "-"); id != "" {
		s += " · execution `" + line(id, maxName) + "`"
	}
	return s
}

// buttons are what can be pressed, or nil when there is nothing to press.
func buttons(r approval.Request) slackgo.Block {
	var elements []slackgo.BlockElement
	if !r.State.Final() && len(r.Approvers) > 0 {
		approve := button(ActionApprove, r.ID, "Approve", "Approve "+target(r)).WithStyle(slackgo.StylePrimary).WithConfirm(confirmation(r))
		reject := button(ActionReject, r.ID, "Reject", "Reject "+target(r)).WithStyle(slackgo.StyleDanger)
		elements = append(elements, approve, reject)
	}
	if u := consoleURL(r.Action); u != "" {
		elements = append(elements, button(ActionView, r.ID, "View pipeline", "View "+target(r)+" in the AWS console").WithURL(u))
	}
	if len(elements) == 0 {
		return nil
	}
	return slackgo.NewActionBlock(blockPrefix+r.ID, slices.Clip(elements)...)
}

// confirmation is asked before an approval is sent, without a round trip to us.
func confirmation(r approval.Request) *slackgo.ConfirmationBlockObject {
	what := "The release goes on"
	if len(r.Revisions) > 0 {
		what = plain(commit(r.Revisions[0]), maxCommit) + " goes on"
	}
	return slackgo.NewConfirmationBlockObject(
		plainText(plain("Approve "+target(r)+"?", maxConfirmTitle)),
		plainText(plain(what+" as soon as CodePipeline has your answer. It cannot be taken back.", maxConfirmText)),
		plainText("Approve"),
		plainText("Not yet"),
	)
}
