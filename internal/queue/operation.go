package queue

import (
	"time"

	"github.com/signalbox/signalbox/internal/release"
)

// An Operation is what somebody asks for, by a click on a card.
type Operation struct {
	// ID names this click; the queue drops a repetition.
	ID      string              `json:"id"`
	Command release.Command     `json:"command"`
	Of      release.ExecutionID `json:"of"`
	// SlackUser is the member who asks, whom nobody has checked but Slack.
	SlackUser string `json:"slack_user"`
	// Reply is where Slack takes the answer: an address that anybody could
	// answer to, so never log it.
	Reply string    `json:"reply"`
	At    time.Time `json:"at"`
}

// phrases say a command in the words of a sentence.
var phrases = map[release.Command]string{
	release.RetryFailed: "retry the failed actions", release.RetryStage: "retry the stage",
	release.RollBack: "roll back", release.Stop: "stop the execution",
}
