package local

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/codebuild"
	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/delivery"
	"github.com/signalbox/signalbox/internal/local/registry"
	"github.com/signalbox/signalbox/internal/local/scheduler"
	"github.com/signalbox/signalbox/internal/local/stack"
)

// keepTime makes what the stand-ins for AWS services share: one clock, one way
// to the bus, and one log.
func (w *World) keepTime(ctx context.Context) error {
	file, err := os.Create(filepath.Join(w.options.Dir, "services.log"))
	if err != nil {
		return fmt.Errorf("make the log of the stand-ins: %w", err)
	}
	w.log, w.logger = file, slog.New(slog.NewTextHandler(file, nil))
	if w.clock, err = clock.NewScaled(w.options.Speed); err != nil {
		return err
	}
	to := bus{stack: w.Stack, account: w.Stack.Account, region: w.Stack.AWS().Region}
	w.delivery = delivery.New(context.WithoutCancel(ctx), to, w.clock, w.logger)
	return nil
}

// keepImages starts the registry: ECR, and Inspector on the same address.
func (w *World) keepImages(ctx context.Context, l net.Listener) (http.Handler, error) {
	service, err := registry.New(context.WithoutCancel(ctx), registry.Options{
		Account: w.Stack.Account, Region: w.Stack.AWS().Region, Clock: w.clock, Publisher: w.delivery, Log: w.logger,
		Strict: w.options.Strict,
	})
	if err != nil {
		return nil, err
	}
	w.registry = service
	w.registryURL = w.serve(l, service.Handler())
	return service.Control(), nil
}

// runBuilds starts CodeBuild with a project for each that the demo builds, and
// CloudWatch Logs with their logs on the same address.
func (w *World) runBuilds(ctx context.Context, l net.Listener) (http.Handler, error) {
	service, err := codebuild.New(context.WithoutCancel(ctx), codebuild.Options{
		Account: w.Stack.Account, Region: w.Stack.AWS().Region, Clock: w.clock, Publisher: w.delivery, Log: w.logger,
	})
	if err != nil {
		return nil, err
	}
	w.builds = service
	endpoint, err := url.Parse(w.Stack.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("read the address of the local AWS: %w", err)
	}
	w.buildURL = w.serve(l, codebuild.Beside(service.Handler(), endpoint))
	for _, d := range codepipeline.Demo(w.Stack.Account, w.Stack.AWS().Region) {
		for _, name := range projects(d) {
			if err := service.Declare(project(name, w.Stack.Account)); err != nil {
				return nil, fmt.Errorf("create the demo project %s: %w", name, err)
			}
		}
	}
	return service.Control(), nil
}

// projects lists the CodeBuild projects that a pipeline runs.
func projects(d api.Declaration) []string {
	var names []string
	for _, s := range d.Stages {
		for _, a := range s.Actions {
			if a.Type.Provider == "CodeBuild" {
				names = append(names, a.Configuration["ProjectName"])
			}
		}
	}
	return names
}

// project is a CodeBuild project that builds what a pipeline hands it.
func project(name, account string) codebuild.Project {
	return codebuild.Project{
		Name: name, ServiceRole: "arn:aws:iam::" + account + ":role/" + name,
		Source: codebuild.Source{Type: "CODEPIPELINE"}, Artifacts: codebuild.Artifacts{Type: "CODEPIPELINE"},
		Environment: codebuild.Environment{
			Type: "LINUX_CONTAINER", Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0", ComputeType: "BUILD_GENERAL1_SMALL",
		},
	}
}

// keepSchedules starts Scheduler with what the template has deployed of it, so
// that this obeys the emulated time too.
func (w *World) keepSchedules(ctx context.Context, l net.Listener) (http.Handler, error) {
	aws := w.Stack.AWS()
	service, err := scheduler.New(context.WithoutCancel(ctx), scheduler.Options{
		Account: w.Stack.Account, Region: aws.Region, Clock: w.clock, Log: w.logger,
		Functions: scheduler.NewLambda(lambda.NewFromConfig(aws)), Queues: scheduler.NewSQS(sqs.NewFromConfig(aws)),
	})
	if err != nil {
		return nil, err
	}
	w.schedules = service
	w.schedulerURL = w.serve(l, service.Handler())
	// The template's group has the name of its stack.
	return service.Control(), service.Adopt(ctx, awsscheduler.NewFromConfig(aws), stack.Name)
}

// runPipelines starts CodePipeline with the demo's pipelines.
func (w *World) runPipelines(ctx context.Context, l net.Listener) (http.Handler, error) {
	w.step("Seeding the demo pipelines")
	aws := w.Stack.AWS()
	service, err := codepipeline.New(context.WithoutCancel(ctx), codepipeline.Options{
		Account: w.Stack.Account, Region: aws.Region, Clock: w.clock,
		Publisher: pipelineEvents{w.delivery},
		Invoker:   codepipeline.NewLambda(lambda.NewFromConfig(aws)),
		Topics:    codepipeline.NewSNS(sns.NewFromConfig(aws)),
		Builds:    w.builds,
		Images:    w.image,
		Strict:    w.options.Strict,
		Log:       w.logger,
	})
	if err != nil {
		return nil, err
	}
	w.pipelines = service
	w.pipelineURL = w.serve(l, service.Handler())
	for _, d := range codepipeline.Demo(w.Stack.Account, aws.Region) {
		if err := service.CreatePipeline(d); err != nil {
			return nil, fmt.Errorf("create the demo pipeline %s: %w", d.Name, err)
		}
	}
	return service.Control(), nil
}

// image finds the digest of an image that a pipeline's source asks for.
func (w *World) image(repository, reference string) (digest string, found bool) {
	for _, i := range w.registry.Images(repository) {
		if i.Digest == reference {
			return i.Digest, true
		}
		for _, tag := range i.Tags {
			if tag == reference {
				return i.Digest, true
			}
		}
	}
	return "", false
}
