package console

import (
	"net/http"
	"sync"
)

// Progress is how far the local world has come with starting.
type Progress struct {
	mu    sync.Mutex
	step  string
	ready bool
}

// Step says what is being done now, in a few words such as "deploying".
func (p *Progress) Step(step string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = step
}

// Ready says that everything is deployed and seeded.
func (p *Progress) Ready() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = true
}

func (p *Progress) state() (step string, ready bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.step, p.ready
}

func (p *Progress) serve(w http.ResponseWriter, _ *http.Request) {
	step, ready := p.state()
	if ready {
		answer(w, http.StatusOK, map[string]any{"ready": true})
		return
	}
	answer(w, http.StatusServiceUnavailable, map[string]any{"ready": false, "step": step})
}

// whenReady keeps calls away from a world that is still being built.
func (p *Progress) whenReady(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if step, ready := p.state(); !ready {
			refuse(w, http.StatusServiceUnavailable, "still starting: "+step+"; ask GET /healthz when it is ready")
			return
		}
		next.ServeHTTP(w, r)
	})
}
