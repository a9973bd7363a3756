package coldstart

// woken is a function with its environment and the event that wakes it. Each
// event is refused or ignored early, on purpose: what comes after would be the
// speed of somebody else's network.
func woken(name string) Function {
	f := Function{Name: name, Env: environment(variables[name]...)}
	switch name {
	case Floor:
		f.Event, f.Answer = `{}`, `""`
	case "slack": // a request without Slack's signature
		f.Event, f.Answer = gateway("POST", "/slack/interactions", "", "payload=%7B%7D"), `"statusCode":401`
	case "web": // a link that is cut short
		f.Event, f.Answer = gateway("GET", "/approve", "t=v1.short", ""), `"statusCode":400`
	default: // an event that the account also has, and that is about no pipeline
		f.Event, f.Answer = unrelated, `null`
	}
	return f
}

// variables are what the template sets.
var variables = map[string][]string{
	"slack": {
		"VOTES_QUEUE_URL=" + queues + "votes.fifo",
		"SLACK_SIGNING_SECRET=" + secret + "signing-AbCdEf",
		"SLACK_TOKEN_SECRET=" + secret + "token-AbCdEf",
		"SLACK_API_URL=" + nowhere + "/api/",
		"SLACK_APP_ID=A0SIGNALBOX",
		"SLACK_TEAM_ID=T0SIGNALBOX",
	},
	"approval": {
		"TABLE_NAME=signalbox",
		"TOPIC_ARN=arn:aws:sns:eu-west-1:111122223333:approvals",
		"LINK_KEY_ID=" + key,
		"SLACK_TOKEN_SECRET=" + secret + "token-AbCdEf",
		"SLACK_API_URL=" + nowhere + "/api/",
		"SLACK_TEAM_ID=T0SIGNALBOX",
		"PUBLIC_URL=https://signalbox.example.com",
		"SIGNALBOX_CONFIG=signalbox.json",
		"OPERATIONS_TOPIC_ARN=arn:aws:sns:eu-west-1:111122223333:operations",
		"SCHEDULE_GROUP=signalbox",
		"SCHEDULE_ROLE_ARN=arn:aws:iam::111122223333:role/signalbox-schedule",
		"FUNCTION_ARN=arn:aws:lambda:eu-west-1:111122223333:function:signalbox-approval",
		"EVENT_DEAD_LETTERS_ARN=arn:aws:sqs:eu-west-1:111122223333:signalbox-event-dead-letters",
	},
	"web": {
		"TABLE_NAME=signalbox",
		"LINK_KEY_ID=" + key,
		"VOTES_QUEUE_URL=" + queues + "votes.fifo",
		"PUBLIC_BADGES=false",
	},
	"notify": {
		"TABLE_NAME=signalbox",
		"CARDS_QUEUE_URL=" + queues + "cards.fifo",
		"SIGNALBOX_CONFIG=signalbox.json",
	},
	"deliver": {
		"TABLE_NAME=signalbox",
		"CARDS_QUEUE_URL=" + queues + "cards.fifo",
		"SLACK_TOKEN_SECRET=" + secret + "token-AbCdEf",
		"SLACK_API_URL=" + nowhere + "/api/",
		"SLACK_TEAM_ID=T0SIGNALBOX",
		"OPERATIONS_TOPIC_ARN=arn:aws:sns:eu-west-1:111122223333:operations",
		"FUNCTION_ARN=arn:aws:lambda:eu-west-1:111122223333:function:signalbox-deliver",
		"PUBLIC_URL=https://signalbox.example.com",
		"SIGNALBOX_CONFIG=signalbox.json",
	},
}

// unrelated is an event that none of our rules takes.
const unrelated = `{"version":"0","id":"aa11bb22-cc33-4d44-9e55-ff6677889900","source":"aws.ec2","account":"111122223333",` +
	`"detail-type":"EC2 Instance State-change Notification","time":"2026-03-10T10:00:00Z","region":"eu-west-1","resources":[],"detail":{}}`

// nowhere is an address where nobody listens. Should a function call out after
// all, it fails, and with it the measurement. It is no TLS address, so that no
// connection is opened in advance either.
const (
	nowhere = "http://127.0.0.1:9"
	queues  = nowhere + "/111122223333/"
	key     = "1234abcd-12ab-34cd-56ef-1234567890ab"
	secret  = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:" //nolint:gosec // a name, not a secret
)

// environment is what Lambda sets, and the template with variables.
func environment(variables ...string) []string {
	return append([]string{
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token",
		"AWS_LAMBDA_FUNCTION_NAME=signalbox", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:9", "AWS_ENDPOINT_URL=" + nowhere, "LOG_LEVEL=INFO",
	}, variables...)
}

// gateway is a request as an HTTP API passes it on.
func gateway(method, path, query, body string) string {
	return `{"version":"2.0","rawPath":"` + path + `","rawQueryString":"` + query + `","body":"` + body + `",` +
		`"headers":{"content-type":"application/x-www-form-urlencoded"},` +
		`"requestContext":{"requestId":"r","http":{"method":"` + method + `","sourceIp":"192.0.2.1"}}}`
}
