package store

import (
	"fmt"
	"strconv"
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
//	AUDIT#<chain>                            E#<number>                          an entry, never changed
//	AUDIT#<chain>                            ID#<entry id>                       that an entry is written, never changed
//	AUDIT#<chain>                            HEAD                                where the chain ends
//	AUDIT                                    <chain>                             that there is such a chain
//	CURSOR#<name>                            CURSOR                              how far somebody has come
//
// The first word of PK says which kind an item is, so that a role can be
// limited to kinds by dynamodb:LeadingKeys.
//
// The index Open, of open and expires_at, holds the keys of the requests that
// are not settled.
const (
	partition = "PK"
	sorting   = "SK"
	openIndex = "Open"
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

func chainPartition(chain string) string { return join("AUDIT", chain) }

func headKey(chain string) key { return key{chainPartition(chain), "HEAD"} }

// lastSeq is the highest number that entryKey keeps in order.
const lastSeq = 999_999_999_999

func entryKey(chain string, seq int64) key {
	return key{chainPartition(chain), fmt.Sprintf("E#%012d", seq)}
}

// seqOf is the number in an entryKey.
func seqOf(k key) int64 {
	n, _ := strconv.ParseInt(strings.TrimPrefix(k.sk, "E#"), 10, 64) // zero if there is none
	return n
}

func markerKey(chain, id string) key { return key{chainPartition(chain), join("ID", id)} }

// chains is the partition that lists the chains.
const chains = "AUDIT"

func cursorKey(name string) key { return key{join("CURSOR", name), "CURSOR"} }

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

// keyOf is the key of an item.
func keyOf(item map[string]types.AttributeValue) key {
	return key{textOf(item, partition), textOf(item, sorting)}
}

// item returns the attributes of k, to which the caller adds its own.
func (k key) item() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{partition: text(k.pk), sorting: text(k.sk)}
}
