package control_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/control"
)

func TestReadRefusesWhatItWouldHaveToGuess(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"an object", `{"speed": 2}`, ""},
		{"an unknown member", `{"sped": 2}`, `unknown field "sped"`},
		{"a wrong type", `{"speed": "fast"}`, "speed"},
		{"two objects", `{"speed": 2}{}`, "goes on"},
		{"nothing", ``, "EOF"},
		{"too much", `{"speed": ` + strings.Repeat(" ", 70<<10) + `2}`, "too large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := struct {
				Speed int `json:"speed"`
			}{}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			err := control.Read(httptest.NewRecorder(), r, &in)
			switch {
			case test.want == "" && (err != nil || in.Speed != 2):
				t.Errorf("got %+v, %v; want speed 2", in, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestRefuseAnswersASentence(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	control.Refuse(w, http.StatusBadRequest, "it is too fast")
	if got := w.Body.String(); w.Code != http.StatusBadRequest || got != "{\"error\":\"it is too fast\"}\n" {
		t.Errorf("answered %d %s", w.Code, got)
	}
}
