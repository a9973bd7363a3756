package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/signalbox/signalbox/internal/local"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// localCmd runs everything on this machine until it is interrupted.
type localCmd struct {
	Root        string  `help:"The project's folder, with template.yaml and functions/." default:"." placeholder:"DIR"`
	Config      string  `help:"The configuration file; its people are those of the demo." default:"config/signalbox.yaml" placeholder:"FILE"`
	Port        int     `help:"Port of the console; SIGNALBOX_PORT sets it too." default:"0" placeholder:"8080"`
	Speed       float64 `help:"How fast CodePipeline's time runs: 1 is real time, 20 twenty times as fast." default:"1" placeholder:"N"`
	Strict      bool    `help:"Where AWS does not say what it does, do what breaks careless callers."`
	Demo        bool    `help:"Play a day of releases in three minutes, once everything runs."`
	AWSEndpoint string  `help:"Use the AWS-compatible endpoint at this URL instead of starting MiniStack." name:"aws-endpoint" placeholder:"URL"`
}

// defaultPort is the console's port.
const defaultPort = 8080

var errStopped = errors.New("the local AWS stopped by itself: the end of .signalbox/ministack.log says why")

// Run starts the world, says how to use it, and waits for its end.
func (c *localCmd) Run(ctx context.Context, w world) error {
	began := time.Now()
	options, err := c.options(w)
	if err != nil {
		return err
	}
	options.Progress = func(step string) {
		_, _ = fmt.Fprintf(w.stdout, "%5.1fs  %s\n", time.Since(began).Seconds(), step)
	}
	options.Say = func(line string) { _, _ = fmt.Fprintln(w.stdout, "  "+line) }
	running, err := local.Start(ctx, options)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w.stdout, "%5.1fs  Ready\n\n", time.Since(began).Seconds())
	welcome(w, running, c.Demo)
	if c.Demo {
		// Its lines and its end are told by Say; closing the world stops it.
		go func() { _ = running.Demo.Play(ctx) }()
	}
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(w.stdout, "\nStopping …")
	case <-running.Done():
		err = errStopped
	}
	return errors.Join(err, running.Close())
}

func (c *localCmd) options(w world) (local.Options, error) {
	if _, err := os.Stat(filepath.Join(c.Root, "template.yaml")); err != nil {
		return local.Options{}, fmt.Errorf("%s has no template.yaml: run this in the project's folder, or name it with --root", c.Root)
	}
	port, err := c.port(w.getenv("SIGNALBOX_PORT"))
	if err != nil {
		return local.Options{}, err
	}
	if c.Speed <= 0 || c.Speed > clock.MaxSpeed {
		return local.Options{}, fmt.Errorf("--speed is %v: set it to more than 0 and at most %d", c.Speed, clock.MaxSpeed)
	}
	path := c.Config
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Root, path)
	}
	file, err := sourceFile{File: path}.compiled(w, w.stderr)
	if err != nil {
		return local.Options{}, err
	}
	return local.Options{Root: c.Root, Port: port, Endpoint: c.AWSEndpoint, Config: file, Speed: c.Speed, Strict: c.Strict}, nil
}

func (c *localCmd) port(env string) (int, error) {
	if c.Port != 0 {
		return c.Port, nil
	}
	if env == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(env)
	if err != nil || port < 1 || port > 65535 {
		return 0, fmt.Errorf("SIGNALBOX_PORT is %.40q: set it to a port from 1 to 65535", env)
	}
	return port, nil
}

// welcome says where everything is, and what to try unless a play follows.
func welcome(w world, running *local.World, plays bool) {
	table := tabwriter.NewWriter(w.stdout, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"Console", running.URL},
		{"HTTP API", running.Stack.APIURL},
		{"Local AWS", running.Stack.Endpoint},
		{"AWS CLI", "set -a; . " + shown(running.EnvironmentFile()) + "; set +a"},
		{"Logs", shown(filepath.Dir(running.EnvironmentFile()))},
	} {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
	}
	_ = table.Flush()
	if plays {
		_, _ = fmt.Fprint(w.stdout, "\nA day of releases follows; watch it in the console. Ctrl-C stops everything.\n\n")
		return
	}
	_, _ = fmt.Fprint(w.stdout, `
Three things to try in the console:
  1. Start a release of web-shop, and approve it in the Slack pane as Dana Whitfield.
  2. Start a release of payments, and reject it through the link and the code in the mail.
  3. Act as Sam Stranger and press Approve: see who is told what.
Or press "Play a day", and watch.

Ctrl-C stops everything.
`)
}

// shown is path as one would type it here.
func shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if below, found := strings.CutPrefix(path, here+string(filepath.Separator)); found {
		return below
	}
	return path
}
