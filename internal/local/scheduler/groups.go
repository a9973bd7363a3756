package scheduler

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A group holds schedules. This one is as the API shows it.
type group struct {
	Arn                  string
	CreationDate         api.Time
	LastModificationDate api.Time
	Name                 string
	State                string
}

type groupARN struct{ ScheduleGroupArn string }

// addGroup adds the group of a name, if it is not there, and returns its ARN.
func (s *Service) addGroup(name string) string {
	if g, ok := s.groups[name]; ok {
		return g.Arn
	}
	now := api.Time{Time: s.opts.Clock.Now()}
	g := group{Arn: s.arn("schedule-group/" + name), CreationDate: now, LastModificationDate: now, Name: name, State: "ACTIVE"}
	s.groups[name] = g
	return g.Arn
}

func (s *Service) createGroup(in named) (groupARN, error) {
	if _, ok := s.groups[in.Name]; ok {
		return groupARN{}, api.Errorf(conflict, "Schedule group %s already exists.", in.Name)
	}
	return groupARN{s.addGroup(in.Name)}, nil
}

func (s *Service) getGroup(in named) (group, error) {
	g, ok := s.groups[in.Name]
	if !ok {
		return group{}, noGroup(in.Name)
	}
	return g, nil
}

// deleteGroup deletes a group and the schedules in it, at once. (API
// reference, DeleteScheduleGroup: there it may take a while.)
func (s *Service) deleteGroup(in named) (nothing, error) {
	if in.Name == defaultGroup {
		return nothing{}, invalid("Unable to delete the default schedule group.")
	}
	if _, ok := s.groups[in.Name]; !ok {
		return nothing{}, noGroup(in.Name)
	}
	delete(s.groups, in.Name)
	for at, x := range s.schedules {
		if at.group == in.Name {
			x.disarm()
			delete(s.schedules, at)
		}
	}
	return nothing{}, nil
}
