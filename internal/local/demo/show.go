package demo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A show is one play of the story.
type show struct {
	*Player
	// midnight is when the day of the play begins.
	midnight time.Time
	releases []*release
}

// A release is an execution that the play has started.
type release struct{ pipeline, id string }

// A scene is one caption and what happens under it.
type scene struct {
	// at is the time of day, such as "09:05".
	at   string
	text string
	// eyes are whose view of the world the page shows.
	eyes    person
	channel string
	act     func(context.Context, *show) error
}

func (s *show) run(ctx context.Context, scenes []scene) error {
	if err := s.findDay(ctx); err != nil {
		return err
	}
	for i, c := range scenes {
		s.show(Caption{Scene: i + 1, Of: len(scenes) + 1, Clock: c.at, Text: c.text, Person: c.eyes.slack, Channel: c.channel})
		if err := s.scene(ctx, c); err != nil {
			return fmt.Errorf("at %s, %w", c.at, err)
		}
	}
	text, err := s.balance(ctx)
	if err != nil {
		return err
	}
	s.show(Caption{Scene: len(scenes) + 1, Of: len(scenes) + 1, Clock: "17:30", Text: text})
	return nil
}

func (s *show) scene(ctx context.Context, c scene) error {
	if err := s.turnClock(ctx, c.at); err != nil {
		return err
	}
	if err := s.options.Pause(ctx, reading); err != nil {
		return err
	}
	if err := c.act(ctx, s); err != nil {
		return err
	}
	return s.options.Pause(ctx, watching)
}

type hours struct {
	Now time.Time `json:"now"`
}

// findDay makes the next working day the day of the play.
func (s *show) findDay(ctx context.Context) error {
	var h hours
	if err := s.call(ctx, "/local/time", nil, &h); err != nil {
		return err
	}
	y, m, d := h.Now.In(time.Local).Date() //nolint:gosmopolitan // the play's day is that of who watches
	s.midnight = time.Date(y, m, d+1, 0, 0, 0, 0, time.Local)
	for s.midnight.Weekday() == time.Saturday || s.midnight.Weekday() == time.Sunday {
		s.midnight = s.midnight.AddDate(0, 0, 1)
	}
	return s.call(ctx, "/local/time", map[string]float64{"speed": 1}, nil)
}

// turnClock lets the pipelines' time go on to a time of the day. It never goes
// back: who has advanced it by hand has a later day.
func (s *show) turnClock(ctx context.Context, at string) error {
	clock, err := time.Parse("15:04", at)
	if err != nil {
		return fmt.Errorf("read the time of a scene: %w", err)
	}
	var h hours
	if err := s.call(ctx, "/local/time", nil, &h); err != nil {
		return err
	}
	scene := time.Date(s.midnight.Year(), s.midnight.Month(), s.midnight.Day(), clock.Hour(), clock.Minute(), 0, 0, s.midnight.Location())
	by := scene.Sub(h.Now)
	if by <= 0 {
		return nil
	}
	return s.call(ctx, "/local/time", map[string]string{"advance": by.Round(time.Second).String()}, nil)
}

var errPatience = errors.New("it did not happen in time")

// until asks again and again until look says that it is so.
func (s *show) until(ctx context.Context, what string, look func() (bool, error)) error {
	const between = 200 * time.Millisecond
	for range patience / between {
		seen, err := look()
		if err != nil || seen {
			return err
		}
		if err := s.options.Pause(ctx, between); err != nil {
			return err
		}
	}
	return fmt.Errorf("waiting until %s: %w", what, errPatience)
}

// find is how r stands now.
func (s *show) find(ctx context.Context, r *release) (execution, error) {
	var lines []line
	if err := s.call(ctx, "/local/pipelines", nil, &lines); err != nil {
		return execution{}, err
	}
	for _, l := range lines {
		for _, x := range l.Executions {
			if l.Name == r.pipeline && x.ID == r.id {
				return x, nil
			}
		}
	}
	return execution{}, fmt.Errorf("there is no release %s of %s any more", r.id, r.pipeline)
}

// see waits until r stands as wanted. An execution that has ended otherwise is
// not waited for.
func (s *show) see(ctx context.Context, r *release, what string, wanted func(execution) bool) error {
	return s.until(ctx, "the release of "+r.pipeline+" "+what, func() (bool, error) {
		x, err := s.find(ctx, r)
		if err != nil || wanted(x) {
			return err == nil, err
		}
		if x.Status != inProgress && x.Status != "Stopping" {
			return false, fmt.Errorf("the release of %s is %s already: somebody was quicker", r.pipeline, x.Status)
		}
		return false, nil
	})
}

// balance is the last line: what has become of the day's releases.
func (s *show) balance(ctx context.Context) (string, error) {
	count := map[string]int{}
	for _, r := range s.releases {
		x, err := s.find(ctx, r)
		if err != nil {
			return "", err
		}
		count[x.Status]++
	}
	return fmt.Sprintf("End of the day: %d releases, %d in production, %d failed or rejected, %d superseded, %d waiting for you. Act as Dana Whitfield, and answer.",
		len(s.releases), count["Succeeded"], count["Failed"], count["Superseded"], count[inProgress]), nil
}
