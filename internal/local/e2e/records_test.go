package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/store"
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

// trail reads the audit trail of the pipeline, whole and verified.
func (r *release) trail() []audit.Entry {
	r.t.Helper()
	records := store.New(store.CallsOf(dynamodb.NewFromConfig(r.Stack.AWS())), r.Stack.Output("TableName"))
	chain := audit.ChainOf(r.Stack.Account, r.Stack.AWS().Region, r.pipeline)
	entries, err := records.Entries(r.t.Context(), chain, 1)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range audit.Verify(entries, nil) {
		r.t.Errorf("the audit trail of %s: %s", r.pipeline, p)
	}
	return entries
}

// counted are the votes about m that are on record.
func (r *release) counted(m said) []audit.Entry {
	r.t.Helper()
	request := r.request(m)
	return slices.DeleteFunc(r.trail(), func(e audit.Entry) bool {
		return e.Request != request || e.Kind != audit.VoteCounted
	})
}

// audited checks that exactly one vote about m is on record, with words.
func (r *release) audited(m said, words ...string) {
	r.t.Helper()
	votes := r.counted(m)
	if len(votes) != 1 {
		r.t.Errorf("pipeline %s has %d votes on record, want one: %+v", r.pipeline, len(votes), votes)
		return
	}
	text, err := json.Marshal(votes[0])
	if err != nil {
		r.t.Fatal(err)
	}
	for _, w := range words {
		if !strings.Contains(string(text), w) {
			r.t.Errorf("the record %s does not say %q", text, w)
		}
	}
}

// unaudited checks that no vote about m is on record.
func (r *release) unaudited(m said) {
	r.t.Helper()
	if votes := r.counted(m); len(votes) > 0 {
		r.t.Errorf("pipeline %s has votes on record: %+v", r.pipeline, votes)
	}
}

// expected are words of messages that tests bring into a dead-letter queue.
var expected sync.Map

// deadLetters fails when a dead-letter queue holds a message that no test has
// brought there on purpose.
func (s *system) deadLetters() error {
	client := sqs.NewFromConfig(s.Stack.AWS())
	for _, queue := range []string{"EventDeadLettersUrl", "VotesDeadLettersUrl", "CardsDeadLettersUrl"} {
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
