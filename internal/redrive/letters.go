package redrive

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/signalbox/signalbox/internal/telegraph"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

// unreadable is why a letter is left that would only come back, and keep others
// waiting until then.
const unreadable = "it cannot be read"

// card describes what lies on the queue of cards.
func card(m types.Message) parcel {
	var due telegraph.Due
	switch err := json.Unmarshal([]byte(aws.ToString(m.Body)), &due); {
	case err != nil || due.Place == "":
		return parcel{Letter: Letter{Kind: "unknown", About: "no card", Left: unreadable}}
	case due.Of.ID == "":
		return parcel{Letter: Letter{Kind: "digest", About: "for " + due.Place}}
	}
	return parcel{Letter: Letter{Kind: "card", About: fmt.Sprintf("%s, execution %s, for %s", due.Of.Pipeline, due.Of.ID, due.Place)}}
}

// vote describes what lies on the queue of votes. It tells neither what somebody
// has answered nor their words.
func vote(m types.Message) parcel {
	body, err := ballot.Decode(aws.ToString(m.Body))
	switch {
	case err != nil:
		return parcel{Letter: Letter{Kind: "unknown", About: "no vote", Left: unreadable}}
	case body.Inquiry != nil:
		return parcel{Letter: Letter{Kind: "question", About: "by " + body.Inquiry.SlackUser + " in Slack"}}
	}
	b := body.Ballot
	by := strings.Join(strings.Fields(b.PersonID+" "+b.SlackUser), " ")
	return parcel{Letter: Letter{Kind: "vote", About: fmt.Sprintf("on request %s by %s", b.RequestID, by)}}
}
