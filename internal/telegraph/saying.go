package telegraph

import (
	"context"
	"log/slog"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// saying is r with all there is to say it.
func (e *errand) saying(ctx context.Context, r notice.Reply) Saying {
	s := Saying{View: e.view, Reply: r, Card: e.url}
	if r.Kind != notice.Failed {
		return s
	}
	for _, stage := range e.view.Record.Train() {
		for _, a := range actions(stage) {
			if stage.Name == r.Stage && a.Name == r.Action && failedBuild(a) {
				s.Failure = e.why(ctx, a)
			}
		}
	}
	return s
}

// why asks why the build of a failed; nil if nobody can tell.
func (e *errand) why(ctx context.Context, a release.ActionView) *build.Failure {
	if e.failure != nil && e.failure.BuildID == a.ExternalID {
		return e.failure
	}
	f, err := e.Builds.Failure(ctx, buildPlace(e.view.Record, a), a.ExternalID)
	if err != nil {
		slog.WarnContext(ctx, "why a build failed is not known", "build", a.ExternalID, "err", err)
	}
	if f.BuildID == "" {
		return nil
	}
	e.failure = &f
	return e.failure
}

func buildPlace(r release.Record, a release.ActionView) build.Place {
	p := build.Place{Account: r.Account, Region: r.Region}
	if a.Region != "" {
		p.Region = a.Region
	}
	return p
}

// failedBuild reports whether a is a build of CodeBuild that can be asked about.
func failedBuild(a release.ActionView) bool {
	return a.Status == release.Failed && a.Provider == "CodeBuild" && a.ExternalID != ""
}

func actions(s release.StageView) []release.ActionView {
	var all []release.ActionView
	for _, group := range s.Groups {
		all = append(all, group...)
	}
	return all
}
