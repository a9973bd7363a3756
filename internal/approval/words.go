package approval

import (
	"strings"

	"github.com/signalbox/signalbox/internal/people"
)

// Short is the part of a revision's id by which people tell one from another:
// eight characters of a commit, twelve of a digest. It is outside text.
func (r Revision) Short() string {
	const commit, digest, other = 8, len("sha256:") + 12, 24
	switch {
	case (len(r.ID) == 40 || len(r.ID) == 64) && allOf(r.ID, hexDigits): // SHA-1 or SHA-256
		return r.ID[:commit]
	case strings.HasPrefix(r.ID, "sha256:") && len(r.ID) > digest && allOf(r.ID[len("sha256:"):], hexDigits):
		return r.ID[:digest]
	}
	return clip(r.ID, other)
}

// Subject is the first line of the revision's summary. It is outside text.
func (r Revision) Subject() string {
	line, _, _ := strings.Cut(strings.TrimSpace(r.Summary), "\n")
	return strings.TrimSpace(line)
}

// OthersThan says who besides p may answer r.
func (r Request) OthersThan(p people.Person) string {
	var rest []people.Person
	for _, a := range r.Approvers {
		if a.ID != p.ID {
			rest = append(rest, a)
		}
	}
	if len(rest) == 0 {
		return "Nobody else is asked."
	}
	return people.Names(rest, "or") + " may answer too. " + r.Waits()
}

// Starter says in plain words who or what started the execution, or nothing
// when CodePipeline did not say. It is outside text.
func (w Waiting) Starter() string {
	if w.StartedBy == "" {
		return triggers[w.Trigger]
	}
	return Identity(w.StartedBy)
}

// Identity says in plain words who or what an identity of AWS is: the person
// behind a role's session, where the session tells, and the name of everything
// else. What is no ARN is returned as it is. It is outside text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func Identity(by string) string {
	arn := strings.SplitN(by, ":", 6) // arn:partition:service:region:account:resource
	if len(arn) < 6 || arn[0] != "arn" {
		return by
	}
	service, account := arn[2], arn[4]
	kind, name, _ := strings.Cut(arn[5], "/")
	switch {
	case service == "sts" && kind == "assumed-role":
		return session(name)
	case service == "iam" && kind == "root":
		return "the root user of " + account
	case service == "codestar-connections", service == "codeconnections":
		return "a push to the repository"
	case service == "events" && kind == "rule":
		return "the rule " + lastPart(name)
	case name != "":
		return lastPart(name)
	}
	return by
}

// triggers are CodePipeline's trigger types as people would say them.
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ExecutionTrigger.html
var triggers = map[string]string{
	"CreatePipeline":         "the creation of the pipeline",
	"StartPipelineExecution": "somebody who pressed Release change",
	"PollForSourceChanges":   "a change in the source",
	"Webhook":                "a push to the repository",
	"WebhookV2":              "a push to the repository",
	"CloudWatchEvent":        "a change in the source",
	"PutActionRevision":      "a new revision",
	"ManualRollback":         "a rollback",
	"AutomatedRollback":      "an automatic rollback",
}

// session names the person of an assumed role, "role/session", when the
// session name tells, and else the role.
func session(name string) string {
	role, who, _ := strings.Cut(name, "/")
	// IAM Identity Center names the role of a permission set
	// AWSReservedSSO_<permission set>_<16 hexadecimal digits>.
	if set, ok := strings.CutPrefix(role, "AWSReservedSSO_"); ok && strings.Contains(set, "_") {
		role = set[:strings.LastIndex(set, "_")]
	}
	if who == "" || machineSession(who) {
		return "the role " + role
	}
	return who + " (" + role + ")"
}

// machineSession reports whether software made the session name up, so that it
// says nothing about who it was.
func machineSession(who string) bool {
	for _, prefix := range []string{"aws-sdk-", "botocore-session-", "AWSCLI-Session"} {
		if strings.HasPrefix(who, prefix) {
			return true
		}
	}
	instance := strings.HasPrefix(who, "i-") && allOf(who[2:], hexDigits)
	return instance || allOf(who, "0123456789") || len(who) >= 32 && allOf(who, hexDigits+"-")
}

const hexDigits = "0123456789abcdef"

func allOf(s, characters string) bool { return strings.Trim(s, characters) == "" }

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }
