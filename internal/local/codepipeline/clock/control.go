package clock

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/signalbox/signalbox/internal/local/control"
)

// A setting is the body of POST /local/time. One member or both are given;
// the speed is set first.
type setting struct {
	Speed *float64 `json:"speed"`
	// Advance is a duration such as "36h" or "1h30m".
	Advance *string `json:"advance"`
}

// A shown is the answer of both calls.
type shown struct {
	Now   time.Time `json:"now"`
	Speed float64   `json:"speed"`
}

// Control is the switch of the clock:
//
//	GET  /local/time
//	POST /local/time  {"speed": 20} or {"advance": "36h"}
//
// Both answer {"now", "speed"}. Refusals are {"error": "a sentence"}.
func (s *Scaled) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/time", func(w http.ResponseWriter, _ *http.Request) { control.Answer(w, s.shown()) })
	mux.HandleFunc("POST /local/time", func(w http.ResponseWriter, r *http.Request) {
		var in setting
		err := control.Read(w, r, &in)
		if err == nil {
			err = s.set(in)
		}
		if err != nil {
			control.Refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		control.Answer(w, s.shown())
	})
	return mux
}

func (s *Scaled) shown() shown { return shown{Now: s.Now(), Speed: s.Speed()} }

// set does what in says, or nothing of it.
func (s *Scaled) set(in setting) error {
	var by time.Duration
	if in.Speed == nil && in.Advance == nil {
		return errors.New(`give a speed, as in {"speed": 20}, or how far to go on, as in {"advance": "36h"}`)
	}
	if in.Advance != nil {
		var err error
		if by, err = time.ParseDuration(*in.Advance); err != nil {
			return fmt.Errorf(`advance is %.40q: write a duration such as "90s", "15m" or "36h"`, *in.Advance)
		}
		if err := checkAdvance(by); err != nil {
			return err
		}
	}
	if in.Speed != nil {
		if err := s.SetSpeed(*in.Speed); err != nil {
			return err
		}
	}
	if in.Advance != nil {
		return s.Advance(by)
	}
	return nil
}
