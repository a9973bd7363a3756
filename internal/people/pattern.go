package people

import (
	"errors"
	"fmt"
	"strings"
)

// A pattern says which principals are somebody's: everything in it is small.
type pattern struct {
	principal
	// bare is set when only name counts: the name of a session, or a user.
	bare bool
}

// CheckIAM says what is wrong with a pattern in Member.IAM. Right are
//
//   - the ARN of an IAM user, of a federated user, or of a session of a role,
//   - the ARN of a role: every session of it is the person,
//   - the name of a session or user alone: in any account, under any role. Where
//     people choose the names of their sessions, it lets one pass for another.
//
// A * stands for any characters but / and :, in either the role or the session
// of arn:aws:sts::<account>:assumed-role/<role>/<session>. The other one must be
// complete, and so must the account: no pattern matches everybody.
func CheckIAM(text string) error {
	_, err := parsePattern(text)
	return err
}

// CheckMachine says what is wrong with a pattern in Directory.Machines. Right
// are only the ARNs of an IAM user and of a whole role, as …:role/<role> or
// …:assumed-role/<role>/*. A session's name is chosen by whoever assumes the
// role, so that a person could pass for a machine by it.
func CheckMachine(text string) error {
	_, err := parseMachine(text)
	return err
}

func parsePattern(text string) (pattern, error) {
	if text == "" || strings.Trim(text, principalSigns) != "" {
		return pattern{}, fmt.Errorf("%+q has characters that no IAM principal has", text)
	}
	if !strings.HasPrefix(lower(text), "arn:") {
		return parseBare(text)
	}
	p, ok := parsePrincipal(text)
	if !ok || strings.Contains(p.partition, "*") {
		return pattern{}, fmt.Errorf("%q is no ARN of an IAM user, a role, a session of a role or a federated user", text)
	}
	if len(p.account) != 12 || strings.Trim(p.account, "0123456789") != "" {
		return pattern{}, fmt.Errorf("write the account of %q in full: twelve digits", text)
	}
	if p.kind == session && p.name == "" { // a role
		if strings.Contains(p.role, "*") {
			return pattern{}, fmt.Errorf("write the role of %q in full", text)
		}
		p.name = "*"
	}
	return pattern{principal: p}, p.tooWide(text)
}

// principalSigns are what ARNs of principals and our patterns consist of.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const principalSigns = nameSigns + ":/*"

const nameSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"

// parseBare reads the name of a session or user.
func parseBare(text string) (pattern, error) {
	const shortest, longest = 2, 64 // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	switch {
	case strings.Trim(text, nameSigns) != "":
		return pattern{}, fmt.Errorf("%q is neither an ARN nor the name of a session, in which *, / and : cannot be", text)
	case len(text) < shortest || len(text) > longest:
		return pattern{}, fmt.Errorf("the name of a session has %d to %d characters, and %q has %d", shortest, longest, text, len(text))
	case madeUp(lower(text)):
		return pattern{}, fmt.Errorf("software makes up session names like %q: they are nobody's", text)
	}
	return pattern{principal: principal{name: lower(text)}, bare: true}, nil
}

// tooWide refuses a pattern that would match several people.
func (p principal) tooWide(text string) error {
	wildRole, wildName := strings.Contains(p.role, "*"), strings.Contains(p.name, "*")
	switch {
	case p.kind == root:
		return errors.New("the root user of an account is nobody in particular")
	case p.kind != session && wildName:
		return fmt.Errorf("write the user of %q in full: a * may stand in a role or a session", text)
	case wildRole && wildName:
		return fmt.Errorf("%q would match everybody: write the role or the session in full", text)
	case wildName && strings.HasPrefix(p.role, reserved):
		return fmt.Errorf("%q would match everybody with the permission set: write the session in full", text)
	case wildRole && madeUp(p.name):
		return fmt.Errorf("software makes up session names like %q: they are nobody's", p.name)
	}
	return nil
}

func parseMachine(text string) (pattern, error) {
	p, err := parsePattern(text)
	switch {
	case err != nil:
		return pattern{}, err
	case p.kind == user:
		return p, nil
	case p.kind != session || p.name != "*":
		return pattern{}, fmt.Errorf("whoever takes on a role chooses the session's name: instead of %q, "+
			"write the ARN of a role that only machines take on, or of an IAM user", text)
	}
	return p, nil
}

// madeUp reports whether a session name, in small letters, is one that SDKs,
// instances and services make up.
func madeUp(name string) bool {
	for _, prefix := range []string{"aws-sdk-", "aws-go-sdk-", "botocore-session-", "awscli-session", "aws-cli-", "i-0"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	const digits, hexDigits, longID = "0123456789", "0123456789abcdef-", 32
	return strings.Trim(name, digits) == "" || len(name) >= longID && strings.Trim(name, hexDigits) == ""
}

// matches reports whether c is one of p's principals.
func (p pattern) matches(c principal) bool {
	if p.bare {
		return c.kind != root && c.last() == p.name
	}
	return p.partition == c.partition && p.account == c.account && p.kind == c.kind &&
		glob(p.role, c.role) && glob(p.name, c.name)
}

// glob reports whether s is like the pattern, in which a * stands for any
// characters but / and :. It goes back to the last * only, so that many of them
// cost no more than one.
func glob(pattern, s string) bool {
	star, from := -1, 0 // the last *, and what it has to leave over
	at := 0
	for i := 0; i < len(s); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, from, at = at, i, at+1
		case at < len(pattern) && pattern[at] == s[i]:
			at, i = at+1, i+1
		case star >= 0 && s[from] != '/' && s[from] != ':':
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}
