package approval

import "slices"

// withCard adds c to cards unless it is there or empty. Slack may have taken a
// message whose answer never reached us: its buttons work all the same, and
// this is how we learn where it is.
func withCard(cards []Card, c Card) []Card {
	if c.Channel == "" || hasCard(cards, c) {
		return cards
	}
	return append(slices.Clone(cards), c)
}

// hasCard reports whether the message of c is among cards.
func hasCard(cards []Card, c Card) bool {
	return slices.ContainsFunc(cards, func(other Card) bool { return other.Channel == c.Channel && other.TS == c.TS })
}
