package people_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/people"
)

// judged is an entry and a part of what is wrong with it, empty for nothing.
type judged struct{ entry, wrong string }

func judge(t *testing.T, check func(string) error, all []judged) {
	t.Helper()
	for _, j := range all {
		err := check(j.entry)
		switch {
		case err == nil && j.wrong != "":
			t.Errorf("%+q passes", j.entry)
		case err != nil && (j.wrong == "" || !strings.Contains(err.Error(), j.wrong)):
			t.Errorf("%+q: %v; want %q", j.entry, err, j.wrong)
		}
	}
}

func TestPatternsOfPeople(t *testing.T) {
	t.Parallel()
	judge(t, people.CheckIAM, []judged{
		{sts + "assumed-role/Developer/dana", ""},
		{sts + "assumed-role/Dana/*", ""},
		{sts + "assumed-role/Dana", ""},
		{sts + "assumed-role/*/dana@example.com", ""},
		{sso + "dana", ""},
		{sts + "assumed-role/AWSReservedSSO_Admin_*/dana", ""},
		{sts + "federated-user/dana", ""},
		{iam + "user/dev/dana", ""},
		{iam + "role/dev/Dana", ""},
		{"arn:aws-us-gov:iam::" + account + ":user/dana", ""},
		{"dana@example.com", ""},
		{"", "no IAM principal has"},
		{"d\u0430na", "no IAM principal has"},
		{"*", "neither an ARN nor the name of a session"},
		{"dana*", "neither an ARN nor the name of a session"},
		{"d", "has 1"},
		{"aws-sdk-js-1", "nobody's"},
		{"botocore-session-1", "nobody's"},
		{"i-0123456789abcdef0", "nobody's"},
		{"1700000000", "nobody's"},
		{"arn:aws:sts::*:assumed-role/*", "account"},
		{"arn:aws:iam::1234:user/dana", "twelve digits"},
		{"arn:*:iam::" + account + ":user/dana", "no ARN"},
		{iam + "group/ops", "no ARN"},
		{push, "no ARN"},
		{iam + "root", "root user"},
		{iam + "user/*", "user"},
		{iam + "role/D*", "role"},
		{sts + "assumed-role/*", "role"},
		{sts + "assumed-role/*/*", "everybody"},
		{sts + "assumed-role/D*/d*", "everybody"},
		{sts + "assumed-role/*/aws-sdk-go-1", "nobody's"},
		{sso + "*", "permission set"},
		{sso + "d*", "permission set"},
		{sts + "federated-user/*", "user"},
	})
}

func TestPatternsOfMachines(t *testing.T) {
	t.Parallel()
	judge(t, people.CheckMachine, []judged{
		{iam + "role/ci/Deployer", ""},
		{sts + "assumed-role/Deployer/*", ""},
		{sts + "assumed-role/Deployer", ""},
		{iam + "user/jenkins", ""},
		{sts + "assumed-role/Deployer/ci", "chooses the session's name"},
		{sts + "assumed-role/Deployer/ci-*", "chooses the session's name"},
		{sts + "assumed-role/*/ci", "chooses the session's name"},
		{sts + "federated-user/ci", "chooses the session's name"},
		{"jenkins", "chooses the session's name"},
		{sts + "assumed-role/AWSReservedSSO_Admin_0123456789abcdef", "permission set"},
		{iam + "root", "root user"},
		{iam + "user/*", "user"},
		{"*", "neither"},
	})
}

func TestAStarStaysInItsPart(t *testing.T) {
	t.Parallel()
	for pattern, matching := range map[string]map[string]bool{
		sts + "assumed-role/Dana/*":          {"Dana/x": true, "dana/X": true, "Dana": true, "Dana/a/b": false, "Danae/x": false},
		sts + "assumed-role/Dana/d*n*":       {"Dana/dan": true, "Dana/dxnx": true, "Dana/dax": false, "Dana/d/n": false},
		sts + "assumed-role/Team*Admin/dana": {"Team1Admin/dana": true, "Team1Admin/dan": false, "Admin/dana": false, "TeamX/Admin/dana": false},
	} {
		index := people.Directory{Members: []people.Member{{Person: people.Person{ID: "d", Name: "D"}, IAM: []string{pattern}}}}.Index()
		for session, want := range matching {
			got := index.Starter(sts+"assumed-role/"+session, "StartPipelineExecution").Kind == people.Human
			if got != want {
				t.Errorf("%s matches %s: %v, want %v", pattern, session, got, want)
			}
		}
	}
}

