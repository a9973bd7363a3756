package release

import "slices"

// FitsAny reports whether one of patterns fits all of name, or there are none.
// In a pattern * stands for any characters, also none, and ? for exactly one;
// upper and lower case differ.
func FitsAny(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { return fits(p, name) })
}

// fits reports whether pattern fits all of name. It steps back to the last
// * only, as no earlier one can do better, so that a hostile name costs
// len(pattern)·len(name) steps at most.
func fits(pattern, name string) bool {
	p, n := []rune(pattern), []rune(name)
	i, j := 0, 0         // next in p and in n
	star, taken := -1, 0 // the last * in p, and how far it reaches in n
	for j < len(n) {
		switch {
		case i < len(p) && p[i] == '*':
			star, taken = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == n[j]):
			i++
			j++
		case star >= 0:
			taken++
			i, j = star+1, taken
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
