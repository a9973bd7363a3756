package slack

import (
	"cmp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// ActionOpenRelease is the button that leads to the execution; a click on it
// asks for nothing.
const ActionOpenRelease = actionOperate + "open"

const (
	// releaseBlock and an execution name the block of a card's buttons.
	releaseBlock = "release:"
	maxBlockID   = 255
	maxValue     = 2000
	// consoleHome is where the console begins, for what it shows no page of.
	consoleHome = "https://console.aws.amazon.com/codesuite/codepipeline/pipelines"
)

// releaseButtons offer p's commands, and always a way into the console. What
// becomes of a click is judged when it comes.
func releaseButtons(p picture) slackgo.Block {
	id := p.Record.ExecutionID
	var elements []slackgo.BlockElement
	for _, c := range p.Commands {
		if b := p.button(c); b != nil && addressable(id) {
			elements = append(elements, b)
		}
	}
	u := executionURL(id)
	if u == "" {
		u = consoleHome
	}
	elements = append(elements, opening(ActionOpenRelease, "Open", "Open "+releaseTarget(p.View)+" in the AWS console", u))
	block := clip(releaseBlock+id.ID, maxBlockID, func(r rune) string { return string(r) })
	return slackgo.NewActionBlock(strings.ToValidUTF8(block, ""), elements...)
}

// addressable reports whether a click could name the execution.
func addressable(id release.ExecutionID) bool {
	for _, part := range []string{id.Account, id.Region, id.Pipeline, id.ID} {
		if part == "" || strings.Contains(part, "|") {
			return false
		}
	}
	return len(OperateValue(id)) <= maxValue
}

// button is that for c, or nil if there is none.
func (p picture) button(c release.Command) *slackgo.ButtonBlockElement {
	target, stage := releaseTarget(p.View), cmp.Or(p.why.Stage, "the stage")
	made := func(text string) *slackgo.ButtonBlockElement {
		return button(OperateAction(c), OperateValue(p.Record.ExecutionID), text, text+": "+target)
	}
	switch c {
	case release.RetryFailed:
		return made("Retry failed actions").WithStyle(slackgo.StylePrimary)
	case release.RetryStage:
		return made("Retry stage").WithConfirm(confirm("Retry all of "+stage+"?",
			"All actions of the stage run again, also those that succeeded.", "Retry"))
	case release.RollBack:
		return made("Roll back…").WithStyle(slackgo.StyleDanger).WithConfirm(confirm("Roll back "+target+"?",
			"What was released to "+stage+" last with success is released to it again, at once.", "Roll back"))
	case release.Stop:
		return made("Stop…").WithStyle(slackgo.StyleDanger).WithConfirm(confirm("Stop "+target+"?",
			"The actions that run come to an end, and no others start.", "Stop"))
	}
	return nil
}

// executionURL is the execution's page in the AWS console, or nothing if there
// can be none.
func executionURL(id release.ExecutionID) string {
	page := consoleURL(approval.Action{Region: id.Region, Pipeline: id.Pipeline})
	if page == "" || !isPipeline(id.ID) {
		return page
	}
	return strings.Replace(page, "/view?", "/executions/"+id.ID+"/timeline?", 1)
}
