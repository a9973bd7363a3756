package codebuild

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// launch starts b, whose terms and script are set. Its first phase is over at
// once.
func (s *Service) launch(b *build, p *project) {
	now := s.now()
	p.builds++
	p.running++
	s.running++
	b.owner, b.project, b.uuid, b.number = p, p.Name, s.newID(), p.builds
	b.status, b.started = inProgress, now
	b.plan = b.script.plan(s.pause())
	b.deadline = now.Add(time.Duration(b.terms.queuedTimeout) * time.Minute)
	b.phases = []phase{{name: phaseSubmitted, status: succeeded, started: now, ended: now}}
	s.remember(b)
	s.enter(b)
	s.emitPhase(b, b.phases[0])
	s.emitState(b)
}

// pause is a random time within the pace.
func (s *Service) pause() time.Duration {
	p := s.opts.Pace
	if p.Max <= p.Min {
		return p.Min
	}
	return p.Min + time.Duration(s.rand.Int64N(int64(p.Max-p.Min)))
}

// enter begins the next step of b. A step that outlasts the build's timeout
// ends there.
func (s *Service) enter(b *build) {
	st, now := b.plan[0], s.now()
	if st.phase == phaseProvisioning {
		b.deadline = now.Add(time.Duration(b.terms.timeout) * time.Minute)
	}
	b.phases = append(b.phases, phase{name: st.phase, started: now})
	if left := b.deadline.Sub(now); st.takes > left && st.phase != phaseFinalizing {
		b.cutShort(timedOut, timeoutReason)
		b.plan[0].takes = max(left, 0)
	}
	at := len(b.phases)
	b.timer = s.after(b.plan[0].takes, func() {
		if !b.over() && len(b.phases) == at { // else it was stopped while this call waited for the lock
			s.leave(b)
		}
	})
}

// cutShort makes the running step of b end as end does, and the last one but
// FINALIZING.
func (b *build) cutShort(end string, why reason) {
	phase := b.plan[0].phase
	b.plan = []step{{phase: phase, status: end, reason: why}}
	if phase != phaseFinalizing {
		b.plan = append(b.plan, step{phase: phaseFinalizing, status: succeeded})
	}
}

// leave ends the running step of b and begins the next, or ends b.
func (s *Service) leave(b *build) {
	st, p := b.plan[0], b.current()
	b.plan = b.plan[1:]
	p.status, p.reason, p.ended = st.status, st.reason, s.now()
	if b.status == inProgress && st.status != succeeded {
		b.status = st.status // told when it is over; see shown
	}
	s.writePhase(b, *p)
	done := *p
	if st.phase == phaseUpload {
		s.report(b)
	}
	if len(b.plan) > 0 {
		s.enter(b)
		s.emitPhase(b, done)
		return
	}
	s.complete(b)
	s.emitPhase(b, done)
	s.emitState(b)
}

// complete ends b and tells who asked for it, after the lock is released.
func (s *Service) complete(b *build) {
	if b.status == inProgress {
		b.status = succeeded
	}
	b.ended = s.now()
	b.phases = append(b.phases, phase{name: phaseCompleted, started: b.ended})
	if b.status == succeeded || b.status == failed {
		b.exported = b.script.Variables
	}
	s.running--
	b.owner.running--
	tell := b.tell
	b.owner, b.plan, b.timer, b.tell, b.script = nil, nil, nil, nil, Script{}
	if tell != nil {
		result := engine.BuildResult{Status: b.status, Variables: b.exported}
		s.opts.Clock.AfterFunc(0, func() { tell(result) })
	}
}

// shown is the status that b has for everybody: a build that is going to fail
// is in progress until it is over.
func (b *build) shown() string {
	if !b.over() {
		return inProgress
	}
	return b.status
}
