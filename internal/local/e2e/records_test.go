package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// under reads the items of the table whose partition key is pk, each as the
// text of its document.
func (r *release) under(pk string) []string {
	r.t.Helper()
	out, err := dynamodb.NewFromConfig(r.Stack.AWS()).Query(r.t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(r.Stack.Output("TableName")), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	var found []string
	for _, item := range out.Items {
		var text []string
		for _, name := range slices.Sorted(maps.Keys(item)) {
			text = append(text, fmt.Sprintf("%s=%s", name, plainValue(item[name])))
		}
		found = append(found, strings.Join(text, " "))
	}
	return found
}

func plainValue(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	return fmt.Sprintf("%+v", v)
}

// audited checks that exactly one vote about m is on record, with words.
func (r *release) audited(m said, words ...string) {
	r.t.Helper()
	request := r.request(m)
	items := r.under("AUDIT#" + request)
	if len(items) != 1 {
		r.t.Errorf("request %s has %d votes on record, want one: %q", request, len(items), items)
		return
	}
	for _, w := range words {
		if !strings.Contains(items[0], w) {
			r.t.Errorf("the record %s does not say %q", items[0], w)
		}
	}
}

// unaudited checks that no vote about m is on record.
func (r *release) unaudited(m said) {
	r.t.Helper()
	request := r.request(m)
	if items := r.under("AUDIT#" + request); len(items) > 0 {
		r.t.Errorf("request %s has votes on record: %q", request, items)
	}
}

// expected are words of messages that tests bring into a dead-letter queue.
var expected sync.Map

// deadLetters fails when a dead-letter queue holds a message that no test has
// brought there on purpose.
func (s *system) deadLetters() error {
	client := sqs.NewFromConfig(s.Stack.AWS())
	for _, queue := range []string{"EventDeadLettersUrl", "VotesDeadLettersUrl"} {
		for {
			out, err := client.ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{
				QueueUrl: aws.String(s.Stack.Output(queue)), MaxNumberOfMessages: 10, VisibilityTimeout: 600,
			})
			if err != nil {
				return err
			}
			for _, m := range out.Messages {
				known := false
				expected.Range(func(word, _ any) bool {
					known = strings.Contains(aws.ToString(m.Body), word.(string))
					return !known
				})
				if !known {
					return fmt.Errorf("%s holds what should have been handled: %s", queue, aws.ToString(m.Body))
				}
			}
			if len(out.Messages) == 0 {
				break
			}
		}
	}
	return nil
}

// deadEvent waits for the dead letter that holds word.
func (r *release) deadEvent(word string) string {
	r.t.Helper()
	client := sqs.NewFromConfig(r.Stack.AWS())
	return eventually(r.t, "a dead letter with "+word, func() (string, bool) {
		out, err := client.ReceiveMessage(r.t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(r.Stack.Output("EventDeadLettersUrl")), MaxNumberOfMessages: 10, VisibilityTimeout: 1,
		})
		if err != nil {
			r.t.Fatal(err)
		}
		for _, m := range out.Messages {
			if body := aws.ToString(m.Body); strings.Contains(body, word) {
				return body, true
			}
		}
		return "", false
	})
}
