package deployment_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// tableSurvives: the audit trail is in it. Neither a mistake in a deployment
// nor a deleted stack may take it along.
func tableSurvives(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::DynamoDB::Table") {
		found = append(found, t.retained(id)...)
		for _, want := range []struct {
			path  string
			value any
		}{
			{"BillingMode", "PAY_PER_REQUEST"},
			{"PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", true},
			{"SSESpecification.SSEEnabled", true},
			{"DeletionProtectionEnabled", true},
			{"TimeToLiveSpecification.AttributeName", "ttl"},
			{"TimeToLiveSpecification.Enabled", true},
		} {
			if got := t.of(id, below(want.path)...); got != want.value {
				found = append(found, fmt.Sprintf("%s: %s is %v, not %v", id, want.path, got, want.value))
			}
		}
	}
	return found
}

// retained: what happens to a resource that leaves the stack.
func (t template) retained(id string) []string {
	var found []string
	for _, policy := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		if at(t.mapping, "Resources", id, policy) != "Retain" {
			found = append(found, id+": "+policy+" is not Retain")
		}
	}
	return found
}

// keySurvives: without it every link in somebody's inbox is dead. It signs and
// verifies, and nothing else.
func keySurvives(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::KMS::Key") {
		found = append(found, t.retained(id)...)
		if t.of(id, "KeySpec") != "HMAC_256" || t.of(id, "KeyUsage") != "GENERATE_VERIFY_MAC" {
			found = append(found, id+": is no key for HMACs")
		}
		if number(t.of(id, "PendingWindowInDays")) != 30 {
			found = append(found, id+": can be deleted in less than 30 days")
		}
	}
	return found
}

// apiIsThrottled: the API is open to the world, and each request costs money.
func apiIsThrottled(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::ApiGatewayV2::Stage") {
		for _, limit := range []string{"ThrottlingRateLimit", "ThrottlingBurstLimit"} {
			if n := number(t.of(id, "DefaultRouteSettings", limit)); n < 1 || n > 100 {
				found = append(found, id+": "+limit+" is not between 1 and 100")
			}
		}
	}
	return found
}

// routes are the whole API, and who answers.
var routes = map[string]string{
	"GET /approve":             "WebFunction",
	"GET /badges/{name}":       "WebFunction",
	"POST /approve":            "WebFunction",
	"POST /slack/commands":     "SlackFunction",
	"POST /slack/events":       "SlackFunction",
	"POST /slack/interactions": "SlackFunction",
	"POST /slack/options":      "SlackFunction",
}

// apiHasRoutes: these and no catch-all.
func apiHasRoutes(t template) []string {
	var found []string
	got := map[string]bool{}
	for _, id := range t.resources("AWS::ApiGatewayV2::Route") {
		route, _ := t.of(id, "RouteKey").(string)
		integration := strings.Trim(strings.TrimPrefix(target(t.of(id, "Target")), "integrations/"), "${}")
		function := target(t.of(integration, "IntegrationUri"))
		got[route] = true
		switch {
		case routes[route] == "":
			found = append(found, id+": "+route+" is promised nowhere")
		case function != routes[route]:
			found = append(found, fmt.Sprintf("%s: %s leads to %s, not %s", id, route, function, routes[route]))
		case !t.mayAnswer(function, route):
			found = append(found, id+": the API may not invoke "+function)
		case number(t.of(integration, "TimeoutInMillis")) > 1000*number(t.of(function, "Timeout")):
			found = append(found, id+": the API waits longer than "+function+" may run")
		}
	}
	for _, route := range keys(routes) {
		if !got[route] {
			found = append(found, "HttpApi: lacks "+route)
		}
	}
	return found
}

// mayAnswer reports whether a Lambda permission lets the API call function for a
// route, such as "GET /approve".
func (t template) mayAnswer(function, route string) bool {
	return slices.ContainsFunc(t.resources("AWS::Lambda::Permission"), func(id string) bool {
		_, pattern, ours := strings.Cut(target(t.of(id, "SourceArn")), "${HttpApi}/")
		words := strings.Split(pattern, "*")
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		matched, err := regexp.MatchString("^"+strings.Join(words, ".*")+"$", "$default/"+strings.Replace(route, " ", "", 1))
		return ours && matched && err == nil && target(t.of(id, "FunctionName")) == function &&
			t.of(id, "Principal") == "apigateway.amazonaws.com"
	})
}

// logged are the parts of a request that may be in an access log. The query
// is not: it holds a link's token.
var logged = []string{
	"requestTime", "requestId", "identity.sourceIp", "httpMethod", "path", "routeKey", "status", "responseLength",
	"responseLatency", "integrationLatency", "integrationErrorMessage",
}

var contextVariable = regexp.MustCompile(`\$context\.([A-Za-z.]+)`)

func accessLogsHoldNoToken(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::ApiGatewayV2::Stage") {
		format, _ := t.of(id, "AccessLogSettings", "Format").(string)
		if format == "" {
			found = append(found, id+": has no access log")
		}
		for _, m := range contextVariable.FindAllStringSubmatch(format, -1) {
			if !slices.Contains(logged, m[1]) {
				found = append(found, id+": logs "+m[1]+"; if it can hold no token, add it to the list in data_test.go")
			}
		}
	}
	return found
}

var secretWord = regexp.MustCompile(`(?i)secret|token|password|apikey`)

// secretsComeByReference: what is in a parameter or a variable is shown in the
// console, and kept in the history of the stack.
func secretsComeByReference(t template) []string {
	var found []string
	parameters, _ := t.mapping["Parameters"].(mapping)
	for _, name := range keys(parameters) {
		pattern, _ := at(parameters[name], "AllowedPattern").(string)
		one := strings.HasSuffix(name, "Arn") && strings.HasPrefix(pattern, "^arn:") && at(parameters[name], "Default") == nil
		several := strings.HasSuffix(name, "Arns") && strings.HasPrefix(pattern, "^(arn:") && at(parameters[name], "Default") == ""
		if secretWord.MatchString(name) && !one && !several {
			found = append(found, name+": takes a secret and not the ARN of one")
		}
	}
	for _, id := range t.resources(aFunction) {
		for variable, v := range t.environment(id) {
			if secretWord.MatchString(variable) && !strings.HasSuffix(target(v), "SecretArn") {
				found = append(found, id+": "+variable+" is not the ARN of a secret")
			}
		}
	}
	if strings.Contains(t.text, "{{resolve:") {
		found = append(found, "a dynamic reference puts a secret into the stack")
	}
	return found
}

// handles are the types of resources that operators and scripts need by name.
var handles = []string{
	aFunction, aQueue, "AWS::SNS::Topic", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::ApiGatewayV2::Api",
	"AWS::S3::Bucket", "AWS::Scheduler::ScheduleGroup",
}

func outputsNameEveryHandle(t template) []string {
	var found []string
	outputs, _ := t.mapping["Outputs"].(mapping)
	for _, name := range keys(outputs) {
		if d, _ := at(outputs[name], "Description").(string); len(d) < 10 || at(outputs[name], "Value") == nil {
			found = append(found, name+": an output without Description or Value")
		}
	}
	for _, kind := range handles {
		for _, id := range t.resources(kind) {
			named := false
			for _, name := range keys(outputs) {
				named = named || references(at(outputs[name], "Value"), id)
			}
			if !named {
				found = append(found, id+": no output names it")
			}
		}
	}
	slices.SortFunc(found, cmp.Compare[string])
	return found
}
