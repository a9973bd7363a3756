package evidence

import "slices"

// A headline says how the release stands. Names are apart from our words, since
// they are isolated in the page.
type headline struct{ Tone, Verb, Names, Rest string }

// headlineOf goes by the last gate that keeps the release, or else by all.
func headlineOf(all []Gate) headline {
	gates := latest(all)
	if len(gates) == 0 {
		return headline{Tone: "care", Verb: "No approval was asked for"}
	}
	for _, g := range slices.Backward(gates) {
		if g.Outcome != Approved {
			return keeping(g)
		}
	}
	var names []string
	for _, g := range gates {
		if g.Override != nil {
			return headline{"care", "Let through by break-glass by", Who(*g.Override), "at " + g.Stage}
		}
		for _, name := range g.By("approve") {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return headline{"go", "Let through by", list(names), ""}
}

// keeping says why g, which is not approved, keeps the release.
func keeping(g Gate) headline {
	at := "at " + g.Stage
	switch g.Outcome {
	case Rejected:
		return headline{"stop", "Stopped by", list(g.By("reject")), at}
	case Expired:
		return headline{"stop", "Not let through: time ran out", "", at}
	case Held:
		return headline{"care", "Approved by", list(g.By("approve")), "and held until the window of " + g.Stage + " opens"}
	case Closed:
		if done := verbs[g.End.Verdict]; done != "" {
			return headline{"care", "Not decided here, but " + done + " by", Who(*g.End), at}
		}
		return headline{"care", "Ended without an answer given here", "", at}
	case Waiting, Approved:
	}
	return headline{"care", "Waiting for an answer", "", at}
}

// latest leaves out the gates that were tried again: a retried approval is a
// request of its own.
func latest(all []Gate) []Gate {
	var kept []Gate
	for _, g := range all {
		kept = slices.DeleteFunc(kept, func(k Gate) bool { return k.Stage == g.Stage && k.Action == g.Action })
		kept = append(kept, g)
	}
	return kept
}
