package config

import (
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
)

// A form is what the value of a variable has to look like. It is checked so
// that a wrong value stops the function when it starts, with a sentence, and
// not at the first release with somebody else's error.
//
// The checks are written by hand: compiling regular expressions would cost
// every cold start of every function.
type form struct {
	// what completes "set it to …".
	what string
	ok   func(string) bool
	// hidden keeps a wrong value out of the error: people paste secrets where
	// their names belong.
	hidden bool
}

// The forms of the values that the template sets.
var (
	tableName = form{
		what: "the name of the DynamoDB table",
		ok:   func(v string) bool { return only(v, "_.-") },
	}
	topicARN = form{
		what: "the ARN of the SNS topic for approval mails, arn:aws:sns:REGION:ACCOUNT:NAME",
		ok:   func(v string) bool { return isARN(v, "sns", "", "_-") },
	}
	operationsTopicARN = form{
		what: "the ARN of the SNS topic for operations, arn:aws:sns:REGION:ACCOUNT:NAME",
		ok:   topicARN.ok,
	}
	secretARN = form{
		what:   "the ARN of a Secrets Manager secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
		ok:     func(v string) bool { return isARN(v, "secretsmanager", "secret:", "/_+=.@-") },
		hidden: true,
	}
	keyID = form{
		what: "the id, alias or ARN of the KMS key that signs links",
		ok:   func(v string) bool { return only(v, "/_-") || isARN(v, "kms", "", "/_-") },
	}
	teamID = form{
		what: "the id of your Slack workspace, which starts with T",
		ok:   func(v string) bool { return isSlackID(v, "TE") },
	}
	appID = form{
		what: "the id of your Slack app, which starts with A",
		ok:   func(v string) bool { return isSlackID(v, "A") },
	}
	filePath = form{
		what: "the path of the compiled configuration file, usually signalbox.json",
		ok:   func(v string) bool { return !strings.ContainsAny(v, "\x00\n") },
	}
	slackURL = form{
		what: "the base URL of Slack's Web API, " + defaultSlackAPI,
		ok:   isSafeURL,
	}
	publicURL = form{
		what: "the base URL at which people reach the HTTP API, starting with https://",
		ok:   isSafeURL,
	}
	queueURL = form{
		what: "the URL of the FIFO votes queue, https://HOST/ACCOUNT/NAME.fifo",
		ok:   isQueueURL,
	}
	scheduleGroup = form{
		what: "the name of the Scheduler group for one-time schedules",
		ok:   func(v string) bool { return len(v) <= 64 && only(v, "_.-") },
	}
	roleARN = form{
		what: "the ARN of the role that schedules run under, arn:aws:iam::ACCOUNT:role/NAME",
		ok:   func(v string) bool { return isARN(v, "iam", "role/", roleCharacters) },
	}
	functionARN = form{
		what: "the ARN of this very function, arn:aws:lambda:REGION:ACCOUNT:function:NAME",
		ok:   func(v string) bool { return isARN(v, "lambda", "function:", "_-") },
	}
	queueARN = form{
		what: "the ARN of the SQS queue for undelivered events, arn:aws:sqs:REGION:ACCOUNT:NAME",
		ok:   func(v string) bool { return isARN(v, "sqs", "", "_-") },
	}
	roleName = form{
		what: "the name of the role to assume in other accounts, with its path if it has one",
		ok:   func(v string) bool { return !strings.HasPrefix(v, "/") && only(v, roleCharacters) },
	}
	accountIDs = form{
		what: "the ids of other AWS accounts, separated by commas, or to nothing",
		ok:   func(v string) bool { return each(v, isAccount) },
	}
	regionNames = form{
		what: "the names of other AWS Regions, separated by commas, or to nothing",
		ok:   func(v string) bool { return each(v, isRegion) },
	}
	bucketName = form{
		what: "the name of the bucket for the audit trail, or to nothing",
		ok:   func(v string) bool { return len(v) >= 3 && len(v) <= 63 && v == strings.ToLower(v) && only(v, ".-") },
	}
	truth = form{
		what: "true or false",
		ok:   func(v string) bool { return v == "true" || v == "false" },
	}
	logLevel = form{
		what: "DEBUG, INFO, WARN or ERROR",
		ok:   func(v string) bool { _, ok := levels[strings.ToUpper(v)]; return ok },
	}
)

var levels = map[string]slog.Level{
	"DEBUG": slog.LevelDebug, "INFO": slog.LevelInfo, "WARN": slog.LevelWarn, "ERROR": slog.LevelError,
}

// isSafeURL reports whether v is a base URL that secrets may be sent to: over
// TLS, or to this very machine.
func isSafeURL(v string) bool {
	u, err := url.Parse(v)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(v, "?#") {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// isQueueURL reports whether v names a FIFO queue. Its scheme and host do not
// matter: the SDK sends to its own endpoint, and the URL is only a name.
func isQueueURL(v string) bool {
	u, err := url.Parse(v)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return false
	}
	account, queue, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	name, fifo := strings.CutSuffix(queue, ".fifo")
	return isAccount(account) && fifo && only(name, "_-")
}

// roleCharacters may be in the name and the path of a role, besides letters and
// digits. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
const roleCharacters = "_+=,.@-/"

// isARN reports whether v is arn:PARTITION:service:REGION:ACCOUNT:prefix and
// then a name of letters, digits and the characters in extra. What IAM has is
// in no Region.
func isARN(v, service, prefix, extra string) bool {
	p := strings.SplitN(v, ":", 6)
	if len(p) != 6 || p[0] != "arn" || !strings.HasPrefix(p[1], "aws") || p[2] != service {
		return false
	}
	name, ok := strings.CutPrefix(p[5], prefix)
	placed := only(p[3], "-")
	if service == "iam" {
		placed = p[3] == ""
	}
	return placed && isAccount(p[4]) && ok && only(name, extra)
}

// isAccount reports whether v is an AWS account id: twelve digits.
func isAccount(v string) bool {
	return len(v) == 12 && strings.Trim(v, "0123456789") == ""
}

// isRegion reports whether v looks like eu-west-1 or us-gov-west-1.
func isRegion(v string) bool {
	return strings.Count(v, "-") >= 2 && v == strings.ToLower(v) && only(v, "-")
}

// each reports whether ok holds for all of v that is between commas.
func each(v string, ok func(string) bool) bool {
	for part := range strings.SplitSeq(v, ",") {
		if !ok(part) {
			return false
		}
	}
	return true
}

// isSlackID reports whether v is one of kinds and then at least eight capitals
// and digits.
func isSlackID(v, kinds string) bool {
	return len(v) >= 9 && strings.ContainsRune(kinds, rune(v[0])) && v == strings.ToUpper(v) && only(v, "")
}

// only reports whether v is not empty and has only ASCII letters, digits and
// the characters in extra.
func only(v, extra string) bool {
	for _, c := range v {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (c < '0' || c > '9') && !strings.ContainsRune(extra, c) {
			return false
		}
	}
	return v != ""
}
