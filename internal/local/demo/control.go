package demo

import (
	"context"
	"net/http"

	"github.com/signalbox/signalbox/internal/local/control"
)

// Control is the play over HTTP:
//
//	GET  /local/demo                  what is shown now
//	POST /local/demo {"play": true}   begins it; false stops it, if it is on
//
// Both answer the Caption. Refusals are {"error": "a sentence"}.
func (p *Player) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/demo", func(w http.ResponseWriter, _ *http.Request) { control.Answer(w, p.Caption()) })
	mux.HandleFunc("POST /local/demo", p.serveSwitch)
	return mux
}

func (p *Player) serveSwitch(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Play *bool `json:"play"`
	}
	err := control.Read(w, r, &in)
	switch {
	case err != nil:
		control.Refuse(w, http.StatusBadRequest, err.Error())
		return
	case in.Play == nil:
		control.Refuse(w, http.StatusBadRequest, `say {"play": true} or {"play": false}`)
		return
	case !*in.Play:
		p.Stop()
	default:
		ctx, err := p.begin(context.WithoutCancel(r.Context()))
		if err != nil {
			control.Refuse(w, http.StatusConflict, err.Error())
			return
		}
		go func() { _ = p.play(ctx) }() // the caption says how it ended, and Close waits for it
	}
	control.Answer(w, p.Caption())
}
