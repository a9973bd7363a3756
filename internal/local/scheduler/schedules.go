package scheduler

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// tokenLife is how long a client token is remembered (chosen).
const tokenLife = 5 * time.Minute

// made is what was made with a client token.
type made struct {
	arn string
	at  time.Time
}

type createInput struct {
	declaration
	ClientToken string
}

type named struct{ Name, GroupName string }

func (n named) place() place {
	orElse(&n.GroupName, defaultGroup)
	return place{n.GroupName, n.Name}
}

type scheduleARN struct{ ScheduleArn string }

// nothing is the answer of an operation that has none.
type nothing struct{}

func (s *Service) createSchedule(in createInput) (scheduleARN, error) {
	now := s.opts.Clock.Now()
	if m, ok := s.tokens[in.ClientToken]; ok && in.ClientToken != "" && now.Sub(m.at) < tokenLife {
		return scheduleARN{m.arn}, nil
	}
	x, err := s.declare(in.declaration)
	if err != nil {
		return scheduleARN{}, err
	}
	if s.schedules[x.place()] != nil {
		return scheduleARN{}, api.Errorf(conflict, "Schedule %s already exists.", x.Name)
	}
	x.created, x.modified = now, now
	s.schedules[x.place()] = x
	maps.DeleteFunc(s.tokens, func(_ string, m made) bool { return now.Sub(m.at) >= tokenLife })
	s.tokens[in.ClientToken] = made{x.arn, now}
	s.start(x)
	return scheduleARN{x.arn}, nil
}

func (s *Service) updateSchedule(in createInput) (scheduleARN, error) {
	x, err := s.declare(in.declaration)
	if err != nil {
		return scheduleARN{}, err
	}
	old := s.schedules[x.place()]
	if old == nil {
		return scheduleARN{}, noSchedule(x.Name)
	}
	old.disarm()
	x.created, x.modified = old.created, s.opts.Clock.Now()
	s.schedules[x.place()] = x
	s.start(x)
	return scheduleARN{x.arn}, nil
}

// start makes x wait for its first moment.
func (s *Service) start(x *schedule) {
	at, ok := x.moments.first()
	s.arm(x, at, ok)
}

// declare makes a schedule of what fits the model, if it makes sense.
func (s *Service) declare(d declaration) (*schedule, error) {
	d.complete()
	if _, ok := s.groups[d.GroupName]; !ok {
		return nil, noGroup(d.GroupName)
	}
	moments, err := read(d, s.opts.Clock.Now())
	if err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return &schedule{declaration: d, moments: moments, arn: s.arn("schedule/" + d.GroupName + "/" + d.Name)}, nil
}

// check refuses what no single member's rule forbids.
func (d declaration) check() error {
	window := d.FlexibleTimeWindow
	if (window.Mode == "OFF") != (window.MaximumWindowInMinutes == nil) {
		return invalid("Set MaximumWindowInMinutes if FlexibleTimeWindow has the mode FLEXIBLE, and only then.")
	}
	to, err := arn.Parse(d.Target.Arn)
	if err != nil {
		return invalid("Provided Arn is not in correct format.")
	}
	if to.Service != "lambda" {
		return api.Errorf(api.NotImplemented, "This local Scheduler can invoke Lambda functions only, not %.100s", d.Target.Arn)
	}
	if d.Target.Input != "" && !json.Valid([]byte(d.Target.Input)) {
		return invalid("Invalid RequestJson provided. The input of a Lambda target must be well-formed JSON.")
	}
	return nil
}

// A shown is a schedule as GetSchedule gives it back.
type shown struct {
	Arn                  string
	CreationDate         api.Time
	LastModificationDate api.Time
	declaration
}

func (s *Service) getSchedule(in named) (shown, error) {
	x := s.schedules[in.place()]
	if x == nil {
		return shown{}, noSchedule(in.Name)
	}
	return shown{x.arn, api.Time{Time: x.created}, api.Time{Time: x.modified}, x.declaration}, nil
}

func (s *Service) deleteSchedule(in named) (nothing, error) {
	x := s.schedules[in.place()]
	if x == nil {
		return nothing{}, noSchedule(in.Name)
	}
	x.disarm()
	delete(s.schedules, x.place())
	return nothing{}, nil
}

func noSchedule(name string) error { return api.Errorf(notFound, "Schedule %s does not exist.", name) }

func noGroup(name string) error {
	return api.Errorf(notFound, "Schedule group %s does not exist.", name)
}
