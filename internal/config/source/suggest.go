package source

import (
	"fmt"
	"slices"
	"strings"
)

// suggest returns the candidate that somebody who wrote word most likely
// meant, or nothing when none is near. Case does not count as a difference. Of
// several that are as near, it is one that begins as word does: people seldom
// mistake the first letter.
func suggest(word string, candidates []string) (string, bool) {
	word = strings.ToLower(word)
	best, least := "", 2*max(len(word)/3, 1)+2
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		lower := strings.ToLower(c)
		d := 2 * distance(word, lower)
		if word != "" && !strings.HasPrefix(lower, word[:1]) {
			d++
		}
		if d < least {
			best, least = c, d
		}
	}
	return best, best != ""
}

// distance is how many characters have to be added, removed, replaced, or
// swapped with their neighbour to make a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > maxCompared || len(t) > maxCompared {
		return max(len(s), len(t)) // too long to be a slip
	}
	var before []int // the row before the last
	last := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}

// maxCompared keeps the comparison of long words from taking long.
const maxCompared = 64

// listed writes words as "a, b or c", at most ten of them.
func listed(words []string) string {
	const most = 10
	if len(words) > most {
		return fmt.Sprintf("%s or %d others", strings.Join(words[:most], ", "), len(words)-most)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
