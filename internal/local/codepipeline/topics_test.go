package codepipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// topics keeps what is published, or refuses it.
type topics struct {
	mu        sync.Mutex
	published [][3]string
	err       error
}

func (p *topics) Publish(_ context.Context, topic, subject, message string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.published = append(p.published, [3]string{topic, subject, message})
	return p.err
}

func (p *topics) all() [][3]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([][3]string(nil), p.published...)
}

const topic = "arn:aws:sns:eu-west-1:000000000000:approvals"

// announced is a line whose approval tells a topic.
func announced(more map[string]string) api.Declaration {
	c := map[string]string{"NotificationArn": topic}
	for k, v := range more {
		c[k] = v
	}
	return line(api.Superseded, gateStage(c))
}

func TestApprovalPublishesTheRealMessage(t *testing.T) {
	t.Parallel()
	p := &topics{}
	w := newWorld(t, func(o *codepipeline.Options) { o.Topics = p })
	d := announced(map[string]string{"CustomData": "Version #{Src.VersionId} </script>"})
	d.Name = "orders-release-of-the-whole-shop"
	w.create(d)
	w.start(d.Name)
	w.pass(time.Second)
	w.eventually("a publish", func() bool { return len(p.all()) == 1 })
	got := p.all()[0]
	if got[0] != topic || got[1] != "APPROVAL NEEDED: AWS CodePipeline orders-release-of-the-wh... for action Approve" {
		t.Errorf("to %s: %s", got[0], got[1])
	}
	var message map[string]any
	if err := json.Unmarshal([]byte(got[2]), &message); err != nil {
		t.Fatal(err)
	}
	approval, _ := message["approval"].(map[string]any)
	data, _ := approval["customData"].(string)
	if !strings.HasPrefix(data, "Version ") || !strings.HasSuffix(data, " </script>") || strings.Contains(data, "#{") {
		t.Errorf("customData %q", data)
	}
	delete(approval, "customData")
	token := w.token(d.Name, "Gate")
	console := "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/" + d.Name + "/view?region=eu-west-1"
	want := map[string]any{
		"region": "eu-west-1", "consoleLink": console,
		"approval": map[string]any{
			"pipelineName": d.Name, "stageName": "Gate", "actionName": "Approve", "token": token,
			"expires": "2026-03-17T09:15Z", "externalEntityLink": nil,
			"approvalReviewLink": console + "#/Gate/Approve/approve/" + token,
		},
	}
	if diff := cmp.Diff(want, message); diff != "" {
		t.Errorf("message differs (-want +got):\n%s", diff)
	}
	if err := w.answer(d.Name, "Gate", "Approve", token, types.ApprovalStatusApproved); err != nil {
		t.Error(err)
	}
}

func TestLongNamesStayWithinTheSubjectLimit(t *testing.T) {
	t.Parallel()
	p := &topics{}
	w := newWorld(t, func(o *codepipeline.Options) { o.Topics = p })
	d := announced(nil)
	d.Name, d.Stages[1].Actions[0].Name = strings.Repeat("p", 100), strings.Repeat("a", 100)
	w.create(d)
	w.start(d.Name)
	w.pass(time.Second)
	w.eventually("a publish", func() bool { return len(p.all()) == 1 })
	if s := p.all()[0][1]; len(s) >= 100 || !strings.HasSuffix(s, "...") {
		t.Errorf("subject of %d characters: %s", len(s), s)
	}
}

func TestApprovalThatCannotBePublishedFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, topic string
		topics      *topics
		message     string
	}{
		{"refused", topic, &topics{err: errors.New("AuthorizationError: not allowed")}, "AuthorizationError"},
		{"no SNS", topic, nil, "no SNS topics"},
		{"other Region", "arn:aws:sns:us-east-1:000000000000:approvals", &topics{}, "must be in the pipeline's Region eu-west-1"},
		{"no topic", "approvals", &topics{}, "is not the ARN of an SNS topic"},
	}
	for _, tt := range tests {
		w := newWorld(t, func(o *codepipeline.Options) {
			if tt.topics != nil {
				o.Topics = tt.topics
			}
		})
		w.create(announced(map[string]string{"NotificationArn": tt.topic}))
		id := w.start("orders")
		w.pass(2 * time.Second)
		w.eventually("failure", func() bool { return w.status("orders", id) == types.PipelineExecutionStatusFailed })
		e := w.stage("orders", "Gate").ActionStates[0].LatestExecution.ErrorDetails
		if *e.Code != "ConfigurationError" || !strings.Contains(*e.Message, tt.message) || !strings.Contains(*e.Message, "NotificationArn") {
			t.Errorf("%s: %s: %s", tt.name, *e.Code, *e.Message)
		}
		if n := w.clock.Pending(); n != 0 {
			t.Errorf("%s: %d timers are left", tt.name, n)
		}
	}
}

func TestSNSSaysWhyItRefusesWithoutTheMessage(t *testing.T) {
	t.Parallel()
	answers := make(chan int, 2)
	answers <- http.StatusOK
	answers <- http.StatusForbidden
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := <-answers
		w.WriteHeader(status)
		if status == http.StatusOK {
			_, _ = w.Write([]byte(`<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`))
			return
		}
		_, _ = w.Write([]byte(`<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not allowed</Message></Error></ErrorResponse>`))
	}))
	t.Cleanup(server.Close)
	s := codepipeline.NewSNS(sns.New(sns.Options{
		Region: region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}))
	if err := s.Publish(t.Context(), topic, "subject", "a token"); err != nil {
		t.Error(err)
	}
	err := s.Publish(t.Context(), topic, "subject", "a token")
	if err == nil || !strings.Contains(err.Error(), "AuthorizationError: not allowed") || strings.Contains(err.Error(), "a token") {
		t.Errorf("refusal: %v", err)
	}
	server.Close()
	if err := s.Publish(t.Context(), topic, "subject", "a token"); err == nil || strings.Contains(err.Error(), "a token") {
		t.Errorf("no SNS: %v", err)
	}
}
