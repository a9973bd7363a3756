package calls

import (
	"net/http"
	"strings"
)

// An Upstream is a service that functions call.
type Upstream struct {
	// Name is its part of the addresses that functions get; it is one path
	// segment.
	Name string
	// URL is where it really answers.
	URL string
	// Variables are those of a function's environment that say where the
	// service is. Where two upstreams have the same, the latter gets it.
	Variables []string
	// Read tells which service and operation a request with that body is for.
	Read func(r *http.Request, body []byte) (service, operation string)
}

// endpointVariable names the endpoint of all services; followed by "_" and a
// service it names that service's own, which comes first.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
const endpointVariable = "AWS_ENDPOINT_URL"

// services are the SDK ids, as variables spell them, of what functions call or
// may call. MiniStack gives each function an AWS_ENDPOINT_URL of its own, which
// only the variables of the single services override. A service that is missing
// here still answers, but is not recorded.
var services = []string{
	"CLOUDWATCH", "CLOUDWATCH_LOGS", "CODEBUILD", "CODEPIPELINE", "DYNAMODB", "ECR", "EVENTBRIDGE", "INSPECTOR2", "KMS",
	"LAMBDA", "S3", "SCHEDULER", "SECRETS_MANAGER", "SFN", "SNS", "SQS", "SSM", "STS",
}

// AWS is the local AWS at url, for every service.
func AWS(url string) Upstream {
	variables := []string{endpointVariable}
	for _, service := range services {
		variables = append(variables, endpointVariable+"_"+service)
	}
	return Upstream{Name: "aws", URL: url, Variables: variables, Read: readAWS}
}

// Service is a stand-in at url for one AWS service, by its SDK id in the
// spelling of variables, such as "CODEPIPELINE". It comes after AWS.
func Service(id, url string) Upstream {
	return Upstream{
		Name: strings.ToLower(id), URL: url, Variables: []string{endpointVariable + "_" + id}, Read: readAWS,
	}
}

// Slack is the Web API at url, which ends in a slash.
func Slack(url string) Upstream {
	return Upstream{Name: "slack", URL: url, Variables: []string{"SLACK_API_URL"}, Read: readSlack}
}
