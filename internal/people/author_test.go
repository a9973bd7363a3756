package people_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/people"
)

func TestAuthorsAreFoundUnderAllTheirNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, author, email string
		want                []string
	}{
		{"address", "", "dana@example.com", []string{"dana"}},
		{"address in capitals", "", "DANA@Example.COM", []string{"dana"}},
		{"address with a tag", "", "dana+laptop@example.com", []string{"dana"}},
		{"address in angle brackets", "", "<dana@example.com>", []string{"dana"}},
		{"address as the name", "dana@example.com", "x@laptop.local", []string{"dana"}},
		{"dots at Gmail", "", "danap.rivate+git@googlemail.com", []string{"dana"}},
		{"dots elsewhere", "", "d.ana@example.com", nil},
		{"name", "Dana Whitfield", "x@laptop.local", []string{"dana"}},
		{"name with other spaces and case", "  dana\t WHITFIELD ", "", []string{"dana"}},
		{"name with signs", "Dana-Whitfield 🚀", "", []string{"dana"}},
		{"configured name", "D Whitfield", "", []string{"dana"}},
		{"id", "dana", "", []string{"dana"}},
		{"GitHub user", "", "dwhit@users.noreply.github.com", []string{"dana"}},
		{"GitHub user with another number", "", "9+dwhit@users.noreply.github.com", []string{"dana"}},
		{"GitHub user who has a new name", "", "12345+renamed@users.noreply.github.com", []string{"dana"}},
		{"GitHub user configured by name", "", "77+lokafor@users.noreply.github.com", []string{"lee"}},
		{"GitHub user's name as the name", "lokafor", "", []string{"lee"}},
		{"GitLab user", "", "77-lokafor@users.noreply.gitlab.com", []string{"lee"}},
		{"another GitHub user", "", "12+danish@users.noreply.github.com", nil},
		{"name and address of two people", "Dana Whitfield", "lee@example.com", []string{"dana", "lee"}},
		{"without accents", "Jose Garcia", "", []string{"jose"}},
		{"accents apart", "Jose\u0301 Garci\u0301a", "", []string{"jose"}},
		{"Hangul apart", "Miriam \u1100\u1175\u11b7", "", []string{"miriam"}},
		{"Hangul of two parts", "\uac00", "", []string{"ga"}},
		{"control characters", "Da\x7fna\x00 Whitfield", "", []string{"dana"}},
		{"Cyrillic letters", "", "d\u0430n\u0430@ex\u0430mple.com", []string{"dana"}},
		{"Greek letters in a name", "D\u03b1n\u03b1 Whitfield", "", []string{"dana"}},
		{"full width", "", "\uff44\uff41\uff4e\uff41\uff20example\uff0ecom", []string{"dana"}},
		{"zero width", "Da\u200bna\u2060 Whit\u00adfield", "", []string{"dana"}},
		{"turned around", "\u202eDana Whitfield\u202c", "", []string{"dana"}},
		{"combining marks", "", "d\u0336ana@example.com", []string{"dana"}},
		{"mathematical letters", "\U0001d403\U0001d41a\U0001d427\U0001d41a Whitfield", "", []string{"dana"}},
		{"r and n for m", "", "rniriarn.vvolf@exarnple.com", []string{"miriam"}},
		{"digits for letters", "", "1ee@example.c0m", []string{"lee"}},
		{"broken text", "Da\xffna Whitfield", "", []string{"dana"}},
		{"a stranger", "Sam Stranger", "sam@example.com", nil},
		{"what merges on GitHub", "GitHub", "noreply@github.com", nil},
		{"nothing", "", "", nil},
		{"nothing visible", "\u200b \u3164", "\u200b@\u200b", nil},
		{"only signs", "...", "@", nil},
	}
	index := office().Index()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, ids(index.Authors(tt.author, tt.email))); diff != "" {
				t.Errorf("Authors(%q, %q) (-want +got):\n%s", tt.author, tt.email, diff)
			}
		})
	}
}

// TestWhoseNameItIsHidesWhoseItLooksLike keeps Ian from being refused for the
// work of Lan, but not for that of somebody who might be either.
func TestWhoseNameItIsHidesWhoseItLooksLike(t *testing.T) {
	t.Parallel()
	index := people.Directory{Members: []people.Member{
		{Person: people.Person{ID: "ian", Name: "Ian Smith", Email: "ian@example.com"}},
		{Person: people.Person{ID: "lan", Name: "Lan Smith", Email: "lan@example.com"}},
		{Person: people.Person{ID: "namesake", Name: "Lan Smith"}},
	}}.Index()
	for email, want := range map[string][]string{
		"IAN@example.com":                     {"ian"},
		"lan@example.com":                     {"lan"},
		"1an@example.com":                     {"ian", "lan"},
		"7+lan@users.noreply.github.com":      {"lan"},
		"7+l\u0430n@users.noreply.github.com": {"ian", "lan"},
	} {
		if diff := cmp.Diff(want, ids(index.Authors("", email))); diff != "" {
			t.Errorf("Authors of %q (-want +got):\n%s", email, diff)
		}
	}
	if diff := cmp.Diff([]string{"lan", "namesake"}, ids(index.Authors("lan smith", ""))); diff != "" {
		t.Errorf("both who have the name (-want +got):\n%s", diff)
	}
}

func TestOnlyTheExactAddressAdmits(t *testing.T) {
	t.Parallel()
	d := office()
	d.Members = append(d.Members,
		people.Member{Person: people.Person{ID: "one", Email: "shared@example.com"}},
		people.Member{Person: people.Person{ID: "two", Email: "Shared@example.com"}},
		people.Member{Person: people.Person{ID: "odd", Email: "\u043edd@example.com"}})
	index := d.Index()
	for email, want := range map[string]string{
		"dana@example.com":        "dana",
		"Dana@EXAMPLE.com":        "dana",
		"dana+x@example.com":      "",
		" dana@example.com":       "",
		"d\u0430na@example.com":   "",
		"dana@example.com\u200b":  "",
		"1ee@example.com":         "",
		"shared@example.com":      "", // of two people
		"\u043edd@example.com":    "", // CheckEmail refuses it
		"miriam.wolf@example.com": "miriam",
		"miriam.wol\u017f@ex":     "",
		"\u212aim@example.com":    "",
		"dana.private@gmail.com":  "", // Git's, and proves nothing
		"":                        "",
	} {
		got, ok := index.Exact(email)
		if got.ID != want || ok != (want != "") {
			t.Errorf("Exact(%+q) = %q, %v; want %q", email, got.ID, ok, want)
		}
	}
}

// crowd has n members with all kinds of names.
func crowd(n int) people.Directory {
	var d people.Directory
	for i := range n {
		d.Members = append(d.Members, people.Member{
			Person: people.Person{ID: fmt.Sprintf("p%d", i), Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("person.%d@example.com", i)},
			Git:    []string{fmt.Sprintf("%d+p%d@users.noreply.github.com", i, i)},
			IAM:    []string{fmt.Sprintf("arn:aws:sts::%s:assumed-role/Developer/p%d", account, i)},
		})
	}
	return d
}

// BenchmarkRelease is a release of 500 commits, judged for 100 people by a
// function that has just started.
func BenchmarkRelease(b *testing.B) {
	d := crowd(100)
	for b.Loop() {
		index := d.Index()
		for i := range 500 {
			index.Authors("Pers\u043en Nobody", fmt.Sprintf("person.%d@example.com", i))
		}
		index.Starter("arn:aws:sts::"+account+":assumed-role/Developer/p99", "StartPipelineExecution")
	}
}
