package engine

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// deployPlan is how a deploy action goes, by its provider. External ids and
// URLs have the shape of the real ones; the summaries of CloudFormation, ECS
// and Lambda are ours.
func (e *Engine) deployPlan(r *run) plan {
	switch r.action.Type.Provider {
	case providerCodeDeploy, providerCodeDeployECS:
		return e.codeDeployPlan(r)
	case providerCloudFormation:
		return e.stackPlan(r)
	case providerECS:
		return e.servicePlan(r)
	case providerLambda:
		return e.functionPlan(r)
	case providerS3:
		bucket := r.resolved["BucketName"]
		shown := outcome{
			externalID: e.letters(32, alphanumeric), // the version of the object
			url:        link("https://console.aws.amazon.com/s3/buckets/" + url.PathEscape(bucket) + "?region=" + e.regionOf(r.action)),
		}
		return planned(shown, "Deployment Succeeded", short("The upload to "+bucket+" was refused"))
	}
	return planned(outcome{externalID: e.newID()}, "Deployment Succeeded", "Deployment failed")
}

// codeDeployPlan is a blue/green deployment: traffic goes to the new version
// in steps of 10, 50 and 100 %.
func (e *Engine) codeDeployPlan(r *run) plan {
	id := "d-" + e.letters(9, upperAlphanumeric)
	p := planned(outcome{
		externalID: id,
		url:        "https://console.aws.amazon.com/codedeploy/home?region=" + e.regionOf(r.action) + "#/deployments/" + id,
	}, "Deployment Succeeded", "Deployment "+id+" failed")
	p.done.percent = 100
	for i, percent := range []int{10, 50, 100} {
		p.steps = append(p.steps, step{
			at: float64(i) / 3, percent: percent,
			summary: "Deployment " + id + ": " + strconv.Itoa(percent) + " % of the traffic goes to the new version",
		})
	}
	return p
}

func (e *Engine) stackPlan(r *run) plan {
	stack, set, region := r.resolved["StackName"], r.resolved["ChangeSetName"], e.regionOf(r.action)
	arn := "arn:aws:cloudformation:" + region + ":" + e.accountOf(r.action) + ":stack/" + stack + "/" + e.newID()
	working, done := "UPDATE_IN_PROGRESS", "Stack "+stack+" was updated"
	switch r.resolved["ActionMode"] {
	case modeChangeSet:
		working, done = "CREATE_PENDING", "Change set "+set+" of stack "+stack+" was created"
	case modeExecute:
		done = "Change set " + set + " of stack " + stack + " was executed"
	case modeDelete:
		working, done = "DELETE_IN_PROGRESS", "Stack "+stack+" was deleted"
	}
	p := planned(outcome{
		externalID: cut(arn, maxExternalID),
		url:        link("https://console.aws.amazon.com/cloudformation/home?region=" + region + "#/stacks/stackinfo?stackId=" + url.QueryEscape(arn)),
	}, short(done), short("Stack "+stack+" was rolled back"))
	p.steps = []step{{summary: short("Stack " + stack + ": " + working)}}
	return p
}

func (e *Engine) servicePlan(r *run) plan {
	cluster, service := r.resolved["ClusterName"], r.resolved["ServiceName"]
	id := "ecs-svc/" + e.letters(19, digits)
	p := planned(outcome{
		externalID: id,
		url: link("https://console.aws.amazon.com/ecs/v2/clusters/" + url.PathEscape(cluster) + "/services/" +
			url.PathEscape(service) + "/deployments?region=" + e.regionOf(r.action)),
	}, "Deployment completed", short("Service "+service+" did not become stable"))
	p.steps = []step{{summary: short("Deployment " + id + " of service " + service + " is in progress")}}
	if minutes, err := strconv.Atoi(r.resolved["DeploymentTimeout"]); err == nil && minutes > 0 {
		p.limit = min(time.Duration(minutes)*time.Minute, actionTimeout)
	}
	return p
}

// functionPlan publishes a version of a function and moves its alias as the
// DeployStrategy says, which takes the minutes that the strategy names.
func (e *Engine) functionPlan(r *run) plan {
	function, alias := r.resolved["FunctionName"], r.resolved["FunctionAlias"]
	version := cmp.Or(r.resolved["PublishedTargetVersion"], strconv.Itoa(r.execution.pipeline.started+1))
	strategy, _ := parseStrategy(r.resolved["DeployStrategy"])
	p := planned(outcome{
		externalID: e.newID(),
		url:        link("https://console.aws.amazon.com/lambda/home?region=" + e.regionOf(r.action) + "#/functions/" + url.PathEscape(function)),
	}, short("Version "+version+" of "+function+" is deployed"), short("Version "+version+" of "+function+" was rolled back"))
	p.done.percent = 100
	p.done.outputs = map[string]string{"FunctionVersion": version}
	p.takes = strategy.takes()
	for _, s := range strategy.steps() {
		s.summary = short(strings.Join([]string{strconv.Itoa(s.percent), "% of the traffic of", alias, "goes to version", version}, " "))
		p.steps = append(p.steps, s)
	}
	return p
}

// maxURL and maxExternalID are the longest that the service model allows.
const (
	maxURL        = 2048
	maxExternalID = 1500
)

// link is u unless that is longer than the API allows; then there is none.
func link(u string) string {
	if len(u) > maxURL {
		return ""
	}
	return u
}
