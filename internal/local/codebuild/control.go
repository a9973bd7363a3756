package codebuild

import (
	"errors"
	"net/http"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/control"
)

// Control is what the console page and scripts use beyond the API:
//
//	POST /local/codebuild/{project}   how the project's next build goes
//	GET  /local/codebuild/builds      the latest builds, newest first
//
// Refusals are JSON, {"error": "a sentence"}.
func (s *Service) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /local/codebuild/{project}", s.scriptNext)
	mux.HandleFunc("GET /local/codebuild/builds", func(w http.ResponseWriter, _ *http.Request) {
		control.Answer(w, s.Latest())
	})
	return mux
}

func (s *Service) scriptNext(w http.ResponseWriter, r *http.Request) {
	var body scriptBody
	if err := control.Read(w, r, &body); err != nil {
		control.Refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	script, err := body.script()
	if err == nil {
		err = s.SetNext(r.PathValue("project"), script)
	}
	refusal := (*api.Error)(nil)
	switch {
	case errors.As(err, &refusal): // the only one is that there is no such project
		control.Refuse(w, http.StatusNotFound, refusal.Message)
	case err != nil:
		control.Refuse(w, http.StatusBadRequest, err.Error())
	default:
		control.Answer(w, struct{}{})
	}
}

type scriptBody struct {
	Outcome     string                `json:"outcome"`
	Phase       string                `json:"phase"`
	Message     string                `json:"message"`
	DelayMS     *int64                `json:"delay_ms"`
	DurationsMS map[string]int64      `json:"durations_ms"`
	Log         []string              `json:"log"`
	Tests       map[string][]testBody `json:"tests"`
	Variables   map[string]string     `json:"variables"`
}

type testBody struct {
	Name       string `json:"name"`
	Suite      string `json:"suite"`
	Status     string `json:"status"`
	Message    string `json:"message"`
	DurationMS int64  `json:"duration_ms"`
}

func (b scriptBody) script() (Script, error) {
	s := Script{Outcome: b.Outcome, Phase: b.Phase, Message: b.Message, Log: b.Log, Variables: b.Variables}
	var errs [3]error
	if b.DelayMS != nil {
		var delay time.Duration
		delay, errs[0] = milliseconds("delay_ms", *b.DelayMS)
		s.Delay = &delay
	}
	s.Durations, errs[1] = b.durations()
	s.Tests, errs[2] = b.tests()
	return s, errors.Join(errs[:]...)
}

func (b scriptBody) durations() (map[string]time.Duration, error) {
	if b.DurationsMS == nil {
		return nil, nil
	}
	out := make(map[string]time.Duration, len(b.DurationsMS))
	for phase, ms := range b.DurationsMS {
		d, err := milliseconds("durations_ms", ms)
		if err != nil {
			return nil, err
		}
		out[phase] = d
	}
	return out, nil
}

func (b scriptBody) tests() (map[string][]Test, error) {
	if b.Tests == nil {
		return nil, nil
	}
	out := make(map[string][]Test, len(b.Tests))
	for report, cases := range b.Tests {
		out[report] = make([]Test, len(cases))
		for i, c := range cases {
			d, err := milliseconds("duration_ms", c.DurationMS)
			if err != nil {
				return nil, err
			}
			out[report][i] = Test{Name: c.Name, Suite: c.Suite, Status: c.Status, Message: c.Message, Duration: d}
		}
	}
	return out, nil
}

// milliseconds is ms as a duration; one that is out of range could overflow.
func milliseconds(member string, ms int64) (time.Duration, error) {
	if ms < 0 || ms > maxDelay.Milliseconds() {
		return 0, badScriptf("%s is %d; it must be between 0 and %d.", member, ms, maxDelay.Milliseconds())
	}
	return time.Duration(ms) * time.Millisecond, nil
}
