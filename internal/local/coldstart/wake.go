package coldstart

// woken is a function with its environment and the event that wakes it. Each
// event is refused or ignored early, on purpose: what comes after would be the
// speed of somebody else's network.
func woken(name string) Function {
	switch name {
	case "slack": // a request without Slack's signature
		return Function{
			Name: name, Answer: `"statusCode":401`,
			Event: gateway("POST", "/slack/interactions", "", "payload=%7B%7D"),
			Env: environment(
				"VOTES_QUEUE_URL="+queue,
				"SLACK_SIGNING_SECRET="+secret+"signing-AbCdEf",
				"SLACK_TOKEN_SECRET="+secret+"token-AbCdEf",
				"SLACK_API_URL="+nowhere+"/api/",
				"SLACK_APP_ID=A0SIGNALBOX",
				"SLACK_TEAM_ID=T0SIGNALBOX",
			),
		}
	case "approval": // an event that the account also has, and that is no approval
		return Function{
			Name: name, Answer: `null`,
			Event: `{"version":"0","id":"aa11bb22-cc33-4d44-9e55-ff6677889900","source":"aws.ec2","account":"111122223333",` +
				`"detail-type":"EC2 Instance State-change Notification","time":"2026-03-10T10:00:00Z","region":"eu-west-1","resources":[],"detail":{}}`,
			Env: environment(
				"TABLE_NAME=signalbox",
				"TOPIC_ARN=arn:aws:sns:eu-west-1:111122223333:approvals",
				"LINK_KEY_ID=1234abcd-12ab-34cd-56ef-1234567890ab",
				"SLACK_TOKEN_SECRET="+secret+"token-AbCdEf",
				"SLACK_API_URL="+nowhere+"/api/",
				"SLACK_TEAM_ID=T0SIGNALBOX",
				"PUBLIC_URL=https://signalbox.example.com",
				"SIGNALBOX_CONFIG=signalbox.json",
				"OPERATIONS_TOPIC_ARN=arn:aws:sns:eu-west-1:111122223333:operations",
				"SCHEDULE_GROUP=signalbox",
				"SCHEDULE_ROLE_ARN=arn:aws:iam::111122223333:role/signalbox-schedule",
				"FUNCTION_ARN=arn:aws:lambda:eu-west-1:111122223333:function:signalbox-approval",
				"EVENT_DEAD_LETTERS_ARN=arn:aws:sqs:eu-west-1:111122223333:signalbox-event-dead-letters",
			),
		}
	case "web": // a link that is cut short
		return Function{
			Name: name, Answer: `"statusCode":400`,
			Event: gateway("GET", "/approve", "t=v1.short", ""),
			Env: environment(
				"TABLE_NAME=signalbox",
				"LINK_KEY_ID=1234abcd-12ab-34cd-56ef-1234567890ab",
				"VOTES_QUEUE_URL="+queue,
			),
		}
	default:
		return Function{Name: name, Event: `{}`, Answer: `""`, Env: environment()}
	}
}

// nowhere is an address where nobody listens. Should a function call out after
// all, it fails, and with it the measurement. It is no TLS address, so that no
// connection is opened in advance either.
const (
	nowhere = "http://127.0.0.1:9"
	queue   = nowhere + "/111122223333/votes.fifo"
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
