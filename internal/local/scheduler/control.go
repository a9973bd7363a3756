package scheduler

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/local/control"
)

// A listed is a schedule on /local/schedules.
type listed struct {
	Name       string `json:"name"`
	Group      string `json:"group"`
	Expression string `json:"expression"`
	Zone       string `json:"time_zone"`
	// At is when it invokes its target next; absent when it does not.
	At     *time.Time      `json:"at,omitempty"`
	Target string          `json:"target"`
	Input  json.RawMessage `json:"input,omitempty"`
	// Lost schedules never invoke their targets.
	Lost bool `json:"lost"`
}

// Control is what a console or a script uses beyond the API:
//
//	GET  /local/schedules
//	POST /local/schedules/{name}/lose
//
// The first lists the schedules, those that are due soonest first. The second
// keeps one from ever invoking its target, as if Scheduler had lost it; it
// vanishes at its moment like the others. Refusals are {"error": "a sentence"}.
func (s *Service) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/schedules", func(w http.ResponseWriter, _ *http.Request) {
		control.Answer(w, s.listed())
	})
	mux.HandleFunc("POST /local/schedules/{name}/lose", func(w http.ResponseWriter, r *http.Request) {
		if !s.lose(r.PathValue("name")) {
			control.Refuse(w, http.StatusNotFound, "There is no schedule of that name. GET /local/schedules lists them.")
			return
		}
		control.Answer(w, s.listed())
	})
	return mux
}

func (s *Service) listed() []listed {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []listed{}
	for _, x := range s.sorted() {
		l := listed{
			Name: x.Name, Group: x.GroupName, Expression: x.ScheduleExpression, Zone: x.ScheduleExpressionTimezone,
			Target: x.Target.Arn, Input: json.RawMessage(x.Target.Input), Lost: x.lost,
		}
		if !x.at.IsZero() {
			at := x.at
			l.At = &at
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b listed) int {
		switch {
		case a.At == nil || b.At == nil:
			return cmp.Compare(rank(a), rank(b))
		default:
			return a.At.Compare(*b.At)
		}
	})
	return all
}

// rank puts what is due before what is not.
func rank(l listed) int {
	if l.At == nil {
		return 1
	}
	return 0
}

// lose silences the schedules of a name, in whatever group, and reports
// whether there is one.
func (s *Service) lose(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for at, x := range s.schedules {
		if at.name == name {
			x.lost, found = true, true
		}
	}
	return found
}
