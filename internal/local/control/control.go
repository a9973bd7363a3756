// Package control is how the local world's own calls, those under /local/,
// read their bodies and answer: strictly, and with a sentence when they refuse.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// maxBody is the largest request body that Read takes, in bytes (chosen).
const maxBody = 64 << 10

// Read decodes the JSON object in the body of r into in. A member that in does
// not have is an error, so that a misspelt one is not taken for its default.
// The error is a sentence for whoever sent the body.
func Read(w http.ResponseWriter, r *http.Request, in any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return fmt.Errorf("the body is not the JSON object that is expected here: %w", err)
	}
	if d.More() {
		return errors.New("the body goes on after its JSON object")
	}
	return nil
}

// Answer writes v as JSON, with status 200.
func Answer(w http.ResponseWriter, v any) { write(w, http.StatusOK, v) }

// Refuse writes {"error": why} with the status.
func Refuse(w http.ResponseWriter, status int, why string) {
	write(w, status, map[string]string{"error": why})
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody is left to tell
}
