// Package ballot is what lies on the votes queue: ballots, and the inquiries
// that go the same way because the doors may read nothing themselves.
//
// It stands apart from the queue itself: the function that counts gets its
// messages from Lambda, and the queue's client, which it would link and never
// use, costs a cold start.
//
// A ballot can hold a person's own words, and an inquiry an address that
// anybody could answer at. No error made here repeats any part of a message.
package ballot

import (
	"errors"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// Encode writes b as the body of a message. A ballot that could never be
// counted is an error, which holds none of its words.
func Encode(b approval.Ballot) (string, error) {
	if err := check(b); err != nil {
		return "", err
	}
	return encode(ballotMessage{envelope{schema, kindBallot}, b})
}

// check reports what b lacks to be counted: every ballot names itself, its
// request, its moment, an answer, and a voter of the kind that its door knows.
// Whoever breaks the glass says why.
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
	case b.Verdict == approval.Override && strings.TrimSpace(b.Reason) == "":
		return errors.New("ballot overrides without a reason")
	case b.Door == approval.DoorSlack && b.SlackUser != "", b.Door == approval.DoorEmail && b.PersonID != "":
		return nil
	}
	return errors.New("ballot names no voter for its door")
}
