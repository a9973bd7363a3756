package people

import "strings"

// A StarterKind says what kind of somebody or something started an execution.
type StarterKind string

// The kinds of starters. Whatever is neither Human nor Machine, such as the
// zero value, has to be treated as Unknown.
const (
	// Human is a member, named by something that they cannot choose, or by
	// what the configuration says is theirs.
	Human StarterKind = "HUMAN"
	// Machine is nobody: a rule, a push, a poll, a principal among
	// Directory.Machines. Who wrote the changes matters there.
	Machine StarterKind = "MACHINE"
	// Unknown may be a person who is not in the directory, or one who is, under
	// a name that does not prove it.
	Unknown StarterKind = "UNKNOWN"
)

// A Starter is who or what started an execution.
type Starter struct {
	Kind StarterKind `json:"kind"`
	// Person is set for Human only.
	Person Person `json:"person,omitzero"`
	// Resembles lists further members whom the name resembles or whose patterns
	// match too. Each of them may be the starter, whatever the Kind.
	Resembles []Person `json:"resembles,omitempty"`
	// Said is what CodePipeline said: its detail of the trigger, or else the
	// type. It is outside text.
	Said string `json:"said,omitempty"`
}

// Starter says who started an execution, of which CodePipeline tells the
// detail of the trigger, by, and its type. Both may be empty.
//
// Whoever assumes a role chooses the name of the session, unless the role is of
// IAM Identity Center or its trust policy fixes the name. So a session under any
// other role that is merely called after a member stays Unknown: else somebody
// could start a release in a colleague's name and then approve it. A name that
// looks like a member's is not theirs either. Both are listed in Resembles.
func (x *Index) Starter(by, trigger string) Starter {
	s := Starter{Kind: Unknown, Said: by}
	if by == "" {
		s.Said = trigger
	}
	p, ok := parsePrincipal(by)
	if !ok {
		if itself(trigger) || told(trigger) || trigger == "" && impersonal(by) {
			s.Kind = Machine
			return s
		}
		s.Resembles = x.resembling(x.principals, by)
		return s
	}
	all := x.owners(p)
	switch {
	case len(all) > 0:
		s.Kind, s.Person, s.Resembles = Human, all[0], all[1:]
	case itself(trigger) || x.machine(p):
		s.Kind = Machine
	default:
		s.Resembles = x.resembling(x.principals, p.last())
	}
	return s
}

// owners lists the members whose principal p is.
func (x *Index) owners(p principal) []Person {
	var all []Person
	seen := map[int]bool{}
	if p.fixedName() {
		if hits := x.exact[p.last()]; len(hits) == 1 {
			seen[hits[0]] = true
			all = append(all, x.people[hits[0]])
		}
	}
	for _, o := range x.iam {
		if !seen[o.member] && o.matches(p) {
			seen[o.member] = true
			all = append(all, x.people[o.member])
		}
	}
	return all
}

// machine reports whether the configuration calls p a machine.
func (x *Index) machine(p principal) bool {
	for _, m := range x.machines {
		if m.matches(p) {
			return true
		}
	}
	return false
}

// itself reports whether CodePipeline starts executions of the trigger type on
// its own, whatever principal it does that as.
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ExecutionTrigger.html
func itself(trigger string) bool {
	return trigger == "PollForSourceChanges" || trigger == "AutomatedRollback"
}

// told reports whether something else than a caller of the API starts
// executions of the trigger type: the detail is its ARN. All other types,
// StartPipelineExecution, CreatePipeline, PutActionRevision and ManualRollback,
// are calls with somebody's credentials, and so may be those of later years.
func told(trigger string) bool {
	return trigger == "Webhook" || trigger == "WebhookV2" || trigger == "CloudWatchEvent"
}

// impersonal reports whether arn is of something that is no principal and
// starts pipelines: a connection, a rule, or a webhook of CodePipeline.
func impersonal(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return false
	}
	switch parts[2] {
	case "codestar-connections", "codeconnections":
		return strings.HasPrefix(parts[5], "connection/")
	case "events":
		return strings.HasPrefix(parts[5], "rule/")
	case "codepipeline":
		return strings.HasPrefix(parts[5], "webhook:")
	}
	return false
}
