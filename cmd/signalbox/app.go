package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// app is the grammar of the command line, in the order of its help.
type app struct {
	Config    configCmd    `cmd:"" help:"Check, compile and explain the configuration file."`
	People    peopleCmd    `cmd:"" help:"Subscribe approvers to their mails."`
	Audit     auditCmd     `cmd:"" help:"Show, verify and export the record of who let what through."`
	Local     localCmd     `cmd:"" help:"Run everything on this machine, with a console."`
	Reconcile reconcileCmd `cmd:"" help:"Put right now what events and crashes have missed."`
	Redrive   redriveCmd   `cmd:"" help:"Show what lies in the dead-letter queues, and hand it out again."`
	Slack     slackCmd     `cmd:"" help:"Print the manifest that the Slack app is made from."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// A world is what a command has of the world around it.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// getenv is os.Getenv outside of tests.
	getenv func(string) string
}

// The exit statuses. Scripts may rely on them.
const (
	exitOK = 0
	// exitNo: the command has done its work, and the answer is no.
	exitNo = 1
	// exitUsage: the command line is wrong.
	exitUsage = 2
	// exitFailed: something outside did not work.
	exitFailed = 3
	// exitInterrupted: Ctrl-C, as shells report it.
	exitInterrupted = 130
)

// errNo ends a command that has itself printed why the answer is no.
var errNo = errors.New("no")

// run runs the command in args and returns its exit status. It prints an error
// as one sentence; nothing else in the program exits.
func run(ctx context.Context, args []string, w world) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var helped bool
	parser, err := kong.New(&app{},
		kong.Name("signalbox"),
		kong.Description("Releases on AWS CodePipeline wait here for a person. https://github.com/signalbox/signalbox"),
		kong.Writers(w.stdout, w.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(int) { helped = true }), // only --help exits
		kong.Bind(w),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return fail(w, fmt.Errorf("read the command line: %w", err), exitFailed)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitOK
	case err != nil:
		return fail(w, fmt.Errorf("%w (signalbox --help shows what there is)", err), exitUsage)
	}
	return finish(ctx, w, command.Run())
}

// finish turns the result of a command into an exit status.
func finish(ctx context.Context, w world, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNo):
		return exitNo
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return fail(w, errors.New("interrupted"), exitInterrupted)
	}
	return fail(w, err, exitFailed)
}

func fail(w world, err error, code int) int {
	// If even standard error is gone, the status is all that is left to say.
	_, _ = fmt.Fprintf(w.stderr, "signalbox: %v\n", err)
	return code
}
