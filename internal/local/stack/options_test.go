package stack_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"github.com/signalbox/signalbox/internal/local/stack"
)

// TestEveryOptionOfTheTemplateDeploys: what is off by default deploys as well,
// and is there.
func TestEveryOptionOfTheTemplateDeploys(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Parameters["PipelineAccounts"] = "111122223333,444455556666"
	o.Parameters["PipelineRegions"] = "us-east-1"
	o.Parameters["AuditExport"] = "COMPLIANCE"
	o.Parameters["SinkTopicArns"] = "arn:aws:sns:eu-west-1:000000000000:releases,arn:aws:sns:eu-west-1:000000000000:failures"
	o.Parameters["SinkSecretArns"] = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:signalbox/teams-AbCdEf"
	o.Parameters["PublicBadges"] = "true"
	s := start(t, o)

	t.Run("another account may forward its events", func(t *testing.T) {
		bus, err := eventbridge.NewFromConfig(s.AWS()).DescribeEventBus(t.Context(), &eventbridge.DescribeEventBusInput{})
		if err != nil || !strings.Contains(aws.ToString(bus.Policy), `"444455556666"`) {
			t.Errorf("the policy of the bus is %s, %v", aws.ToString(bus.Policy), err)
		}
		for account, want := range map[string]bool{"444455556666": true, "777788889999": false} {
			if err := s.Deliver(t.Context(), actionEvent(account, account, "Approval", "Manual")); err != nil {
				t.Fatal(err)
			}
			if want {
				eventually(t, "an event of "+account+" reaches the function", logged(o, "approval", "event-"+account))
			} else if logged(o, "approval", "event-"+account)() {
				t.Errorf("an event of %s, which was not named, reached the function", account)
			}
		}
	})
	t.Run("the audit bucket keeps versions", func(t *testing.T) {
		client := s3.NewFromConfig(s.AWS(), func(o *s3.Options) { o.UsePathStyle = true })
		got, err := client.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: aws.String(s.Output("AuditBucketName"))})
		if err != nil || got.Status != "Enabled" {
			t.Errorf("versioning is %q, %v", got.Status, err)
		}
	})
	t.Run("the index of what is open can be asked", func(t *testing.T) { askIndex(t, s) })
	t.Run("the template for other accounts deploys", func(t *testing.T) { deployElsewhere(t, s) })
	t.Run("the schedules of the reconciler and the sweep are there", func(t *testing.T) {
		for name, function := range map[string]string{"reconcile": "approval", "sweep": "deliver"} {
			got, err := scheduler.NewFromConfig(s.AWS()).GetSchedule(t.Context(), &scheduler.GetScheduleInput{
				GroupName: aws.String(s.Output("ScheduleGroupName")), Name: aws.String(name),
			})
			if err != nil || !strings.HasSuffix(aws.ToString(got.Target.Arn), ":function:"+s.Function(function)) {
				t.Errorf("%s wakes %+v, %v", name, got.Target, err)
			}
		}
	})
	t.Run("the other sinks may be told", func(t *testing.T) { readDeliverRole(t, s) })
}

func deployElsewhere(t *testing.T, s *stack.Stack) {
	text, err := os.ReadFile("../../../config/pipeline-account.yaml")
	if err != nil {
		t.Fatal(err)
	}
	client, name := cloudformation.NewFromConfig(s.AWS()), aws.String("elsewhere")
	parameter := func(key, output string) cloudformationtypes.Parameter {
		return cloudformationtypes.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(s.Output(output))}
	}
	_, err = client.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: name, TemplateBody: aws.String(string(text)),
		Capabilities: []cloudformationtypes.Capability{cloudformationtypes.CapabilityCapabilityNamedIam},
		Parameters:   []cloudformationtypes.Parameter{parameter("EventBusArn", "EventBusArn"), parameter("ApprovalRoleArn", "ApprovalRoleArn"), parameter("DeliverRoleArn", "DeliverRoleArn")},
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the stack is complete", func() bool {
		got, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: name})
		return err == nil && got.Stacks[0].StackStatus == cloudformationtypes.StackStatusCreateComplete
	})
}

// readDeliverRole looks for the sinks of the parameters in what the deliver
// function may do.
func readDeliverRole(t *testing.T, s *stack.Stack) {
	role := s.Output("DeliverRoleArn")
	response, err := http.PostForm(s.Endpoint, url.Values{
		"Action": {"GetRolePolicy"}, "Version": {"2010-05-08"}, "RoleName": {role[strings.LastIndex(role, "/")+1:]}, "PolicyName": {"deliver"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	policy, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{":releases", ":failures", "signalbox/teams-AbCdEf"} {
		if !strings.Contains(string(policy), url.QueryEscape(want)) && !strings.Contains(string(policy), want) {
			t.Errorf("the role does not reach %s: %s", want, policy)
		}
	}
}

func askIndex(t *testing.T, s *stack.Stack) {
	client, table := dynamodb.NewFromConfig(s.AWS()), aws.String(s.Output("TableName"))
	item := func(pk string, more map[string]types.AttributeValue) map[string]types.AttributeValue {
		all := map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: "META"},
			"expires_at": &types.AttributeValueMemberN{Value: "1"},
		}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	for _, i := range []map[string]types.AttributeValue{
		item("settled", nil), item("unsettled", map[string]types.AttributeValue{"open": &types.AttributeValueMemberS{Value: "y"}}),
	} {
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: i}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: table, IndexName: aws.String("Open"),
		KeyConditionExpression:   aws.String("#open = :yes AND expires_at < :later"),
		ExpressionAttributeNames: map[string]string{"#open": "open"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":yes": &types.AttributeValueMemberS{Value: "y"}, ":later": &types.AttributeValueMemberN{Value: "2"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 1 || got.Items[0]["PK"].(*types.AttributeValueMemberS).Value != "unsettled" {
		t.Errorf("the index holds %v", got.Items)
	}
}
