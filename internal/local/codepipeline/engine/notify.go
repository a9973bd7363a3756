package engine

import "encoding/json"

// A Notification is what an approval tells the SNS topic in its configuration.
type Notification struct {
	Topic   string
	Subject string
	// Message is JSON and holds the approval's token: do not log it.
	Message string
}

// A Notifier publishes notifications. The Engine calls it with its lock held,
// so it must neither block nor call ended before it has returned. ended is
// called once, with an error when the topic did not take the message.
type Notifier interface {
	Notify(n Notification, ended func(error))
}

// notification is the message that CodePipeline publishes to all but e-mail
// endpoints. Source: CodePipeline user guide, "JSON data format for manual
// approval notifications in CodePipeline".
type notification struct {
	Region      string             `json:"region"`
	ConsoleLink string             `json:"consoleLink"`
	Approval    notificationDetail `json:"approval"`
}

type notificationDetail struct {
	PipelineName string `json:"pipelineName"`
	StageName    string `json:"stageName"`
	ActionName   string `json:"actionName"`
	Token        string `json:"token"`
	// Expires has minutes, no seconds.
	Expires            string  `json:"expires"`
	ExternalEntityLink *string `json:"externalEntityLink"`
	ApprovalReviewLink string  `json:"approvalReviewLink"`
	CustomData         *string `json:"customData"`
}

const (
	// maxSubjectName is how much of the pipeline's name a subject has. Captures
	// show about 24 characters and then an ellipsis.
	maxSubjectName = 24
	// maxSubject is one less than the 100 that SNS refuses.
	maxSubject = 99
	ellipsis   = "..."
)

// notify publishes that r waits, when its configuration names a topic. r fails
// if the topic does not take it.
func (e *Engine) notify(r *run) {
	topic := r.resolved["NotificationArn"]
	if topic == "" {
		return
	}
	if e.opts.Notifier == nil {
		e.failSoon(r, notPublished(r, topic, "this local world has no SNS topics"))
		return
	}
	text, err := json.Marshal(e.notification(r))
	if err != nil { // strings only
		e.failSoon(r, notPublished(r, topic, err.Error()))
		return
	}
	n := Notification{Topic: topic, Subject: subject(r), Message: string(text)}
	e.opts.Notifier.Notify(n, func(err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if err != nil && !e.closed {
			e.endAction(r, failed, notPublished(r, topic, err.Error()))
		}
	})
}

func (e *Engine) notification(r *run) notification {
	console := "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/" + r.execution.decl.Name + "/view?region=" + e.opts.Region
	return notification{
		Region: e.opts.Region, ConsoleLink: console,
		Approval: notificationDetail{
			PipelineName: r.execution.decl.Name, StageName: r.pass.stage.Name, ActionName: r.action.Name,
			Token: r.token, Expires: r.expires().UTC().Format(notificationTime),
			ExternalEntityLink: given(r.resolved["ExternalEntityLink"]), CustomData: given(r.resolved["CustomData"]),
			ApprovalReviewLink: console + "#/" + r.pass.stage.Name + "/" + r.action.Name + "/approve/" + r.token,
		},
	}
}

// notificationTime is the layout of "expires".
const notificationTime = "2006-01-02T15:04Z"

// given is nil for a configuration that is not there, which prints as null.
func given(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// subject is the subject of r's notification.
func subject(r *run) string {
	s := "APPROVAL NEEDED: AWS CodePipeline " + abridge(r.execution.decl.Name, maxSubjectName) + " for action " + r.action.Name
	return abridge(s, maxSubject-len(ellipsis))
}

// abridge cuts an ASCII text that is longer than n and says so.
func abridge(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:n] + ellipsis
}

func notPublished(r *run, topic, why string) outcome {
	text := short("The approval action " + r.action.Name + " could not publish to the topic in its configuration NotificationArn, " + topic + ": " + why)
	return outcome{externalID: r.token, summary: text, code: configurationError, message: text}
}
