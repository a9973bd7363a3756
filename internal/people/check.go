package people

import (
	"fmt"
	"strings"
)

// CheckEmail says what is wrong with an address in the configuration. Anything
// but visible ASCII is: a letter of another alphabet can look like one of ours,
// and who is admitted must be plain to see.
func CheckEmail(address string) error {
	const longest = 254 // RFC 3696, erratum 1690
	for _, r := range address {
		if r <= ' ' || r >= 0x7f {
			return fmt.Errorf("the address %+q has the character %U: write addresses in visible ASCII only", address, r)
		}
	}
	local, domain, ok := strings.Cut(address, "@")
	switch {
	case !ok || local == "" || domain == "" || strings.ContainsAny(address, "\"<>()[],;:\\") || strings.Contains(domain, "@"):
		return fmt.Errorf("%q is not an e-mail address", address)
	case len(address) > longest:
		return fmt.Errorf("the address %q is longer than %d characters", address, longest)
	}
	return nil
}

// CheckGit says what is wrong with an entry of Member.Git: nothing visible in
// it, something invisible in it, or a name that many share.
func CheckGit(name string) error {
	for _, r := range name {
		if r != ' ' && unseen(r) && looks()[r] == "" {
			return fmt.Errorf("the Git name %+q has the character %U, which nobody sees", name, r)
		}
	}
	all := keys(name)
	if len(all) == 0 {
		return fmt.Errorf("the Git name %+q has no letters or digits", name)
	}
	switch plain := lower(name); {
	case plain == "noreply@github.com" || plain == "github": // of what is merged on github.com
		return fmt.Errorf("GitHub commits for everybody as %q", name)
	case strings.Contains(plain, "[bot]"):
		return fmt.Errorf("%q is a bot, not a person", name)
	}
	return nil
}

// A Conflict is that two members, or a member and the machines, lay claim to
// one name.
type Conflict struct {
	// First and Second are ids of members; Second is empty for the machines.
	First, Second string
	// Name is what both claim, as Second has it, or the first of the machines.
	Name string
	// Alike is set when the addresses of both only look alike: one person
	// might vote as two.
	Alike bool
}

// Error says it in a sentence.
func (c Conflict) Error() string {
	switch {
	case c.Second == "":
		return fmt.Sprintf("%+q is a machine's and also %s's", c.Name, c.First)
	case c.Alike:
		return fmt.Sprintf("the address %+q of %s looks like one of %s's", c.Name, c.Second, c.First)
	}
	return fmt.Sprintf("%+q is %s's and also %s's: one name must lead to one person", c.Name, c.First, c.Second)
}

// Check lists the names that lead to more than one, in the order of the
// directory. Two people may be called the same; then a commit by that name
// keeps both from approving.
func (d Directory) Check() []Conflict {
	return append(d.checkNames(), d.checkPrincipals()...)
}

// claimant is who has a name, and whether it is only what people call them.
type claimant struct {
	member int
	plain  string
	called bool
}

func (d Directory) checkNames() []Conflict {
	var found []Conflict
	taken := map[string][]claimant{}
	for i, m := range d.Members {
		for n, name := range m.names() {
			for _, k := range keys(name) {
				c := claimant{i, k.plain, n == 1}
				if conflict, ok := d.disputed(taken[k.text], c, k); ok {
					conflict.Name = name
					found = append(found, conflict)
				}
				taken[k.text] = append(taken[k.text], c)
			}
		}
	}
	return found
}

// disputed returns the conflict of c with those who have the key k already.
func (d Directory) disputed(taken []claimant, c claimant, k key) (Conflict, bool) {
	for _, t := range taken {
		same := t.plain == c.plain
		alike := !same && strings.HasPrefix(k.text, addressKey)
		if t.member != c.member && (same && (!t.called || !c.called) || alike) {
			return Conflict{First: d.Members[t.member].ID, Second: d.Members[c.member].ID, Alike: alike}, true
		}
	}
	return Conflict{}, false
}

// entry is a pattern as a member wrote it, or their address, which counts as
// the name of a session too.
type entry struct {
	owned
	text    string
	address bool
}

func (d Directory) checkPrincipals() []Conflict {
	var found []Conflict
	all := d.entries()
	for i, b := range all {
		for _, a := range all[:i] {
			told := a.address && b.address // by checkNames
			if a.member != b.member && !told && a.overlaps(b.pattern) {
				found = append(found, Conflict{First: d.Members[a.member].ID, Second: d.Members[b.member].ID, Name: b.text})
				break
			}
		}
	}
	for _, text := range d.Machines {
		p, err := parseMachine(text)
		if err != nil {
			continue // CheckMachine tells
		}
		for _, a := range all {
			if a.overlaps(p) {
				found = append(found, Conflict{First: d.Members[a.member].ID, Name: text})
				break
			}
		}
	}
	return found
}

func (d Directory) entries() []entry {
	var all []entry
	for i, m := range d.Members {
		for n, text := range append([]string{m.Email}, m.IAM...) {
			if p, err := parsePattern(text); err == nil {
				all = append(all, entry{owned{p, i}, text, n == 0})
			}
		}
	}
	return all
}

// overlaps reports whether p and q are the same, or one names a principal in
// full that the other one matches.
func (p pattern) overlaps(q pattern) bool {
	return p == q || q.literal() && p.matches(q.principal) || p.literal() && q.matches(p.principal)
}

func (p pattern) literal() bool {
	return !p.bare && !strings.Contains(p.role+p.name, "*")
}
