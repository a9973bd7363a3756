package telegraph

import "github.com/signalbox/signalbox/internal/release"

// A Command is what a button on a card asks for.
type Command = release.Command

// The commands.
const (
	RetryFailed = release.RetryFailed
	RetryStage  = release.RetryStage
	Stop        = release.Stop
	RollBack    = release.RollBack
)
