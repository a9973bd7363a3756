package build

import (
	"context"
	"math"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

// Statuses of builds and phases.
const (
	inProgress = "IN_PROGRESS"
	succeeded  = "SUCCEEDED"
)

// built is a build, as far as it is read.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
type built struct {
	BuildStatus string
	EndTime     float64 // seconds since 1970
	Phases      []phase
	ReportARNs  []string `json:"reportArns"`
	Logs        struct {
		GroupName, StreamName, DeepLink string
		CloudWatchLogs                  struct{ Status string }
	}
}

type phase struct {
	PhaseType, PhaseStatus string
	DurationInSeconds      float64
	Contexts               []struct{ StatusCode, Message string }
}

type builtAnswer struct{ Builds []built }

// build reads the build with an id. If there is none, a sentence says why, and
// err is set if that may pass.
func (q question) build(ctx context.Context, id string) (b *built, missing string, err error) {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	var out builtAnswer
	err = q.ask(ctx, builder, q.region, "BatchGetBuilds", map[string]any{"ids": []string{id}}, &out)
	switch {
	case err != nil:
		return nil, "The build could not be read: " + why(err, "codebuild:BatchGetBuilds") + ".", passing("read the build "+id, err)
	case len(out.Builds) == 0:
		return nil, "CodeBuild does not know the build: it has been deleted, or is over for more than a year.", nil
	}
	return &out.Builds[0], "", nil
}

// commandFailure is CodeBuild's sentence about a command that failed.
var commandFailure = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^Error while executing command: (.+)\. Reason: (.+)$`)
})

// with returns f with what b says about itself.
func (f Failure) with(b *built) Failure {
	f.Status = text(b.BuildStatus, maxWord)
	if b.EndTime > 0 && b.EndTime < math.MaxInt32 {
		f.EndedAt = time.UnixMilli(int64(b.EndTime * 1000)).UTC()
	}
	if strings.HasPrefix(b.Logs.DeepLink, "https://") && b.Logs.GroupName != "" { // else it leads to a log called null
		f.LogURL = link(b.Logs.DeepLink)
	}
	p, ok := b.failed()
	if !ok {
		return f
	}
	f.Phase, f.Seconds = text(p.PhaseType, maxWord), int(min(max(p.DurationInSeconds, 0), math.MaxInt32))
	for _, c := range p.Contexts {
		if strings.TrimSpace(c.StatusCode+c.Message) == "" {
			continue
		}
		f.Code, f.Message = text(c.StatusCode, maxWord), text(c.Message, maxMessage)
		if said := commandFailure().FindStringSubmatch(c.Message); said != nil {
			f.Command, f.Exit = text(said[1], maxLine), text(said[2], maxLine)
		}
		break
	}
	return f
}

// failed is the first phase that did not succeed: POST_BUILD runs after a
// BUILD that failed, and often fails because of it.
func (b *built) failed() (phase, bool) {
	for _, p := range b.Phases {
		if p.PhaseStatus != "" && p.PhaseStatus != succeeded && p.PhaseStatus != inProgress {
			return p, true
		}
	}
	return phase{}, false
}

// maxLink bounds an address in bytes; a longer one is left out.
const maxLink = 1000

func link(address string) string {
	if len(address) > maxLink {
		return ""
	}
	return address
}

// buildURL leads to the page of a build in AWS's console, or is empty where
// there is none. The partitions have consoles of their own.
// https://docs.aws.amazon.com/general/latest/gr/console.html
func buildURL(p Place, id string) string {
	partition, err := signed.PartitionOf(p.Region)
	if err != nil {
		return ""
	}
	host := p.Region + ".console.aws.amazon.com"
	switch partition.Name {
	case "aws-cn":
		host = p.Region + ".console.amazonaws.cn"
	case "aws-us-gov":
		host = "console.amazonaws-us-gov.com"
	case "aws-eusc":
		host = p.Region + ".console.amazonaws.eu"
	}
	project, _, _ := strings.Cut(id, ":")
	return link("https://" + host + "/codesuite/codebuild/" + url.PathEscape(p.Account) + "/projects/" + url.PathEscape(project) +
		"/build/" + url.QueryEscape(id) + "/?region=" + p.Region)
}
