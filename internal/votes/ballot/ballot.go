// Package ballot is a ballot as it lies on the votes queue.
//
// It stands apart from the queue itself: the function that counts gets its
// messages from Lambda, and the queue's client, which it would link and never
// use, costs a cold start.
package ballot

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/signalbox/signalbox/internal/approval"
)

const (
	// schema is the version of the message format. Adding an optional field
	// keeps it; a reader refuses any other number, so that a message from a
	// newer release waits in the dead-letter queue instead of being misread.
	schema = 1

	// maxBody is the longest message in bytes. A reason has at most 500
	// characters, each at most six bytes in JSON, so this is more than double
	// what a genuine ballot needs, and far below the queue's own limit.
	maxBody = 8 << 10
)

// message is a ballot as it lies on the queue.
type message struct {
	Schema int `json:"schema"`
	approval.Ballot
}

// Decode reads the body of a message from the queue. It fails on anything that
// Encode would not have made: such a message cannot be counted, now or later.
func Decode(body string) (approval.Ballot, error) {
	if len(body) > maxBody {
		return approval.Ballot{}, fmt.Errorf("ballot has %d bytes, more than %d", len(body), maxBody)
	}
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return approval.Ballot{}, fmt.Errorf("decode ballot: %w", err)
	}
	if m.Schema != schema {
		return approval.Ballot{}, fmt.Errorf("ballot has schema %d, and this version reads %d", m.Schema, schema)
	}
	if err := check(m.Ballot); err != nil {
		return approval.Ballot{}, err
	}
	return m.Ballot, nil
}

// Encode writes b as the body of a message. A ballot that could never be
// counted is an error, which holds none of its words.
func Encode(b approval.Ballot) (string, error) {
	if err := check(b); err != nil {
		return "", err
	}
	body, err := json.Marshal(message{schema, b})
	if err != nil {
		return "", err
	}
	if len(body) > maxBody {
		return "", fmt.Errorf("ballot has %d bytes, more than %d", len(body), maxBody)
	}
	return string(body), nil
}

// check reports what b lacks to be counted: every ballot names itself, its
// request, its moment, an answer, and a voter of the kind that its door knows.
func check(b approval.Ballot) error {
	switch {
	case b.ID == "":
		return errors.New("ballot has no id")
	case b.RequestID == "":
		return errors.New("ballot names no request")
	case b.At.IsZero():
		return errors.New("ballot has no time")
	case !b.Verdict.Valid():
		return errors.New("ballot has no valid verdict")
	case b.Door == approval.DoorSlack && b.SlackUser != "", b.Door == approval.DoorEmail && b.PersonID != "":
		return nil
	}
	return errors.New("ballot names no voter for its door")
}
