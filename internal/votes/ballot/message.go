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
	// what a genuine message needs, and far below the queue's own limit.
	maxBody = 8 << 10
)

// The kinds of messages.
const (
	kindBallot  = "ballot"
	kindInquiry = "inquiry"
)

// A Message is what lies on the queue: a ballot or an inquiry. Exactly one of
// the two is set.
type Message struct {
	Ballot  *approval.Ballot
	Inquiry *approval.Inquiry
}

// envelope is what every message begins with. A message without a kind is a
// ballot: it was put on the queue by a release that knew nothing else.
type envelope struct {
	Schema int    `json:"schema"`
	Kind   string `json:"kind"`
}

type ballotMessage struct {
	envelope
	approval.Ballot
}

type inquiryMessage struct {
	envelope
	approval.Inquiry
}

// Decode reads the body of a message from the queue. It fails on anything that
// Encode and EncodeInquiry would not have made: such a message can be neither
// counted nor answered, now or later.
func Decode(body string) (Message, error) {
	if len(body) > maxBody {
		return Message{}, fmt.Errorf("message has %d bytes, more than %d", len(body), maxBody)
	}
	var e envelope
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return Message{}, errors.New("decode message: no JSON object with a schema and a kind")
	}
	if e.Schema != schema {
		return Message{}, fmt.Errorf("message has schema %d, and this version reads %d", e.Schema, schema)
	}
	switch e.Kind {
	case kindBallot, "":
		var m ballotMessage
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return Message{}, errors.New("decode ballot: a field is not what it should be")
		}
		if err := check(m.Ballot); err != nil {
			return Message{}, err
		}
		return Message{Ballot: &m.Ballot}, nil
	case kindInquiry:
		var m inquiryMessage
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return Message{}, errors.New("decode inquiry: a field is not what it should be")
		}
		if err := checkInquiry(m.Inquiry); err != nil {
			return Message{}, err
		}
		return Message{Inquiry: &m.Inquiry}, nil
	}
	return Message{}, errors.New("message is neither a ballot nor an inquiry")
}

// encode writes a message that has been checked.
func encode(m any) (string, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return "", errors.New("encode message: a field cannot be written")
	}
	if len(body) > maxBody {
		return "", fmt.Errorf("message has %d bytes, more than %d", len(body), maxBody)
	}
	return string(body), nil
}
