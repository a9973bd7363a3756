package delivery_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (w *world) request(method, body string) (int, string) {
	answer := httptest.NewRecorder()
	w.Control().ServeHTTP(answer, httptest.NewRequest(method, "/local/delivery", strings.NewReader(body)))
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

func TestDeliveryIsShownAndSetOverHTTP(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		status, answer := w.request(http.MethodPost, `{"lose": 1, "seed": 7}`)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		w.publish(t, 3)
		_, answer = w.request(http.MethodGet, "")
		want := `{"late":0,"double":0,"lose":1,"reorder":0,"seed":7,"counters":` +
			`{"events":3,"delivered":0,"late":0,"doubled":0,"lost":3,"reordered":0,"failed":0,"waiting":0}}`
		if diff := cmp.Diff(want, answer); diff != "" {
			t.Errorf("answers differ (-want +got):\n%s", diff)
		}
		w.request(http.MethodPost, `{}`)
		w.publish(t, 3)
		if got := len(w.bus.names()); got != 3 {
			t.Errorf("%d events came after the switch was off again, want 3", got)
		}
	})
}

func TestRatesThatMakeNoSenseChangeNothing(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		for body, why := range map[string]string{
			`{"late": 1.5}`: "late is 1.5", `{"double": -1}`: "double is -1", `{"lose": 2}`: "lose is 2",
			`{"reorder": 100}`: "reorder is 100", `{"seed": -1}`: "seed", `{"loose": 1}`: "loose", ``: "EOF",
		} {
			status, answer := w.request(http.MethodPost, body)
			if status != http.StatusBadRequest || !strings.Contains(answer, why) {
				t.Errorf("%s: %d %s; want 400 with %q", body, status, answer, why)
			}
		}
		w.publish(t, 5)
		if diff := cmp.Diff(numbers(5), w.bus.names()); diff != "" {
			t.Errorf("events differ (-want +got):\n%s", diff)
		}
	})
}
