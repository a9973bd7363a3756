package clock_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func (d *diary) request(method, body string) (int, string) {
	w := httptest.NewRecorder()
	d.clock.Control().ServeHTTP(w, httptest.NewRequest(method, "/local/time", strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func TestTimeIsShownAndSetOverHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 1)
		d.in(35*time.Hour, "due")
		for _, step := range []struct {
			method, body string
			now          time.Duration
			speed        float64
		}{
			{http.MethodGet, "", 0, 1},
			{http.MethodPost, `{"speed": 0}`, 0, 0},
			{http.MethodPost, `{"advance": "36h"}`, 36 * time.Hour, 0},
			{http.MethodPost, `{"speed": 20, "advance": "1h"}`, 37 * time.Hour, 20},
		} {
			status, body := d.request(step.method, step.body)
			var got struct {
				Now   time.Time
				Speed float64
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
				t.Fatalf("%s %s: %d %s", step.method, step.body, status, body)
			}
			if now := got.Now.Sub(d.began); now != step.now || got.Speed != step.speed {
				t.Errorf("%s %s: %s at speed %v; want %s at %v", step.method, step.body, now, got.Speed, step.now, step.speed)
			}
		}
		d.want(t, "35h0m0s due")
	})
}

func TestSettingThatMakesNoSenseChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 3)
		for body, why := range map[string]string{
			`{}`:                                "give a speed",
			`{"speed": -1}`:                     "from 0",
			`{"speed": 1001}`:                   "to 1000",
			`{"speed": "20"}`:                   "speed",
			`{"faster": 20}`:                    "faster",
			`{"advance": "x"}`:                  "duration",
			`{"speed": 5, "advance": "-1h"}`:    "forward only",
			`{"speed": 5, "advance": "99999h"}`: "at most",
			`{"speed": -5, "advance": "1h"}`:    "from 0",
			`{"speed": 5, "advance": 3600}`:     "advance",
		} {
			status, answer := d.request(http.MethodPost, body)
			if status != http.StatusBadRequest || !strings.Contains(answer, why) {
				t.Errorf("%s: %d %s; want 400 with %q", body, status, answer, why)
			}
		}
		if now := d.clock.Now(); !now.Equal(d.began) || d.clock.Speed() != 3 {
			t.Errorf("the clock moved to %s at speed %v", now, d.clock.Speed())
		}
	})
}
