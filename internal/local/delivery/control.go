package delivery

import (
	"net/http"

	"github.com/signalbox/signalbox/internal/local/control"
)

// A shown is the answer of both calls.
type shown struct {
	Rates
	Counters Counters `json:"counters"`
}

// Control is the switch over HTTP:
//
//	GET  /local/delivery
//	POST /local/delivery  {"late", "double", "lose", "reorder", "seed"}
//
// What a POST leaves out is 0, so {} delivers well again. Both answer the rates
// and the counters. Refusals are {"error": "a sentence"}.
func (s *Switch) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/delivery", func(w http.ResponseWriter, _ *http.Request) { control.Answer(w, s.shown()) })
	mux.HandleFunc("POST /local/delivery", func(w http.ResponseWriter, r *http.Request) {
		var in Rates
		err := control.Read(w, r, &in)
		if err == nil {
			err = s.Set(in)
		}
		if err != nil {
			control.Refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		control.Answer(w, s.shown())
	})
	return mux
}

func (s *Switch) shown() shown {
	rates, counters := s.State()
	return shown{rates, counters}
}
