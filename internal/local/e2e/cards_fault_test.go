package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	buildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// buildStage is a stage that builds in a project.
func buildStage(project string) types.StageDeclaration {
	return stage("Build", types.ActionDeclaration{
		ActionTypeId:   kind(types.ActionCategoryBuild, "CodeBuild"),
		InputArtifacts: []types.InputArtifact{{Name: aws.String("Source")}},
		Configuration:  map[string]string{"ProjectName": project},
	})
}

// project creates a CodeBuild project for pipelines.
func (s *system) project(t *testing.T, name string) {
	t.Helper()
	client := codebuild.NewFromConfig(s.Stack.AWS(), func(o *codebuild.Options) { o.BaseEndpoint = aws.String(s.env["AWS_ENDPOINT_URL_CODEBUILD"]) })
	_, err := client.CreateProject(t.Context(), &codebuild.CreateProjectInput{
		Name: aws.String(name), ServiceRole: aws.String("arn:aws:iam::" + s.Stack.Account + ":role/" + name),
		Source:    &buildtypes.ProjectSource{Type: buildtypes.SourceTypeCodepipeline},
		Artifacts: &buildtypes.ProjectArtifacts{Type: buildtypes.ArtifactsTypeCodepipeline},
		Environment: &buildtypes.ProjectEnvironment{
			Type: buildtypes.EnvironmentTypeLinuxContainer, ComputeType: buildtypes.ComputeTypeBuildGeneral1Small,
			Image: aws.String("aws/codebuild/amazonlinux-x86_64-standard:5.0"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The tests below do not run beside others: what they break is everybody's.

func TestLostEventsAreMadeUpForOnTheCard(t *testing.T) {
	s := world(t)
	r := begin(t, carded)
	r.shows("waits for approval")
	m := r.asked()
	tell[map[string]any](t, s, "/local/delivery", map[string]float64{"lose": 1}, http.StatusOK)
	r.click(ada, m, approve)
	r.goesOn()
	type counters struct{ Events, Lost int }
	if c := list[struct{ Counters counters }](t, s, "/local/delivery").Counters; c.Lost == 0 || c.Lost != c.Events {
		t.Fatalf("of %d events %d were lost", c.Events, c.Lost)
	}
	tell[map[string]any](t, s, "/local/delivery", map[string]float64{}, http.StatusOK)
	r.later(t, "2h") // nothing is heard for so long that somebody looks
	tell[map[string]bool](t, s, "/local/sweep", map[string]any{}, http.StatusOK)
	r.shows("succeeded")
}

func TestBadDeliveryMakesOneTrueCard(t *testing.T) {
	s := world(t)
	tell[map[string]any](t, s, "/local/delivery", map[string]float64{"double": 1, "reorder": 0.5, "seed": 7}, http.StatusOK)
	defer tell[map[string]any](t, s, "/local/delivery", map[string]float64{}, http.StatusOK)
	var all []*release
	for range 3 {
		all = append(all, begin(t, carded))
	}
	for _, r := range all {
		r.click(ada, r.asked(), approve)
	}
	for _, r := range all {
		r.goesOn()
		r.shows("succeeded")
	}
	r := all[0]
	r.later(t, "1m") // all that came late has come
	r.shows("succeeded")
}

// unapproved starts a release that stays in front of its approval, so that
// only its card calls Slack.
func unapproved(t *testing.T, rule string) *release {
	t.Helper()
	r := prepare(t, rule)
	r.opens(false)
	r.start(message, author)
	return r
}

// opens lets releases go on to the approval, or keeps them in front of it.
func (r *release) opens(enabled bool) {
	r.t.Helper()
	tell[struct{}](r.t, r.system, "/local/codepipeline/"+r.pipeline+"/Approval/transition", map[string]any{"enabled": enabled, "reason": "a test"}, http.StatusOK)
}

func TestACardIsPostedOnceAlthoughTheAnswerIsLost(t *testing.T) {
	fail(t, "chat.postMessage", slack.TimeoutAfterCommit)
	r := unapproved(t, carded)
	r.shows(r.pipeline)
	r.opens(true)
	r.click(ada, r.asked(), approve)
	r.goesOn()
	r.shows("succeeded")
}

func TestTheCardIsTrueOnceSlackIsBack(t *testing.T) {
	s := world(t)
	if err := s.Slack.Fail("*", slack.ServerError, 1000); err != nil {
		t.Fatal(err)
	}
	s.forget(t)
	r := unapproved(t, carded)
	eventually(t, "the card is refused", func() ([]made, bool) {
		all := list[[]made](t, s, "/local/calls")
		return nil, slices.ContainsFunc(all, func(c made) bool {
			return c.Function == "deliver" && c.Service == "slack" && c.Status == http.StatusInternalServerError
		})
	})
	if err := s.Slack.Fail("*", slack.ServerError, 0); err != nil {
		t.Fatal(err)
	}
	r.opens(true)
	r.click(ada, r.asked(), approve)
	r.goesOn()
	r.shows("succeeded")
}

// pages subscribes a queue to the topic of the operators, and returns how many
// messages with word in them it has got by then.
func (s *system) pages(t *testing.T, word string) func() int {
	t.Helper()
	const name = "pages"
	queues, topics := sqs.NewFromConfig(s.Stack.AWS()), sns.NewFromConfig(s.Stack.AWS())
	queue, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := topics.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: aws.String(s.Stack.Output("OperationsTopicArn")), Protocol: aws.String("sqs"),
		Endpoint: aws.String("arn:aws:sqs:" + s.Stack.AWS().Region + ":" + s.Stack.Account + ":" + name),
	}); err != nil {
		t.Fatal(err)
	}
	found := 0
	return func() int {
		out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Messages {
			if strings.Contains(aws.ToString(m.Body), word) {
				found++
			}
		}
		return found
	}
}

// The channel is this test's own, so others may run beside it.
func TestAnArchivedChannelIsToldToTheOperatorsOnce(t *testing.T) {
	t.Parallel()
	s := world(t)
	pages := s.pages(t, silentChannel)
	tell[map[string]any](t, s, "/local/slack/channels/"+silentChannel, map[string]bool{"archived": true}, http.StatusOK)
	for range 2 {
		r := begin(t, silent)
		r.click(ada, r.asked(), approve) // releases and approvals go on
		r.goesOn()
		eventually(t, "the operators are told that the channel is archived", func() (int, bool) { n := pages(); return n, n > 0 })
		if all := r.about(silentChannel); len(all) > 0 {
			t.Errorf("an archived channel has got messages: %+v", all)
		}
	}
	if n := pages(); n != 1 {
		t.Errorf("the operators are told %d times that the channel is archived, want once", n)
	}
}
