package approval_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A plan is a history that can be played again, and cut down: the scene follows
// from seed and number alone, and every step makes sense wherever it stands.
type plan struct {
	seed, number uint64
	steps        []step
}

// A step is one thing that happens. What x, y and z choose is up to the kind.
type step struct {
	do      stepKind
	x, y, z int
	fault   fault
	// meanwhile happens in the middle of the step, before the effect at.
	meanwhile *step
	at        int
}

type stepKind string

const (
	arrives    stepKind = "an approval begins to wait"
	starts     stepKind = "the event of a start"
	ends       stepKind = "the event of an end"
	votes      stepKind = "a vote"
	repeats    stepKind = "a vote once more"
	rings      stepKind = "an alarm rings"
	rungAgain  stepKind = "an alarm rings once more"
	lost       stepKind = "an alarm is lost"
	reconciles stepKind = "the reconciler runs"
	passes     stepKind = "time passes"
	outside    stepKind = "somebody else ends it"
	regroups   stepKind = "a Slack user group changes"
	freezes    stepKind = "a freeze is declared or lifted"
	deploys    stepKind = "another policy is deployed"
	asks       stepKind = "somebody asks in Slack"
	deletes    stepKind = "somebody deletes a card"
)

// often says how often each kind of step is taken, in no unit.
var often = []struct {
	kind   stepKind
	weight int
}{
	{arrives, 3}, {starts, 5}, {ends, 3}, {votes, 22}, {repeats, 4}, {rings, 5}, {rungAgain, 1}, {lost, 1}, {reconciles, 4}, {passes, 8},
	{outside, 2}, {regroups, 2}, {freezes, 2}, {deploys, 1}, {asks, 1}, {deletes, 1},
}

// between are the kinds that may happen in the middle of another: what other
// invocations do at the same time.
var between = []stepKind{starts, ends, votes, votes, repeats, rings, reconciles, outside}

// A fault makes one effect of a step fail.
type fault struct {
	kind faultKind
	at   int // which effect, from 1
}

type faultKind string

const (
	fails        faultKind = "fails"
	losesReply   faultKind = "is done, and its reply is lost"
	crashBefore  faultKind = "never happens, as the function crashes"
	crashAfter   faultKind = "is the last, as the function crashes"
	longestFault           = 12 // effects into a step
)

func newPlan(seed, number uint64) (plan, scene) {
	r := rand.New(rand.NewPCG(seed, number))
	p := plan{seed: seed, number: number, steps: []step{{do: arrives}}}
	s := newScene(r)
	s.direct, s.generous, s.linked = !chance(r, 200), chance(r, 2), chance(r, 8)
	for range 5 + r.IntN(16) {
		st := step{do: kindOf(r), x: r.IntN(1 << 16), y: r.IntN(1 << 16), z: r.IntN(1 << 16)}
		if chance(r, 4) {
			st.fault = fault{[]faultKind{fails, losesReply, crashBefore, crashAfter}[r.IntN(4)], 1 + r.IntN(longestFault)}
		}
		if chance(r, 8) {
			st.meanwhile = &step{do: between[r.IntN(len(between))], x: r.IntN(1 << 16), y: r.IntN(1 << 16), z: r.IntN(1 << 16)}
			st.at = 1 + r.IntN(longestFault)
		}
		p.steps = append(p.steps, st)
	}
	return p, s
}

func kindOf(r *rand.Rand) stepKind {
	all := 0
	for _, o := range often {
		all += o.weight
	}
	n := r.IntN(all)
	for _, o := range often {
		if n -= o.weight; n < 0 {
			return o.kind
		}
	}
	return votes
}

// play plays p and returns what was wrong, if anything, with a report of the
// steps if one is wanted.
func (p plan) play(t testing.TB, s scene, report bool, seen sights) (wrong string, told []string) {
	a := newArena(t.Context(), s)
	a.reports, a.seen = report, seen
	defer func() {
		if r := recover(); r != nil {
			wrong, told = fmt.Sprintf("panic: %v", r), a.told
		}
	}()
	for _, st := range p.steps {
		if a.wrong == "" {
			a.take(st)
		}
	}
	if a.wrong == "" {
		a.windUp()
	}
	return a.wrong, a.told
}

// shrunk is p without the steps, faults and coincidences that what is wrong
// does not take.
func (p plan) shrunk(t testing.TB) plan {
	t.Helper()
	bad := func(steps []step) bool {
		_, s := newPlan(p.seed, p.number)
		wrong, _ := plan{p.seed, p.number, steps}.play(t, s, false, sights{})
		return wrong != ""
	}
	for smaller := true; smaller; {
		smaller = false
		for i := len(p.steps) - 1; i >= 0; i-- {
			for _, change := range []func(step) []step{
				func(step) []step { return nil },
				func(s step) []step { s.fault, s.meanwhile = fault{}, nil; return []step{s} },
				func(s step) []step { s.fault = fault{}; return []step{s} },
				func(s step) []step { s.meanwhile = nil; return []step{s} },
			} {
				changed := change(p.steps[i])
				if len(changed) > 0 && changed[0] == p.steps[i] {
					continue
				}
				steps := append(append(append([]step{}, p.steps[:i]...), changed...), p.steps[i+1:]...)
				if bad(steps) {
					p.steps, smaller = steps, true
					break
				}
			}
		}
	}
	return p
}

// explain plays p again and tells it.
func (p plan) explain(t testing.TB) string {
	t.Helper()
	_, s := newPlan(p.seed, p.number)
	wrong, told := p.play(t, s, true, sights{})
	return fmt.Sprintf("history %d/%d: %s\n\t%s", p.seed, p.number, wrong, strings.Join(told, "\n\t"))
}
