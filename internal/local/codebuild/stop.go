package codebuild

import (
	"regexp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type stopBuildInput struct {
	ID string `json:"id"`
}

type buildAnswer struct {
	Build buildView `json:"build"`
}

// buildID is what StopBuild takes: an id or an ARN.
var buildID = regexp.MustCompile(`^(arn:aws[a-z-]*:codebuild:[a-z0-9-]+:[0-9]{12}:build/)?[A-Za-z0-9][A-Za-z0-9_-]*:[0-9a-f-]{36}$`)

// stopBuild ends a build as STOPPED.
func (s *Service) stopBuild(in stopBuildInput) (buildAnswer, error) {
	if !buildID.MatchString(in.ID) {
		return buildAnswer{}, invalid("'%.200s' is no build ID", in.ID)
	}
	b := s.build(in.ID)
	if b == nil {
		return buildAnswer{}, api.Errorf(notFound, "Build cannot be found: %.200s", in.ID)
	}
	s.stop(b)
	return buildAnswer{s.show(b)}, nil
}

// stop ends b now, unless it is over.
func (s *Service) stop(b *build) {
	if b.over() || s.closed {
		return
	}
	b.cutShort(stopped, reason{})
	for !b.over() {
		b.stopTimer()
		s.leave(b)
	}
}

// StopBuild stops a build on behalf of a pipeline; one that is over or
// forgotten is left alone.
func (s *Service) StopBuild(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.byID[id]; b != nil {
		s.stop(b)
	}
}
