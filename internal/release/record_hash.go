package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Hash is of all that a card can show of r: equal hashes are equal cards. What
// depends on the time of looking, such as Elapsed, is not in it.
func (r Record) Hash() string {
	failure, _ := r.Failure()
	facts := r.Facts
	facts.At = time.Time{}
	text, err := json.Marshal(struct {
		ExecutionID
		Outcome          Status
		Since, Until     time.Time
		Train            []StageView
		Waits            []Wait
		Failure          Failure
		Trigger          Trigger
		Git              Git
		StopReason       string
		MoreRuns, Builds int
		Facts            Facts
	}{
		r.ExecutionID, r.Outcome(), r.Since(), r.Until(), r.Train(), r.WaitsFor(), failure, r.Trigger, r.Git, r.StopReason,
		r.MoreRuns.Count(), r.MoreBuilds.Count(), facts,
	})
	if err != nil {
		return "" // of a time beyond the year 9999, which no event can have
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
