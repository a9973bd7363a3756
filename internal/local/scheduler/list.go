package scheduler

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxResults is the size of a page unless the caller wants a smaller one.
// (Service model: MaxResults.)
const maxResults = 100

type listInput struct {
	GroupName, NamePrefix, NextToken, State string
	MaxResults                              int
}

type summary struct {
	Arn                  string
	CreationDate         api.Time
	GroupName            string
	LastModificationDate api.Time
	Name, State          string
	Target               targetSummary
}

type targetSummary struct{ Arn string }

type schedulesPage struct {
	NextToken string `json:",omitempty"`
	Schedules []summary
}

type groupsPage struct {
	NextToken      string `json:",omitempty"`
	ScheduleGroups []group
}

func (s *Service) listSchedules(in listInput) (schedulesPage, error) {
	all := []summary{}
	for _, x := range s.sorted() {
		if in.GroupName != "" && x.GroupName != in.GroupName || in.State != "" && x.State != in.State || !strings.HasPrefix(x.Name, in.NamePrefix) {
			continue
		}
		all = append(all, summary{
			Arn: x.arn, CreationDate: api.Time{Time: x.created}, GroupName: x.GroupName, LastModificationDate: api.Time{Time: x.modified},
			Name: x.Name, State: x.State, Target: targetSummary{x.Target.Arn},
		})
	}
	page, next, err := paged(in, all, func(x summary) string { return x.Arn })
	return schedulesPage{next, page}, err
}

func (s *Service) listGroups(in listInput) (groupsPage, error) {
	all := []group{}
	for _, g := range s.groups {
		if strings.HasPrefix(g.Name, in.NamePrefix) {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Compare(a.Arn, b.Arn) })
	page, next, err := paged(in, all, func(g group) string { return g.Arn })
	return groupsPage{next, page}, err
}

// sorted lists the schedules by ARN.
func (s *Service) sorted() []*schedule {
	var all []*schedule
	for _, x := range s.schedules {
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b *schedule) int { return cmp.Compare(a.arn, b.arn) })
	return all
}

// paged cuts one page out of all, which are sorted by arn. The token names the
// last one of the page before, so that what comes and goes in between neither
// repeats nor hides others.
func paged[T any](in listInput, all []T, arn func(T) string) (page []T, next string, err error) {
	if in.NextToken != "" {
		last, err := base64.RawURLEncoding.DecodeString(in.NextToken)
		if err != nil {
			return nil, "", invalid("Invalid NextToken.")
		}
		all = slices.DeleteFunc(all, func(x T) bool { return arn(x) <= string(last) })
	}
	size := in.MaxResults
	if size == 0 {
		size = maxResults
	}
	if len(all) <= size {
		return all, "", nil
	}
	page = all[:size]
	return page, base64.RawURLEncoding.EncodeToString([]byte(arn(page[size-1]))), nil
}
