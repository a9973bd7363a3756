package people

import "strings"

// A principal is a caller of AWS as its ARN names it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
type principal struct {
	partition, account string
	kind               kind
	// role is the name of an assumed role, without its path, which the ARN of
	// a session leaves out too.
	role string
	// name is the session of a role, empty when it is not said, or the name of
	// a user: with the path of one of IAM.
	name string
}

// A kind is a kind of principal.
type kind string

const (
	root      kind = "root"
	user      kind = "user"
	session   kind = "session" // of an assumed role, or a role without a session
	federated kind = "federated"
)

// parsePrincipal reads the ARN of a caller; ok is false for everything else,
// such as the ARN of a rule. Letters become small, as IAM has no two users or
// roles that differ in nothing else.
func parsePrincipal(arn string) (p principal, ok bool) {
	parts := strings.SplitN(lower(arn), ":", 6) // arn:partition:service:region:account:resource
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" || parts[3] != "" {
		return principal{}, false
	}
	p = principal{partition: parts[1], account: parts[4]}
	resource, name, _ := strings.Cut(parts[5], "/")
	switch parts[2] + ":" + resource {
	case "iam:root":
		p.kind = root
		return p, name == ""
	case "iam:user":
		p.kind, p.name = user, name
		return p, name != ""
	case "iam:role":
		p.kind, p.role = session, lastPart(name)
	case "sts:assumed-role":
		p.kind = session
		p.role, p.name, _ = strings.Cut(name, "/")
	case "sts:federated-user":
		p.kind, p.name = federated, name
		return p, name != ""
	}
	return p, p.role != ""
}

// last is the part of the name that may be somebody's.
func (p principal) last() string { return lastPart(p.name) }

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// identityCenter reports whether IAM Identity Center made the role, for a
// permission set: AWSReservedSSO_<set>_<16 hexadecimal digits>. It also names
// the role's sessions, after the user's name in Identity Center.
// https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
func (p principal) identityCenter() bool {
	set, ok := strings.CutPrefix(p.role, reserved)
	under := strings.LastIndexByte(set, '_')
	return ok && under > 0 && len(set)-under-1 == 16 && strings.Trim(set[under+1:], "0123456789abcdef") == ""
}

// reserved begins the names of roles of IAM Identity Center, in small letters.
const reserved = "awsreservedsso_"

// fixedName reports whether somebody else than the caller gave the name: an
// administrator of IAM or Identity Center. Everybody else who may assume a role
// or federate a user chooses the name freely.
func (p principal) fixedName() bool { return p.kind == user || p.identityCenter() }
