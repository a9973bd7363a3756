package approval_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// The cast of the histories. The first six are ordinary members, though one
// has no address and one no Slack account; the Slack accounts of the others may
// not vote. After them come Slack accounts of nobody in the configuration.
var (
	cast = []people.Person{
		member("ana", "Ana Novak"), member("ben", "Ben Dietz"), member("cid", "Cid Ferro"), member("dot", "Dot Quist"),
		{ID: "eva", Name: "Eva Hult", Slack: "U0EVA"}, {ID: "fay", Name: "Fay Torp", Email: "fay@example.com"},
		member("gil", "Gil Basso"), member("hal", "Hal Wynn"), member("ida", "Ida Kober"), member("jon", "Jon Pryce"),
	}
	accounts = map[string]approval.SlackUser{
		"U0ANA": {}, "U0BEN": {}, "U0CID": {}, "U0DOT": {}, "U0EVA": {}, "U0OUT": {},
		"U0GIL": {Guest: true}, "U0HAL": {Bot: true}, "U0IDA": {Deleted: true}, "U0JON": {Foreign: true},
	}
	outsiders = []string{"U0OUT", "U0NIL"} // a member whom nobody configured, and an account that Slack does not know

	castIndex = func() *people.Index {
		var d people.Directory
		for _, p := range cast {
			d.Members = append(d.Members, people.Member{Person: p, IAM: []string{"arn:aws:iam::111122223333:user/" + p.ID}})
		}
		return d.Index()
	}()
)

func member(id, name string) people.Person {
	return people.Person{ID: id, Name: name, Email: id + "@example.com", Slack: fmt.Sprintf("U0%c%c%c", id[0]-32, id[1]-32, id[2]-32)}
}

// A scene is where a history plays: the policies there may be, who started the
// executions and who wrote the changes.
type scene struct {
	books    []approval.Rulebook // the first is in force, until somebody deploys another
	groups   map[string][]string
	by       string // what CodePipeline says of who started it
	trigger  string
	changes  release.Changes
	truth    ties
	unread   int // how often the changes cannot be read at first
	parallel bool
	direct   bool // the store copies requests without JSON
	linked   bool // the trail is linked in the end
	generous bool // in the end everything is delivered once more, and not only what failed
}

// ties is what is true about a release, as the scene made it.
type ties struct {
	people                                  map[string]bool
	unknownStarter, unknownAuthor, complete bool
}

func newScene(r *rand.Rand) scene {
	s := scene{parallel: chance(r, 4), groups: map[string][]string{}}
	for _, g := range []string{"S0QA", "S0OPS"} {
		s.groups[g] = slackUsers(r, 3)
	}
	for range 1 + r.IntN(2) {
		s.books = append(s.books, randomBook(r))
	}
	s.release(r)
	s.unread = max(0, r.IntN(30)-26)
	return s
}

// release makes up who started the executions, and who wrote what they carry.
func (s *scene) release(r *rand.Rand) {
	s.truth = ties{people: map[string]bool{}, complete: !chance(r, 6)}
	s.changes.AuthorsComplete = s.truth.complete
	switch r.IntN(10) {
	case 0:
		p := cast[r.IntN(len(cast))]
		s.by, s.trigger = "arn:aws:iam::111122223333:user/"+p.ID, "StartPipelineExecution"
		s.truth.people[p.ID] = true
	case 1:
		s.by, s.trigger, s.truth.unknownStarter = "arn:aws:iam::111122223333:root", "StartPipelineExecution", true
	case 2:
		s.by, s.trigger, s.truth.unknownStarter = "arn:aws:sts::111122223333:assumed-role/deploy/ci-4711", "StartPipelineExecution", true
	default:
		s.trigger = "WebhookV2"
	}
	for range max(0, r.IntN(4)-1) {
		p := cast[r.IntN(len(cast))]
		a := release.Author{Name: p.Name, Email: p.Email, Committer: chance(r, 3)}
		if chance(r, 4) {
			a = release.Author{Name: "Someone Else", Email: "else@elsewhere.example"}
			s.truth.unknownAuthor = true
		} else {
			s.truth.people[p.ID] = true
		}
		s.changes.Authors = append(s.changes.Authors, a)
	}
}

