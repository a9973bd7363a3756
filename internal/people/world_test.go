package people_test

import (
	"github.com/signalbox/signalbox/internal/people"
)

const account = "111122223333"

// office is the directory of most tests.
func office() people.Directory {
	return people.Directory{
		Members: []people.Member{
			{
				Person: people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"},
				Git:    []string{"D. Whitfield", "12345+dwhit@users.noreply.github.com", "dana.private@gmail.com"},
				IAM:    []string{"arn:aws:sts::" + account + ":assumed-role/Developer/dana"},
			},
			{
				Person: people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"},
				Git:    []string{"@lokafor"},
				IAM:    []string{"lee.okafor", "arn:aws:iam::" + account + ":role/staff/LeesOwn"},
			},
			{
				Person: people.Person{ID: "priya", Name: "Priya Raman", Email: "priya@example.com"},
				IAM: []string{
					"arn:aws:sts::" + account + ":assumed-role/AWSReservedSSO_Admin_*/priya",
					"arn:aws:iam::" + account + ":user/ops/priya.raman",
				},
			},
			{Person: people.Person{ID: "miriam", Name: "Miriam 김", Email: "miriam.wolf@example.com"}},
			{Person: people.Person{ID: "jose", Name: "José García"}},
			{Person: people.Person{ID: "ga", Name: "\u1100\u1161"}},
		},
		Machines: []string{
			"arn:aws:iam::" + account + ":role/ci/ReleaseScheduler",
			"arn:aws:sts::" + account + ":assumed-role/Deployer/*",
			"arn:aws:iam::" + account + ":user/jenkins",
		},
	}
}

func ids(all []people.Person) []string {
	var out []string
	for _, p := range all {
		out = append(out, p.ID)
	}
	return out
}
