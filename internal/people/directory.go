package people

import "strings"

// A Member is a person together with the names that Git and IAM give them.
type Member struct {
	Person
	// Git lists what commits call the person: author names, addresses, and
	// names of GitHub or GitLab users, also as an address without reply
	// ("12345+dana@users.noreply.github.com"). CheckGit judges them.
	Git []string `json:"git,omitempty"`
	// IAM lists patterns of the principals that are the person. CheckIAM
	// judges them; one that it refuses matches nothing.
	IAM []string `json:"iam,omitempty"`
}

// A Directory is everybody whom the configuration knows.
type Directory struct {
	Members []Member `json:"people"`
	// Machines lists patterns of principals behind which nobody sits, such as
	// the role of a scheduler. CheckMachine judges them; one that it refuses
	// matches nothing.
	Machines []string `json:"machines,omitempty"`
}

// People lists the members without their names elsewhere.
func (d Directory) People() []Person {
	all := make([]Person, len(d.Members))
	for i, m := range d.Members {
		all[i] = m.Person
	}
	return all
}

// An Index answers who somebody is. It is made once by Directory.Index, does
// not change, and may be asked by many at once.
type Index struct {
	people []Person
	// exact finds who has an address, in small letters.
	exact map[string][]int
	// authors and principals find whom a name in a commit, or the name of an
	// IAM principal, resembles.
	authors, principals map[string][]claim
	iam                 []owned
	machines            []pattern
}

// A claim is that a member goes by the name plain.
type claim struct {
	member int
	plain  string
}

// owned is a pattern of a member.
type owned struct {
	pattern
	member int
}

// Index prepares d for questions.
func (d Directory) Index() *Index {
	x := &Index{
		people:     d.People(),
		exact:      make(map[string][]int, len(d.Members)),
		authors:    make(map[string][]claim, 4*len(d.Members)),
		principals: make(map[string][]claim, 4*len(d.Members)),
	}
	for i, m := range d.Members {
		if CheckEmail(m.Email) == nil {
			address := lower(m.Email)
			x.exact[address] = append(x.exact[address], i)
		}
		for _, name := range m.names() {
			add(x.authors, i, name)
			add(x.principals, i, name)
		}
		for _, text := range m.IAM {
			if p, err := parsePattern(text); err == nil {
				x.iam = append(x.iam, owned{p, i})
				add(x.principals, i, p.last())
			}
		}
	}
	for _, text := range d.Machines {
		if p, err := parseMachine(text); err == nil {
			x.machines = append(x.machines, p)
		}
	}
	return x
}

// names lists what commits may call m. The id is among them, as people often
// have the same one everywhere.
func (m Member) names() []string {
	return append([]string{m.ID, m.Name, m.Email}, m.Git...)
}

func add(claims map[string][]claim, member int, name string) {
	for _, k := range keys(name) {
		claims[k.text] = append(claims[k.text], claim{member, k.plain})
	}
}

// resembling lists the members whom name resembles, each once. Whose name it
// is to the letter hides those whose name only looks like it.
func (x *Index) resembling(claims map[string][]claim, names ...string) []Person {
	var found []Person
	seen := map[int]bool{}
	for _, name := range names {
		for _, k := range keys(name) {
			hits := claims[k.text]
			literal := false
			for _, h := range hits {
				literal = literal || h.plain == k.plain
			}
			for _, h := range hits {
				if !seen[h.member] && (!literal || h.plain == k.plain) {
					seen[h.member] = true
					found = append(found, x.people[h.member])
				}
			}
		}
	}
	return found
}

// Authors lists the members who may be behind the author or committer of a
// commit, to keep them from approving it. Whoever writes a commit chooses name
// and address freely, so each counts by itself, and looking like a member's is
// enough: letters of other alphabets, invisible characters, accents, tags after
// a plus, dots at Gmail. It admits nobody; for that there is Exact.
func (x *Index) Authors(name, email string) []Person {
	return x.resembling(x.authors, name, email)
}

// Exact finds the person who has exactly this address, but for small and
// capital ASCII letters. An address of two people is nobody's.
func (x *Index) Exact(email string) (Person, bool) {
	if hits := x.exact[lower(email)]; len(hits) == 1 {
		return x.people[hits[0]], true
	}
	return Person{}, false
}

// lower makes the ASCII letters of s small. strings.ToLower would also make a
// k of the Kelvin sign.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, s)
}
