// Package notice decides what about a release deserves to be said, where, to
// whom and how loudly: Route finds the places, Teller.Plan what is due in one
// of them, Summaries what waited for the morning, and Text puts it in words.
//
// All of it is pure. It follows from the release as it stands and from what
// has been said, never from single events, so that repeated, late, lost or
// reordered events change nothing. It sends nothing, and it escapes nothing by
// itself: a renderer passes its own escape, as all texts of a release come from
// outside.
//
// The rule to know: a card may change as often as it likes, because an edit
// disturbs nobody. Only what somebody must act upon is loud.
package notice
