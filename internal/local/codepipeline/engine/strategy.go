package engine

import (
	"regexp"
	"strconv"
	"time"
)

// A strategy is how a Lambda deployment moves traffic: percent of it at once
// and then either the rest after every (canary) or percent more each time
// (linear). Zero percent is all at once.
type strategy struct {
	percent int
	every   time.Duration
	linear  bool
}

var (
	canary = regexp.MustCompile(`^Canary([0-9]{1,2})Percent([0-9]{1,4})Minutes?$`)
	linear = regexp.MustCompile(`^Linear([0-9]{1,2})PercentEvery([0-9]{1,4})Minutes?$`)
)

// longestStrategy is the longest total wait. Source: CodePipeline user guide,
// "AWS Lambda deploy action reference".
const longestStrategy = 2 * 24 * time.Hour

// parseStrategy reads a DeployStrategy; empty is AllAtOnce.
func parseStrategy(text string) (strategy, bool) {
	if text == "" || text == "AllAtOnce" {
		return strategy{}, true
	}
	m, isLinear := canary.FindStringSubmatch(text), false
	if m == nil {
		m, isLinear = linear.FindStringSubmatch(text), true
	}
	if m == nil {
		return strategy{}, false
	}
	percent, err := strconv.Atoi(m[1])
	if err != nil {
		return strategy{}, false
	}
	minutes, err := strconv.Atoi(m[2])
	if err != nil {
		return strategy{}, false
	}
	s := strategy{percent: percent, every: time.Duration(minutes) * time.Minute, linear: isLinear}
	return s, percent > 0 && minutes > 0 && s.takes() <= longestStrategy
}

// takes is how long the traffic moves; zero for all at once.
func (s strategy) takes() time.Duration {
	if s.percent == 0 {
		return 0
	}
	return time.Duration(s.moves()) * s.every
}

// moves is how often traffic moves after the first time.
func (s strategy) moves() int {
	if !s.linear {
		return 1
	}
	return (100+s.percent-1)/s.percent - 1
}

// steps are the shares of traffic over time. The last move ends the
// deployment, so it is no step.
func (s strategy) steps() []step {
	if s.percent == 0 {
		return nil
	}
	var steps []step
	for i := range s.moves() {
		steps = append(steps, step{at: float64(i) / float64(s.moves()), percent: s.percent * (i + 1)})
	}
	return steps
}
