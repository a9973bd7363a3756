package approval

import "time"

// end returns r as it stands after CodePipeline said, at the moment now, that
// its action ended as e: applied when that was our own answer, else closed. A
// request that is applied or closed stays as it is, and false is returned.
func (r Request) end(e Ending, now time.Time) (Request, bool) {
	switch {
	case r.State == Closed || r.Applied != nil:
		return r, false
	case r.matches(e):
		r.Applied = &now
	default:
		if e.At.IsZero() { // nobody knows when
			e.At = now
		}
		r.State = Closed
		r.Ending = &e
		r = r.unheld()
	}
	return r, true
}

// matches reports whether e is what r.Vote must have led to, so that the
// answer CodePipeline has had is ours. The summary names the voter and the
// door, so an answer given in the console does not pass for ours.
func (r Request) matches(e Ending) bool {
	if r.Vote == nil || e.Summary != Summary(r) {
		return false
	}
	return r.Vote.Verdict == Approve && e.How == EndedApproved || r.Vote.Verdict == Reject && e.How == EndedRejected
}
