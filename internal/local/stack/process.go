package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

//go:embed launch.py
var launcher string

const (
	// preferredPort is where people look for a local AWS.
	preferredPort = 4566
	// startTimeout is generous: a start takes half a second, or a few when
	// Python has to compile MiniStack first.
	startTimeout = time.Minute
	healthPath   = "/_ministack/health"
	healthPause  = 25 * time.Millisecond
	// services are the ones that the template, its deployment and the
	// stand-ins use.
	services = "apigateway,cloudformation,dynamodb,events,iam,kms,lambda,logs,monitoring,s3,scheduler,secretsmanager,sns,sqs,sts"
	// pretendedAccount is the account of every ARN.
	pretendedAccount = "000000000000"
)

// A process is a running MiniStack with the functions that it spawns: one
// process group, which ends when we do.
type process struct {
	endpoint string
	command  *exec.Cmd
	lifeline io.Closer // launch.py kills the group when this closes
	logPath  string
	exited   chan struct{}
	temp     string
	mark     string // how we know our own MiniStack from another's
}

// errPortTaken says that another program was quicker to take the port.
var errPortTaken = errors.New("the port is in use")

// launch starts MiniStack and returns once it answers.
func launch(ctx context.Context, o Options) (*process, error) {
	for _, preferred := range []int{preferredPort, 0, 0} {
		p, err := spawn(ctx, o, preferred)
		if err != nil {
			return nil, err
		}
		err = p.ready(ctx)
		if err == nil {
			return p, nil
		}
		if err := errors.Join(err, p.stop()); !errors.Is(err, errPortTaken) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("start MiniStack: %w, whichever was tried", errPortTaken)
}

func spawn(ctx context.Context, o Options, preferred int) (*process, error) {
	python := filepath.Join(o.Venv, "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return nil, fmt.Errorf("the local AWS needs Python 3.10 or newer in %s: "+
			"python3 -m venv %[1]s && %[1]s/bin/pip install -r requirements-dev.txt", o.Venv)
	}
	port, err := freePort(ctx, preferred)
	if err != nil {
		return nil, err
	}
	p := &process{
		endpoint: "http://" + net.JoinHostPort(loopback, strconv.Itoa(port)),
		logPath:  filepath.Join(o.Dir, "ministack.log"),
		exited:   make(chan struct{}),
		temp:     filepath.Join(o.Dir, "tmp"),
		mark:     rand.Text(),
	}
	// What an earlier run left behind when it was killed.
	if err := errors.Join(os.RemoveAll(p.temp), os.MkdirAll(p.temp, 0o700)); err != nil {
		return nil, fmt.Errorf("empty the folder for temporary files: %w", err)
	}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), python, "-c", launcher) // it outlives the start
	p.command.Dir = o.Dir
	p.command.Env = p.environment(o, port)
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("start MiniStack: %w", err)
	}
	return p, nil
}

// environment is all that MiniStack gets, and with it every function that it
// spawns: nothing of the user's own, so that no profile, proxy or endpoint of
// the shell leaks into the local world.
func (p *process) environment(o Options, port int) []string {
	env := map[string]string{
		"PATH":                  "/usr/local/bin:/usr/bin:/bin",
		"HOME":                  p.temp,
		"TMPDIR":                p.temp,
		"LANG":                  "C.UTF-8",
		"PYTHONUNBUFFERED":      "1",
		"BIND_HOST":             loopback,
		"GATEWAY_PORT":          strconv.Itoa(port),
		"IOT_MTLS_ENABLED":      "0",
		"MINISTACK_EDITION":     p.mark, // only its health page shows it
		"MINISTACK_HOST":        loopback,
		"MINISTACK_REGION":      o.Region,
		"MINISTACK_ACCOUNT_ID":  pretendedAccount,
		"SERVICES":              services,
		"AWS_ENDPOINT_URL":      p.endpoint,
		"AWS_ACCESS_KEY_ID":     dummyKey,
		"AWS_SECRET_ACCESS_KEY": dummyKey,
	}
	maps.Copy(env, o.Env)
	pairs := make([]string, 0, len(env))
	for name, value := range env {
		pairs = append(pairs, name+"="+value)
	}
	return pairs
}

func (p *process) run() error {
	out, err := os.Create(p.logPath)
	if err != nil {
		return err
	}
	defer out.Close() // the child has its own handle
	p.command.Stdout, p.command.Stderr = out, out
	if p.lifeline, err = p.command.StdinPipe(); err != nil {
		return err
	}
	leadGroup(p.command)
	if err := p.command.Start(); err != nil {
		return err
	}
	go func() {
		defer close(p.exited)
		_ = p.command.Wait() // how it ended is in its log
	}()
	return nil
}

// ready waits until MiniStack answers.
func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	pause := time.NewTicker(healthPause)
	defer pause.Stop()
	for !p.healthy(ctx) {
		select {
		case <-p.exited:
			if p.said("is already in use") {
				return errPortTaken
			}
			return fmt.Errorf("MiniStack stopped while starting: %s (all of it is in %s)", p.lastWords(), p.logPath)
		case <-ctx.Done():
			return fmt.Errorf("wait for MiniStack (its log is %s): %w", p.logPath, ctx.Err())
		case <-pause.C:
		}
	}
	return nil
}

func (p *process) healthy(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.endpoint+healthPath, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var health struct {
		Edition string `json:"edition"`
	}
	err = json.NewDecoder(response.Body).Decode(&health)
	return err == nil && health.Edition == p.mark
}

// said reports whether the log contains text.
func (p *process) said(text string) bool {
	log, err := os.ReadFile(p.logPath)
	return err == nil && bytes.Contains(log, []byte(text))
}

// lastWords is the last line of the log.
func (p *process) lastWords() string {
	log, err := os.ReadFile(p.logPath)
	log = bytes.TrimSpace(log)
	if err != nil || len(log) == 0 {
		return "it said nothing"
	}
	return string(log[bytes.LastIndexByte(log, '\n')+1:])
}

// stop kills the whole group: nothing in it is worth keeping.
func (p *process) stop() error {
	_ = p.lifeline.Close()
	killGroup(p.command)
	<-p.exited
	if err := os.RemoveAll(p.temp); err != nil {
		return fmt.Errorf("remove temporary files: %w", err)
	}
	return nil
}
