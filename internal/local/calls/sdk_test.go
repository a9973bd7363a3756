package calls_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/calls"
)

// TestEveryProtocolIsRead makes each call with the SDK that functions use. The
// upstream refuses all of them, which changes nothing.
func TestEveryProtocolIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusBadRequest)
	})
	at := func(variable string) aws.Config {
		return aws.Config{
			Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
			BaseEndpoint: aws.String(w.env[variable]),
		}
	}
	id := aws.String("some-id")
	tests := []struct {
		service, operation string
		call               func(context.Context) error
	}{
		{"dynamodb", "DescribeTable", func(ctx context.Context) error {
			_, err := dynamodb.NewFromConfig(at("AWS_ENDPOINT_URL_DYNAMODB")).DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: id})
			return err
		}},
		{"sqs", "SendMessage", func(ctx context.Context) error {
			// The queue's URL is a parameter, and not where the call goes.
			_, err := sqs.NewFromConfig(at("AWS_ENDPOINT_URL_SQS")).SendMessage(ctx,
				&sqs.SendMessageInput{QueueUrl: aws.String("http://127.0.0.1:1/queue"), MessageBody: id})
			return err
		}},
		{"sns", "Publish", func(ctx context.Context) error {
			_, err := sns.NewFromConfig(at("AWS_ENDPOINT_URL_SNS")).Publish(ctx,
				&sns.PublishInput{TopicArn: id, Message: aws.String(strings.Repeat("Action=Other&", 5000))})
			return err
		}},
		{"secretsmanager", "GetSecretValue", func(ctx context.Context) error {
			_, err := secretsmanager.NewFromConfig(at("AWS_ENDPOINT_URL_SECRETS_MANAGER")).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: id})
			return err
		}},
		{"kms", "VerifyMac", func(ctx context.Context) error {
			_, err := kms.NewFromConfig(at("AWS_ENDPOINT_URL_KMS")).VerifyMac(ctx,
				&kms.VerifyMacInput{KeyId: id, Mac: []byte{1}, Message: []byte{1}, MacAlgorithm: "HMAC_SHA_256"})
			return err
		}},
		{"codepipeline", "GetPipelineState", func(ctx context.Context) error {
			_, err := codepipeline.NewFromConfig(at("AWS_ENDPOINT_URL_CODEPIPELINE")).GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: id})
			return err
		}},
		{"scheduler", "DeleteSchedule", func(ctx context.Context) error {
			_, err := scheduler.NewFromConfig(at("AWS_ENDPOINT_URL_SCHEDULER")).DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: id, GroupName: id})
			return err
		}},
		{"lambda", "POST /2015-03-31/functions/some-id/invocations", func(ctx context.Context) error {
			_, err := lambda.NewFromConfig(at("AWS_ENDPOINT_URL_LAMBDA")).Invoke(ctx, &lambda.InvokeInput{FunctionName: id})
			return err
		}},
	}
	var want []calls.Call
	for _, test := range tests {
		if test.call(t.Context()) == nil {
			t.Errorf("%s %s succeeded", test.service, test.operation)
		}
		want = append(want, calls.Call{Service: test.service, Operation: test.operation, Status: http.StatusBadRequest})
	}
	w.want(t, want...)
}

func TestOtherProtocolsAreRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	signed := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=key/20260310/eu-west-1/" + service + "/aws4_request, SignedHeaders=host, Signature=0"
	}
	for _, call := range []struct{ path, service string }{
		{"/service/GraniteServiceVersion20100801/operation/PutMetricData", "monitoring"},
		{"/findings/list", "inspector2"}, {"/?Action=GetCallerIdentity", "sts"},
	} {
		response, err := post(t, w.env["AWS_ENDPOINT_URL"]+call.path, "", "Authorization", signed(call.service))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	w.want(t,
		calls.Call{Service: "monitoring", Operation: "PutMetricData", Status: http.StatusOK},
		calls.Call{Service: "inspector2", Operation: "ListFindings", Status: http.StatusOK},
		calls.Call{Service: "sts", Operation: "GetCallerIdentity", Status: http.StatusOK})
}

// TestNoServiceOfTheFunctionsIsMissing finds a service client that a function
// is built with, and whose calls would pass us by.
func TestNoServiceOfTheFunctionsIsMissing(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}}\t{{.Dir}}", "./functions/...")
	list.Dir = filepath.Join("..", "..", "..")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list the packages of the functions: %v", err)
	}
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	id := regexp.MustCompile(`(?m)^const ServiceID = "(.+)"$`)
	found := 0
	for line := range strings.Lines(string(out)) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if path.Dir(name) != "github.com/aws/aws-sdk-go-v2/service" {
			continue
		}
		source, err := os.ReadFile(filepath.Join(dir, "api_client.go"))
		if err != nil {
			t.Fatal(err)
		}
		match := id.FindSubmatch(source)
		if match == nil {
			t.Fatalf("%s has no ServiceID", name)
		}
		found++
		variable := "AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ToUpper(string(match[1])), " ", "_")
		if w.env[variable] == "" {
			t.Errorf("calls of %s are not recorded: %s is missing in calls.services", name, variable)
		}
	}
	if found == 0 {
		t.Error("the functions have no service client at all, which cannot be")
	}
}

func TestStandInGetsTheCallsOfItsService(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	for variable, end := range map[string]string{
		"AWS_ENDPOINT_URL": "/fn/approval/aws", "AWS_ENDPOINT_URL_SQS": "/fn/approval/aws",
		"AWS_ENDPOINT_URL_CODEPIPELINE": "/fn/approval/codepipeline", "SLACK_API_URL": "/fn/approval/slack/",
	} {
		if got := w.env[variable]; got != w.url+end {
			t.Errorf("%s is %q, want %s", variable, got, w.url+end)
		}
	}
}