func randomBook(r *rand.Rand) approval.Rulebook {
	b := approval.Rulebook{Environments: []approval.Environment{{Name: "production"}}}
	if !chance(r, 20) {
		b.Policies = append(b.Policies, randomRule(r, "release"))
	}
	for i := range r.IntN(3) {
		if chance(r, 3) {
			shadow := randomRule(r, fmt.Sprintf("trial %d", i))
			shadow.Shadow = true
			b.Policies = append(b.Policies, shadow)
		}
	}
	return b
}

func randomRule(r *rand.Rand, name string) approval.Rule {
	rule := approval.Rule{
		Name: name, Match: approval.Match{Pipelines: []string{"web-*"}}, Channel: "C0RELEASES",
		HighRisk: chance(r, 6), ReasonToApprove: chance(r, 6), RejectSilently: chance(r, 4), RefuseOutside: chance(r, 4),
		Self: approval.Self{Allow: chance(r, 5), AllowUnknownStarter: chance(r, 2), RefuseUnknownAuthor: chance(r, 4)},
		Tell: approval.Tell{NoMail: chance(r, 3), Direct: chance(r, 4)},
	}
	for i := range 1 + max(0, r.IntN(5)-2) {
		q := approval.Quorum{Name: []string{"QA", "Ops", "Web"}[i], Need: 1 + max(0, r.IntN(6)-3)}
		if !chance(r, 10) {
			q.People = append(some(r, cast, 2), some(r, cast[:6], 3)...)
			slices.SortFunc(q.People, func(a, b people.Person) int { return strings.Compare(a.ID, b.ID) })
			q.People = slices.Compact(q.People)
		}
		for g := range max(0, r.IntN(4)-1) {
			q.Groups = append(q.Groups, []string{"S0OPS", "S0QA"}[g%2])
		}
		rule.Quorums = append(rule.Quorums, q)
	}
	if chance(r, 3) {
		rule.BreakGlass = some(r, cast, 2)
	}
	randomTimes(r, &rule)
	return rule
}

// randomTimes gives a rule hours, an expiry, reminders and escalations.
func randomTimes(r *rand.Rand, rule *approval.Rule) {
	if chance(r, 3) {
		all := []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun}
		from, to := r.IntN(24), r.IntN(24)
		rule.Hours = calendar.Timetable{
			Zone:    []string{"UTC", "Europe/Berlin", "America/Chicago"}[r.IntN(3)],
			Windows: []calendar.Window{{Days: some(r, all, 7), From: calendar.Clock(fmt.Sprintf("%02d:00", from)), To: calendar.Clock(fmt.Sprintf("%02d:30", to))}},
		}
		if len(rule.Hours.Windows[0].Days) == 0 {
			rule.Hours.Windows[0].Days = all
		}
	}
	if chance(r, 3) {
		rule.Expire = time.Duration(1+r.IntN(48)) * time.Hour
	}
	for i := range r.IntN(3) {
		rule.Remind = append(rule.Remind, time.Duration(i+1)*time.Duration(1+r.IntN(20))*time.Hour)
	}
	slices.Sort(rule.Remind)
	for i := range max(0, r.IntN(4)-1) {
		e := approval.Escalation{After: time.Duration(i+1) * time.Duration(1+r.IntN(10)) * time.Hour, To: some(r, cast[1:], 1)}
		e.To = append(e.To, cast[0])
		if chance(r, 2) {
			e.For = rule.Quorums[r.IntN(len(rule.Quorums))].Name
		}
		rule.Escalate = append(rule.Escalate, e)
	}
	slices.SortFunc(rule.Escalate, func(a, b approval.Escalation) int { return int(a.After - b.After) })
}

// chance is true once in n times.
func chance(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

// some picks up to most of all, in their order.
func some[T any](r *rand.Rand, all []T, most int) []T {
	var picked []T
	want := r.IntN(most + 1)
	for i, one := range all {
		if r.IntN(len(all)-i) < want-len(picked) {
			picked = append(picked, one)
		}
	}
	return picked
}

func slackUsers(r *rand.Rand, most int) []string {
	ids := slices.Clone(outsiders)
	for _, p := range cast {
		if p.Slack != "" {
			ids = append(ids, p.Slack)
		}
	}
	return some(r, ids, most)
}
