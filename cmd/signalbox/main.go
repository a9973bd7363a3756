// Command signalbox checks and compiles the configuration, subscribes
// approvers to their mails, and runs the whole product on one machine.
//
// Each command is a struct with a Run method in a file of its own; app.go
// lists them. Commands decide nothing: they call internal packages and print.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv})
	stop()
	os.Exit(code)
}
