package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/control"
)

// maxControlBody is the largest request body that Control reads: ten thousand
// findings fit (chosen).
const maxControlBody = 8 << 20

// Control is what the console page and scripts use beyond the APIs:
//
//	POST /local/registry/images
//	GET  /local/registry/images
//	POST /local/registry/images/{repository}/{digest}/findings
//
// A repository's name may have slashes, and a tag does in place of a digest.
// Refusals are JSON, {"error": "a sentence"}.
func (s *Service) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /local/registry/images", controlled(s, func(_ *http.Request, n NewImage) (any, error) {
		return s.Push(n)
	}))
	mux.HandleFunc("GET /local/registry/images", func(w http.ResponseWriter, r *http.Request) {
		control.Answer(w, s.Images(r.URL.Query().Get("repository")))
	})
	mux.HandleFunc("POST /local/registry/images/{path...}", controlled(s, func(r *http.Request, c FindingsChange) (any, error) {
		image, ok := strings.CutSuffix(r.PathValue("path"), "/findings")
		slash := strings.LastIndexByte(image, '/')
		if !ok || slash < 0 {
			return nil, problem{http.StatusNotFound, "There is only {repository}/{digest}/findings here."}
		}
		changed, err := s.ChangeFindings(image[:slash], image[slash+1:], c)
		return changedAnswer{changed}, err
	}))
	return mux
}

type changedAnswer struct {
	Images []ChangedImage `json:"images"`
}

// controlled makes a handler of f: it reads a JSON body, which may be larger than
// other controls take, of type I, in which an unknown member is an error, and
// writes f's answer or refusal.
func controlled[I any](s *Service, f func(*http.Request, I) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := readControl[I](w, r)
		var out any
		if err == nil {
			out, err = f(r, in)
		}
		if err == nil {
			control.Answer(w, out)
			return
		}
		p := s.problemOf(err)
		control.Refuse(w, p.status, p.text)
	}
}

func readControl[I any](w http.ResponseWriter, r *http.Request) (I, error) {
	var in I
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		return in, problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body cannot be read or is larger than %d bytes.", maxControlBody)}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return in, bad("The body is not the JSON object that is expected here: %v.", err)
	}
	if d.More() {
		return in, bad("The body goes on after its JSON object.")
	}
	return in, nil
}

// problemOf is what a client of Control is told of err.
func (s *Service) problemOf(err error) problem {
	p, refusal := problem{}, (*api.Error)(nil)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refusal): // a limit or a name, the same as in the API
		return problem{http.StatusConflict, refusal.Message + "."}
	}
	s.log.Error("registry control broke", "err", err)
	return problem{http.StatusInternalServerError, "The local registry broke; see its log."}
}
