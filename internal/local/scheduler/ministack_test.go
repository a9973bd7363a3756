package scheduler_test

import (
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/scheduler"
)

// TestTheRealLocalAWSIsUsed: a schedule is adopted from MiniStack, finds no
// function there, and ends in a queue there.
func TestTheRealLocalAWSIsUsed(t *testing.T) {
	t.Parallel()
	c := startMiniStack(t)
	there, queues := awsscheduler.NewFromConfig(c), sqs.NewFromConfig(c)
	made, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("dead")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := there.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("stack")}); err != nil {
		t.Fatal(err)
	}
	in := input("reconcile", "rate(1 hour)")
	in.GroupName, in.Target.DeadLetterConfig = aws.String("stack"), &types.DeadLetterConfig{Arn: aws.String(queue)}
	if _, err := there.CreateSchedule(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	hours := clock.NewManual(start)
	here, err := scheduler.New(t.Context(), scheduler.Options{
		Account: account, Region: "eu-west-1", Clock: hours,
		Functions: scheduler.NewLambda(lambda.NewFromConfig(c)), Queues: scheduler.NewSQS(queues),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(here.Close)
	if err := here.Adopt(t.Context(), there, "stack"); err != nil {
		t.Fatal(err)
	}
	left, err := there.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: in.Name, GroupName: in.GroupName})
	if err != nil || left.State != types.ScheduleStateDisabled {
		t.Errorf("the adopted schedule is left as %+v (err %v)", left, err)
	}
	hours.Advance(0)
	got, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: made.QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: []string{"All"},
	})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("received %+v, %v", got, err)
	}
	m := got.Messages[0]
	if body, code := aws.ToString(m.Body), aws.ToString(m.MessageAttributes["ERROR_CODE"].StringValue); body != `"reconcile 2026-03-10T09:00:00Z"` ||
		code != "AWS.Lambda.ResourceNotFoundException" {
		t.Errorf("the dead letter is %s with the code %s", body, code)
	}
}

// startMiniStack runs MiniStack until the test ends.
func startMiniStack(t *testing.T) aws.Config {
	t.Helper()
	program, err := filepath.Abs("../../../.venv/bin/ministack")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must test against MiniStack, and %s is not there", program)
		}
		t.Skipf("NOT TESTED against the local AWS: there is no %s; make the .venv and run again", program)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Dir = home
	cmd.Env = append(os.Environ(),
		"GATEWAY_PORT="+port, "BIND_HOST=127.0.0.1", "IOT_MTLS_ENABLED=0", "SERVICES=scheduler,lambda,sqs", "HOME="+home)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // t.Context has ended by then, and so has the process
	c := aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://127.0.0.1:" + port),
		Credentials: credentials.NewStaticCredentialsProvider(account, "test", ""), HTTPClient: &http.Client{Timeout: 30 * time.Second},
	}
	deadline := time.Now().Add(30 * time.Second)
	for client := sqs.NewFromConfig(c); ; {
		if _, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{}); err == nil {
			return c
		} else if time.Now().After(deadline) {
			t.Fatalf("MiniStack does not answer: %v", err)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("interrupted")
		}
	}
}
