package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
)

// A Rule says who has to approve the actions that it matches, and how they are
// asked. A request keeps the rule as it was when the request was opened.
type Rule struct {
	// Name is unique among the rules. It is shown, and stored with each
	// request that the rule opened.
	Name  string `json:"name"`
	Match Match  `json:"match"`
	// Environment is what is released to, for people to read; may be empty.
	Environment string `json:"environment,omitempty"`
	// Channel is the id of the Slack channel that is asked.
	Channel string `json:"channel,omitempty"`
	// Quorums have to be met, every one of them. Without any, nobody may
	// approve.
	Quorums []Quorum `json:"quorums,omitempty"`
	// BreakGlass may pass the gate alone, with a reason, whatever else the rule
	// says.
	BreakGlass []people.Person `json:"break_glass,omitempty"`
	// HighRisk makes a click in Slack no more than the first of two acts: an
	// approval counts only through the person's own signed link.
	HighRisk bool `json:"high_risk,omitempty"`
	// Self says what keeps people from approving their own changes.
	Self Self `json:"self,omitzero"`
	// ReasonToApprove demands a reason for an approval, too.
	ReasonToApprove bool `json:"reason_to_approve,omitempty"`
	// RejectSilently waives the reason that a rejection needs otherwise.
	RejectSilently bool `json:"reject_silently,omitempty"`
	// Remind lists how long after its start a request is brought to mind.
	Remind   []time.Duration `json:"remind,omitempty"`
	Escalate []Escalation    `json:"escalate,omitempty"`
	// Expire is how long people may take. Zero leaves it to CodePipeline.
	Expire time.Duration `json:"expire,omitempty"`
	// Hours are when a release may go on; the zero value is always.
	Hours calendar.Timetable `json:"hours,omitzero"`
	// RefuseOutside refuses approvals outside of Hours and during a freeze,
	// which are held until they may start otherwise.
	RefuseOutside bool `json:"refuse_outside,omitempty"`
	// Tell says who is told that a request is open, which is another question
	// than who may answer it.
	Tell Tell `json:"tell,omitzero"`
	// Shadow makes the rule decide nothing: what it would have decided is
	// recorded.
	Shadow bool `json:"shadow,omitempty"`
}

// A Quorum is met when Need distinct people of its circle have approved. Who
// counts for one quorum of a request does not count for another.
type Quorum struct {
	// Name is what people call the circle, such as "QA".
	Name string `json:"name,omitempty"`
	Need int    `json:"need"`
	// People belong to the circle by configuration, Groups are Slack user
	// groups whose members do, as Slack says when a vote is counted.
	People []people.Person `json:"people,omitempty"`
	Groups []string        `json:"groups,omitempty"`
}

// An Escalation brings further people in when a request has waited for After.
type Escalation struct {
	After time.Duration   `json:"after"`
	To    []people.Person `json:"to"`
	// For is the name of the quorum to whose circle they are added; when it is
	// empty they are told and cannot answer.
	For string `json:"for,omitempty"`
}

// A Self says which ties to a release keep somebody from approving it. The zero
// value is the strict one, but for authors nobody knows: a commit by a stranger
// is no approver's own, unless it is theirs under another name.
type Self struct {
	// Allow lets people approve what they started, authored or committed.
	Allow bool `json:"allow,omitempty"`
	// AllowUnknownStarter lets people approve what somebody started who is not
	// in the configuration, and who could be themselves.
	AllowUnknownStarter bool `json:"allow_unknown_starter,omitempty"`
	// RefuseUnknownAuthor refuses approvals while a change has an author who is
	// not in the configuration, or while not all authors could be read.
	RefuseUnknownAuthor bool `json:"refuse_unknown_author,omitempty"`
}

// A Tell says who is told of an open request, besides the channel.
type Tell struct {
	// NoMail keeps Signalbox from mailing those who may answer.
	NoMail bool `json:"no_mail,omitempty"`
	// Direct also sends each of them the card as a direct message.
	Direct bool `json:"direct,omitempty"`
	// Mention lists Slack member and user group ids that the card mentions
	// instead of those who may answer.
	Mention []string `json:"mention,omitempty"`
}

// Approvers lists the people whom the rule names to answer, each once, in the
// order of its quorums. Members of Slack user groups are not among them.
func (r Rule) Approvers() []people.Person {
	all := []people.Person{}
	for _, q := range r.Quorums {
		all = join(all, q.People)
	}
	return all
}

// Groups lists the Slack user groups that the rule names, each once.
func (r Rule) Groups() []string {
	var all []string
	for _, q := range r.Quorums {
		all = union(all, q.Groups)
	}
	return all
}

// Hash names the content of the rule: it changes whenever the rule does. It is
// what proves which policy a request was decided under.
func (r Rule) Hash() string {
	raw, err := json.Marshal(r)
	if err != nil {
		return "" // a rule has nothing that JSON cannot say
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// join adds to all those of more who are not among them.
func join(all, more []people.Person) []people.Person {
	for _, p := range more {
		if _, ok := people.ByID(all, p.ID); !ok {
			all = append(all, p)
		}
	}
	return all
}

// union adds to a copy of a those of b that it lacks.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
