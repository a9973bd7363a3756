package stack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/stack"
)

func TestTheRealTemplateRunsOnTheLocalAWS(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := start(t, o)

	t.Run("a page of the HTTP API is served by its function", func(t *testing.T) {
		status, e := ask(t, http.MethodGet, s.APIURL+"/approve?t=a%2Bb", "")
		if status != http.StatusOK {
			t.Fatalf("GET /approve is %d, want 200", status)
		}
		var request struct{ RawPath, RawQueryString string }
		if err := json.Unmarshal(e.Event, &request); err != nil {
			t.Fatal(err)
		}
		if request.RawPath != "/approve" || request.RawQueryString != "t=a%2Bb" {
			t.Errorf("the function got %+v", request)
		}
	})
	t.Run("a route that the template lacks is not found", func(t *testing.T) {
		if status, _ := ask(t, http.MethodGet, s.APIURL+"/slack/interactions", ""); status != http.StatusNotFound {
			t.Errorf("GET /slack/interactions is %d, want 404", status)
		}
	})
	t.Run("functions get the template's settings and the caller's endpoints", func(t *testing.T) {
		_, e := ask(t, http.MethodPost, s.APIURL+"/slack/interactions", "payload=%7B%7D")
		for _, want := range []string{
			"VOTES_QUEUE_URL=" + s.Output("VotesQueueUrl"),
			"SLACK_APP_ID=A0SIGNALBOX",
			"AWS_ENDPOINT_URL=" + s.Endpoint,
			"AWS_ENDPOINT_URL_CODEPIPELINE=http://127.0.0.1:1",
		} {
			if !slices.Contains(e.Environment, want) {
				t.Errorf("the environment lacks %s: %q", want, e.Environment)
			}
		}
		if e.Config != "" {
			t.Errorf("the slack function was packed with the configuration, and does not read it: %s", e.Config)
		}
	})
	t.Run("a vote reaches the function that counts", func(t *testing.T) {
		_, err := sqs.NewFromConfig(s.AWS()).SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(s.Output("VotesQueueUrl")), MessageBody: aws.String("ballot-1"),
			MessageGroupId: aws.String("request"), MessageDeduplicationId: aws.String("1"),
		})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the vote is in the log of the approval function", logged(o, "approval", "ballot-1"))
	})
	t.Run("an approval's event reaches the function, another action's does not", func(t *testing.T) {
		for _, e := range []struct{ id, category, provider string }{
			{"another", "Build", "CodeBuild"}, {"approval", "Approval", "Manual"},
		} {
			if err := s.Deliver(t.Context(), actionEvent(s.Account, e.id, e.category, e.provider)); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "the event is in the log of the approval function", logged(o, "approval", "event-approval"))
		if logged(o, "approval", "event-another")() {
			t.Error("the event of a build reached the approval function")
		}
	})
	t.Run("what happens to a release reaches the function that keeps records", func(t *testing.T) { reachNotify(t, o, s) })
	t.Run("a card's message reaches the function that delivers, also from the dead letters", func(t *testing.T) { reachDeliver(t, o, s) })
	t.Run("a badge is served by the web function", func(t *testing.T) {
		if status, _ := ask(t, http.MethodGet, s.APIURL+"/badges/orders.svg", ""); status != http.StatusOK {
			t.Errorf("GET /badges/orders.svg is %d, want 200", status)
		}
		if status, _ := ask(t, http.MethodGet, s.APIURL+"/badges/orders/main.svg", ""); status != http.StatusNotFound {
			t.Errorf("GET /badges/orders/main.svg is %d, want 404", status)
		}
	})
	t.Run("a target that cannot be reached is told of", func(t *testing.T) {
		events := eventbridge.NewFromConfig(s.AWS())
		_, err := events.PutRule(t.Context(), &eventbridge.PutRuleInput{
			Name: aws.String("to-a-queue"), EventPattern: aws.String(`{"source":["aws.ecr"]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = events.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
			Rule:    aws.String("to-a-queue"),
			Targets: []types.Target{{Id: aws.String("queue"), Arn: aws.String("arn:aws:sqs:eu-west-1:000000000000:q")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		push := []byte(`{"version":"0","id":"1","detail-type":"ECR Image Action","source":"aws.ecr","account":"000000000000",
			"time":"2026-03-10T09:22:00Z","region":"eu-west-1","resources":[],"detail":{}}`)
		const want = "arn:aws:sqs:eu-west-1:000000000000:q is no function"
		if err := s.Deliver(t.Context(), push); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("delivering says %v, want %q in it", err, want)
		}
	})
	t.Run("a second world in the same folder is refused", func(t *testing.T) {
		another, err := stack.Start(t.Context(), o)
		if err == nil {
			_ = another.Close()
			t.Fatal("it started")
		}
		if want := "another local world runs in " + o.Dir; !strings.Contains(err.Error(), want) {
			t.Errorf("it says %q, want %q in it", err, want)
		}
	})
	t.Run("a second deployment changes what is there", func(t *testing.T) { deployAgain(t, o, s) })
}

// deployAgain uses the running MiniStack as an endpoint of somebody else's.
func deployAgain(t *testing.T, o stack.Options, first *stack.Stack) {
	o.Endpoint = first.Endpoint
	o.Dir = t.TempDir()
	o.Env = map[string]string{"AWS_ENDPOINT_URL_CODEPIPELINE": "http://127.0.0.1:2"}
	o.Parameters = map[string]string{"SlackAppId": "A0ANOTHER", "SlackTeamId": "T0SIGNALBOX"}
	second := start(t, o)
	_, e := ask(t, http.MethodPost, second.APIURL+"/slack/commands", "")
	for _, want := range []string{"SLACK_APP_ID=A0ANOTHER", "AWS_ENDPOINT_URL_CODEPIPELINE=http://127.0.0.1:2"} {
		if !slices.Contains(e.Environment, want) {
			t.Errorf("the environment lacks %s: %q", want, e.Environment)
		}
	}
	if got, want := second.Output("TableName"), first.Output("TableName"); got != want {
		t.Errorf("the table is now %s, and was %s", got, want)
	}
}

func actionEvent(account, id, category, provider string) json.RawMessage {
	return fmt.Appendf(nil, `{"version":"0","id":"event-%s","detail-type":"CodePipeline Action Execution State Change",
		"source":"aws.codepipeline","account":%q,"time":"2026-03-10T09:22:00Z","region":"eu-west-1","resources":[],
		"detail":{"state":"STARTED","version":3.0,"type":{"category":%q,"provider":%q}}}`, id, account, category, provider)
}

func TestAFunctionThatCannotStartSaysWhyInItsLog(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Template, o.Secrets, o.Parameters = "testdata/one.yaml", nil, nil
	o.Env = map[string]string{"ECHO_REFUSES": "no table is named"}
	s := start(t, o)
	_, err := lambda.NewFromConfig(s.AWS()).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(s.Function("web"))})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the reason is in the log of the function", logged(o, "web", "no table is named"))
}

func TestClosingLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := start(t, o)
	if status, _ := ask(t, http.MethodGet, s.APIURL+"/approve", ""); status != http.StatusOK {
		t.Fatalf("GET /approve is %d, want 200", status)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{s.Endpoint, s.APIURL} {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			t.Errorf("%s still answers", url)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(o.Dir, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestMain lets this binary play the program that is killed below.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SIGNALBOX_TEST_VICTIM"); dir != "" {
		os.Exit(victim(dir))
	}
	os.Exit(m.Run())
}

func victim(dir string) int {
	venv, err := filepath.Abs(realVenv)
	if err != nil {
		return 1
	}
	s, err := stack.Start(context.Background(), stack.Options{Root: project, Template: "testdata/one.yaml", Venv: venv, Dir: dir})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(s.Endpoint)
	<-s.Done()
	return 0
}

func TestAKilledProgramLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	needMiniStack(t)
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), "SIGNALBOX_TEST_VICTIM="+t.TempDir())
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var endpoint string
	if _, err := fmt.Fscanln(out, &endpoint); err != nil || !strings.HasPrefix(endpoint, "http") {
		t.Fatalf("the victim says %q, %v", endpoint, err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	eventually(t, "MiniStack is gone", func() bool {
		response, err := http.Get(endpoint)
		if err != nil {
			return true
		}
		response.Body.Close()
		return false
	})
}
