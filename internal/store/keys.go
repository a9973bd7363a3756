package store

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// Every key of the table is made in this file:
//
//	PK                                       SK
//	APPROVAL#<request>                       META                                a request
//	EXEC#<account>#<region>#<pipeline>#<execution>
//	                                         APPROVAL#<stage>#<action>#<request> where an execution's requests are
//	LINK#<request>#<person key>              LINK                                a link in an approval mail
//	AUDIT#<request>                          <version>#VOTE                      a vote, never changed
//
// The first word of PK says which kind an item is, so that a role can be
// limited to kinds by dynamodb:LeadingKeys.
const (
	partition = "PK"
	sorting   = "SK"
)

// A key is the primary key of one item.
type key struct{ pk, sk string }

func requestKey(id string) key { return key{join("APPROVAL", id), "META"} }

// pointerKey lists a request under its execution, so that the requests of an
// action are found in one consistent query; an index would lag behind.
func pointerKey(r approval.Request) key {
	return key{executionPartition(r.Action), pointerPrefix(r.Action) + escape(r.ID)}
}

func executionPartition(a approval.Action) string {
	return join("EXEC", a.Account, a.Region, a.Pipeline, a.ExecutionID)
}

// pointerPrefix begins the sort key of every request of a and of no other
// action, not even of one whose name begins alike.
func pointerPrefix(a approval.Action) string { return join("APPROVAL", a.Stage, a.Name) + "#" }

func linkKey(requestID, personKey string) key { return key{join("LINK", requestID, personKey), "LINK"} }

// auditKey sorts by version: 19 digits hold any.
func auditKey(r approval.Request) key {
	return key{join("AUDIT", r.ID), fmt.Sprintf("%019d#VOTE", r.Version)}
}

func join(kind string, parts ...string) string {
	for _, p := range parts {
		kind += "#" + escape(p)
	}
	return kind
}

// escape keeps a part from running into the next one. CodePipeline allows no
// "#" in a name, but that is not for a key to rely on.
func escape(part string) string {
	return strings.NewReplacer("%", "%25", "#", "%23").Replace(part)
}

// item returns the attributes of k, to which the caller adds its own.
func (k key) item() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{partition: text(k.pk), sorting: text(k.sk)}
}