func TestAddressesAreVisibleASCII(t *testing.T) {
	t.Parallel()
	judge(t, people.CheckEmail, []judged{
		{"dana@example.com", ""},
		{"Dana.W+approve@example.co.uk", ""},
		{"d\u0430na@example.com", `"d\u0430na@example.com" has the character U+0430`},
		{"dana\u200b@example.com", "U+200B"},
		{"dana\u202e@example.com", "U+202E"},
		{"da na@example.com", "U+0020"},
		{"dana@example.com\n", "U+000A"},
		{"dana", "not an e-mail address"},
		{"dana@", "not an e-mail address"},
		{"@example.com", "not an e-mail address"},
		{"dana@b@example.com", "not an e-mail address"},
		{"<dana@example.com>", "not an e-mail address"},
		{"", "not an e-mail address"},
		{strings.Repeat("d", 250) + "@x.de", "longer"},
	})
}

func TestGitNamesAreSomebodys(t *testing.T) {
	t.Parallel()
	judge(t, people.CheckGit, []judged{
		{"Dana Whitfield", ""},
		{"José García", ""},
		{"Дана", ""},
		{"12345+dana@users.noreply.github.com", ""},
		{"", "no letters"},
		{"...", "no letters"},
		{"Da\u200bna", "U+200B"},
		{"Dana\u202e", "U+202E"},
		{"noreply@github.com", "everybody"},
		{"49699333+dependabot[bot]@users.noreply.github.com", "bot"},
	})
}

func TestOneNameLeadsToOnePerson(t *testing.T) {
	t.Parallel()
	if got := office().Check(); len(got) > 0 {
		t.Errorf("the office disputes %v", got)
	}
	ann := people.Member{Person: people.Person{ID: "ann", Name: "Ann Lee", Email: "ann@example.com"}, Git: []string{"al", "5+annl@users.noreply.github.com"},
		IAM: []string{sts + "assumed-role/Ann/*", sts + "assumed-role/Dev/ann"}}
	tests := []struct {
		name     string
		bob      people.Member
		machines []string
		want     []string
	}{
		{"the same name", people.Member{Person: people.Person{Name: "Ann Lee"}}, nil, nil},
		{"a Git name", people.Member{Git: []string{"AL"}}, nil, []string{`"AL" is ann's and also bob's: one name must lead to one person`}},
		{"somebody's name as a Git name", people.Member{Git: []string{"ann lee"}}, nil, []string{`"ann lee" is ann's and also bob's: one name must lead to one person`}},
		{"a GitHub user", people.Member{Git: []string{"annl"}}, nil, []string{`"annl" is ann's and also bob's: one name must lead to one person`}},
		{"an address", people.Member{Person: people.Person{Email: "Ann@example.com"}}, nil, []string{`"Ann@example.com" is ann's and also bob's: one name must lead to one person`}},
		{"a look-alike", people.Member{Person: people.Person{Email: "ann+2@example.com"}}, nil, []string{`the address "ann+2@example.com" of bob looks like one of ann's`}},
		{"a session", people.Member{IAM: []string{"ann"}}, nil, []string{`"ann" is ann's and also bob's: one name must lead to one person`}},
		{"a session in another's role", people.Member{IAM: []string{sts + "assumed-role/Ann/bob"}}, nil, []string{`"` + sts + `assumed-role/Ann/bob" is ann's and also bob's: one name must lead to one person`}},
		{"an address as a session", people.Member{IAM: []string{"ann@example.com"}}, nil, []string{`"ann@example.com" is ann's and also bob's: one name must lead to one person`}},
		{"a machine's role", people.Member{}, []string{iam + "role/Dev"}, []string{`"` + iam + `role/Dev" is a machine's and also ann's`}},
		{"another account", people.Member{IAM: []string{"arn:aws:sts::999999999999:assumed-role/Dev/ann"}}, []string{"arn:aws:iam::999999999999:role/Ann"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.bob.ID = "bob"
			var got []string
			for _, c := range (people.Directory{Members: []people.Member{ann, tt.bob}, Machines: tt.machines}).Check() {
				got = append(got, c.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestADirectoryIsFlatJSON(t *testing.T) {
	t.Parallel()
	d := people.Directory{Members: []people.Member{{Person: people.Person{ID: "d", Name: "D", Slack: "U1"}, Git: []string{"dd"}, IAM: []string{"d.d"}}}}
	raw, err := json.Marshal(d)
	want := `{"people":[{"id":"d","name":"D","slack":"U1","git":["dd"],"iam":["d.d"]}]}`
	if err != nil || string(raw) != want {
		t.Errorf("got %s, %v; want %s", raw, err, want)
	}
	var back people.Directory
	if err := json.Unmarshal(raw, &back); err != nil || !cmp.Equal(d, back) {
		t.Errorf("read back %+v, %v", back, err)
	}
	if got := back.People(); !cmp.Equal(got, []people.Person{d.Members[0].Person}) {
		t.Errorf("people are %v", got)
	}
}
