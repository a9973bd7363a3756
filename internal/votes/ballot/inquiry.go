package ballot

import (
	"errors"

	"github.com/signalbox/signalbox/internal/approval"
)

// EncodeInquiry writes q as the body of a message. An inquiry that could never
// be answered is an error, which does not tell where the answer should go.
func EncodeInquiry(q approval.Inquiry) (string, error) {
	if err := checkInquiry(q); err != nil {
		return "", err
	}
	return encode(inquiryMessage{envelope{schema, kindInquiry}, q})
}

// checkInquiry reports what q lacks to be answered: it names itself, its
// moment, who asks and what, and where the answer goes, unless that is the page
// of the one who asks.
func checkInquiry(q approval.Inquiry) error {
	switch {
	case q.ID == "":
		return errors.New("inquiry has no id")
	case q.At.IsZero():
		return errors.New("inquiry has no time")
	case !q.Question.Valid():
		return errors.New("inquiry has no valid question")
	case q.SlackUser == "":
		return errors.New("inquiry does not say who asks")
	case q.Question != approval.Home && q.Reply == "":
		return errors.New("inquiry does not say where to answer")
	case q.Question == approval.Why && q.About == "":
		return errors.New("inquiry does not say what it is about")
	}
	return nil
}
