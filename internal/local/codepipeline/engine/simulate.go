package engine

import (
	"cmp"
	"maps"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A Script says how the next run of one action ends. The zero value succeeds
// after the usual time.
type Script struct {
	// Fails makes the action end as Failed.
	Fails bool
	// Delay is how long it takes; nil means the usual time.
	Delay *time.Duration
	// Summary is the provider's text; empty means the provider's usual one.
	Summary string
	// Variables are output variables besides the provider's own.
	Variables map[string]string
}

// Script scripts the next run of an action. A Manual approval cannot be
// scripted, as only a person ends it.
func (e *Engine) Script(pipeline, stage, action string, s Script) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(pipeline)
	if err != nil {
		return err
	}
	at := place{stage, action}
	if err := e.hasAction(p, at); err != nil {
		return err
	}
	if isApproval(p.action(at)) {
		return api.Errorf(api.Validation, "Action '%s' waits for a person: answer it instead of scripting it", action)
	}
	p.scripts[at] = s
	return nil
}

// simulate ends r after a while, as s says.
func (e *Engine) simulate(r *run, s Script) {
	delay := e.pause()
	if s.Delay != nil {
		delay = *s.Delay
	}
	o := e.simulated(r, s)
	if !isSource(r.action) {
		r.outcome = outcome{externalID: o.externalID, url: o.url} // known while it runs
	}
	end := succeeded
	if s.Fails {
		end = failed
	}
	r.timer = e.after(delay, func() { e.endAction(r, end, o) })
}

func isSource(a *api.Action) bool { return a.Type.Category == categorySource }

// simulated is the outcome of r as its provider would report it.
func (e *Engine) simulated(r *run, s Script) outcome {
	var o outcome
	var failure string
	switch {
	case isSource(r.action):
		o = e.sourceOutcome(r)
		failure = "The source revision could not be read"
		if s.Fails {
			o = outcome{}
		}
	case r.action.Type.Provider == providerCodeBuild:
		o.externalID = r.resolved["ProjectName"] + ":" + e.newID()
		o.url = "https://console.aws.amazon.com/codebuild/home?region=" + e.regionOf(r.action) + "#/builds/" + o.externalID + "/view/new"
		failure = "Build terminated with state: FAILED"
	case r.action.Type.Category == "Deploy":
		o, failure = e.deployment(r)
	default:
		o.externalID = e.newID()
		failure = r.action.Type.Provider + " reported a failure"
	}
	if s.Fails {
		text := cmp.Or(s.Summary, failure)
		return outcome{externalID: o.externalID, url: o.url, summary: text, code: jobFailed, message: text}
	}
	o.summary = cmp.Or(s.Summary, o.summary)
	if len(s.Variables) > 0 {
		merged := map[string]string{}
		maps.Copy(merged, o.outputs)
		maps.Copy(merged, s.Variables)
		o.outputs = merged
	}
	return o
}

// deployment is the outcome of a deploy action and the text of its failure.
func (e *Engine) deployment(r *run) (outcome, string) {
	region := e.regionOf(r.action)
	switch r.action.Type.Provider {
	case "CodeDeploy", "CodeDeployToECS":
		id := "d-" + e.letters(9, upperAlphanumeric)
		return outcome{
			externalID: id, summary: "Deployment Succeeded",
			url:     "https://console.aws.amazon.com/codedeploy/home?region=" + region + "#/deployments/" + id,
			outputs: map[string]string{"DeploymentId": id},
		}, "Deployment " + id + " failed"
	case "CloudFormation":
		stack := cmp.Or(r.resolved["StackName"], r.execution.decl.Name)
		arn := "arn:aws:cloudformation:" + region + ":" + e.opts.Account + ":stack/" + stack + "/" + e.newID()
		return outcome{
			externalID: arn, summary: "Stack " + stack + " is up to date",
			url: "https://console.aws.amazon.com/cloudformation/home?region=" + region + "#/stack/detail?stackId=" + arn,
		}, "Stack " + stack + " was rolled back"
	}
	return outcome{externalID: e.newID(), summary: "Deployment Succeeded"}, "Deployment failed"
}
