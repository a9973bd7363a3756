// Package stack puts the real template.yaml on a local AWS.
//
// It starts MiniStack (or uses an AWS-compatible endpoint that somebody already
// runs), builds the functions for this machine, deploys the template through
// CloudFormation with its SAM transform, and takes everything down again. The
// template is the truth: it is deployed as it stands, only with each function's
// CodeUri pointing at the uploaded zip, as `sam package` does it.
//
// It knows nothing of Slack, mail or pipelines; their stand-ins get to the
// functions through the endpoints that the caller names in Options.Env.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"
)

// Name is the name of the CloudFormation stack, and so the beginning of the
// names of its functions and queues.
const Name = "signalbox"

// Options says what to put where. Root is required.
type Options struct {
	// Root is the project's folder: functions/ is built there.
	Root string
	// Template is the template to deploy; empty for template.yaml in Root.
	Template string
	// Venv is the Python environment with MiniStack; empty for .venv in Root.
	Venv string
	// Dir gets the logs, the builds and the temporary files; empty for
	// .signalbox in Root.
	Dir string
	// Endpoint is an AWS-compatible endpoint that already runs; empty to start
	// MiniStack.
	Endpoint string
	// Region is the AWS Region to pretend; empty for DefaultRegion.
	Region string
	// Env is put into the environment of the functions, such as
	// AWS_ENDPOINT_URL_CODEPIPELINE.
	Env map[string]string
	// Config is the compiled configuration. It is packed as signalbox.json
	// with each function whose environment has SIGNALBOX_CONFIG.
	Config []byte
	// Secrets are stored before the template is deployed.
	Secrets []Secret
	// Parameters are the template's parameters, besides PublicUrl,
	// Architecture and those that Secrets name.
	Parameters map[string]string
	// Progress is told what is being done now, one call at a time; it may be
	// nil.
	Progress func(step string)
}

// DefaultRegion is the Region that is pretended unless Options names another.
const DefaultRegion = "eu-west-1"

// A Stack is a deployed template. It is safe for concurrent use.
type Stack struct {
	// Endpoint is where the local AWS answers, for every service.
	Endpoint string
	// APIURL is the HTTP API's root, without a trailing slash. It is what the
	// template got as PublicUrl.
	APIURL string
	// Account is the id of the AWS account that is pretended.
	Account string

	config    aws.Config
	lock      io.Closer
	process   *process // nil when the endpoint is somebody else's
	gateway   *gateway
	tail      *tail
	outputs   map[string]string
	functions map[string]string
}

// Start brings the stack up and returns once it is deployed. When it fails, or
// ctx ends first, everything that it had started is stopped again. The error
// is one sentence that says what is missing or which resource failed.
//
// The stack outlives ctx: Close ends it, and so does the end of this process,
// however it comes about.
func Start(ctx context.Context, o Options) (*Stack, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &Stack{}
	if err := s.start(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (o Options) complete() (Options, error) {
	for _, d := range []struct {
		field *string
		name  string // in Root, when the field is empty
	}{{&o.Root, ""}, {&o.Template, "template.yaml"}, {&o.Venv, ".venv"}, {&o.Dir, ".signalbox"}} {
		if *d.field == "" {
			*d.field = filepath.Join(o.Root, d.name)
		}
		// Absolute, because other programs get them, and run elsewhere.
		path, err := filepath.Abs(*d.field)
		if err != nil {
			return o, fmt.Errorf("find %s: %w", *d.field, err)
		}
		*d.field = path
	}
	if o.Region == "" {
		o.Region = DefaultRegion
	}
	tell, mu := o.Progress, sync.Mutex{}
	o.Progress = func(step string) {
		if tell == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		tell(step)
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return o, fmt.Errorf("make the folder for logs and builds: %w", err)
	}
	return o, nil
}

func (s *Stack) start(ctx context.Context, o Options) (err error) {
	if s.lock, err = lock(o.Dir); err != nil {
		return err
	}
	t, err := readTemplate(o.Template)
	if err != nil {
		return err
	}
	var zips []bundle
	together, groupCtx := errgroup.WithContext(ctx)
	together.Go(func() error { return s.connect(groupCtx, o) })
	together.Go(func() (err error) {
		zips, err = bundles(groupCtx, o, t)
		return err
	})
	if err := together.Wait(); err != nil {
		return err
	}
	if s.gateway, err = listen(ctx, s.Endpoint); err != nil {
		return err
	}
	s.APIURL = s.gateway.url()
	if err := s.deploy(ctx, o, t, zips); err != nil {
		return err
	}
	if err := s.gateway.serve(s.outputs["ApiEndpoint"]); err != nil {
		return err
	}
	s.tail, err = s.follow(ctx, o.Dir)
	return err
}

// connect makes s.config for a local AWS that answers.
func (s *Stack) connect(ctx context.Context, o Options) error {
	s.Endpoint = o.Endpoint
	if s.Endpoint == "" {
		o.Progress("Starting the local AWS")
		p, err := launch(ctx, o)
		if err != nil {
			return err
		}
		s.process, s.Endpoint = p, p.endpoint
	}
	s.config = configFor(s.Endpoint, o.Region)
	account, err := account(ctx, s.config)
	if err != nil {
		return fmt.Errorf("ask %s for its account: %w", s.Endpoint, err)
	}
	s.Account = account
	return nil
}

// AWS is the configuration for clients of the local AWS.
func (s *Stack) AWS() aws.Config { return s.config.Copy() }

// Output is the value of the template's output with that name, or empty when
// there is none.
func (s *Stack) Output(name string) string { return s.outputs[name] }

// Function is the deployed name of the function built from functions/<folder>,
// or empty when there is none.
func (s *Stack) Function(folder string) string { return s.functions[folder] }

// Done is closed when the local AWS has stopped, asked to or not. It never is
// for an endpoint that somebody else runs.
func (s *Stack) Done() <-chan struct{} {
	if s.process == nil {
		return nil
	}
	return s.process.exited
}

// Close stops everything that Start has started and waits until it is gone. It
// leaves the logs. Closing twice is harmless.
func (s *Stack) Close() error {
	var errs []error
	if s.gateway != nil {
		errs = append(errs, s.gateway.close())
	}
	if s.tail != nil {
		s.tail.stop()
	}
	if s.process != nil {
		errs = append(errs, s.process.stop())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	return errors.Join(errs...)
}
