// Package people knows one person under many names: the ids of Slack, e-mail
// addresses, the names in commits and the principals of IAM.
//
// It holds plain values only: who belongs to an approval is configuration
// (internal/config), and whether a person may vote is decided where votes are
// counted (internal/approval). One rule runs through all of it: a mere
// resemblance keeps somebody out, and only what is exactly theirs lets them in.
package people

import "strings"

// A Person is one human being and the names other systems know them by. Two
// doors that lead to the same Person count as one voter.
type Person struct {
	// ID is the short name that the configuration file uses, such as "dana".
	// It is unique and never empty.
	ID string `json:"id"`
	// Name is what cards, e-mails and summaries call the person.
	Name string `json:"name"`
	// Email is where approval mails go; empty for someone who gets none.
	Email string `json:"email,omitempty"`
	// Slack is the Slack member id ("U…" or "W…"); empty for someone who
	// cannot vote in Slack.
	Slack string `json:"slack,omitempty"`
}

// BySlack finds the person with the Slack member id user. An empty id finds
// nobody, so that people without Slack never match each other.
func BySlack(all []Person, user string) (Person, bool) {
	for _, p := range all {
		if user != "" && p.Slack == user {
			return p, true
		}
	}
	return Person{}, false
}

// ByID finds the person with the configured id.
func ByID(all []Person, id string) (Person, bool) {
	for _, p := range all {
		if id != "" && p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// Names lists the names of all for a sentence: "Dana, Lee or Kim"; the last
// two are joined with conjunction. It is empty when all is.
func Names(all []Person, conjunction string) string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}
