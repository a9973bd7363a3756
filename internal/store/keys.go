package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// Every key of the table is made in this file:
//
//	PK                                       SK
//	APPROVAL#<request>                       META                                a request
//	EXEC#<account>#<region>#<pipeline>#<execution>
//	                                         APPROVAL#<stage>#<action>#<request> where an execution's requests are
//	                                         RECORD                              the record of an execution
//	                                         CARD#<place>                        what a place has been told of it
//	ARTIFACT#<bucket>#<object key>           EXEC                                the execution that last used an input
//	PLACE#<place>                            CARD                                what a place has been told besides
//	                                         HELD#<execution>#<key>              what it is to be told later
//	ONCE#<key>                               ONCE                                whom a key belongs to for a month
//	BADGE#<account>#<region>#<pipeline>#<branch>
//	                                         BADGE                               how a branch stands; without one, the pipeline
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
// The index Open, of open and expires_at, holds the keys of what somebody has
// to look at, each kind under a value of its own: the requests that are not
// settled, by when they expire; the records of executions that may have been
// forgotten, by when to look; and what is held, by when it is due.
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
	return recordKey(release.ExecutionID{Account: a.Account, Region: a.Region, Pipeline: a.Pipeline, ID: a.ExecutionID}).pk
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

// The kinds and the sort keys of what is told of executions.
const (
	executionKind = "EXEC"
	recordSort    = "RECORD"
	placeKind     = "PLACE"
	cardSort      = "CARD"
	heldSort      = "HELD"
)

// recordKey is in the partition of the execution's cards and of the pointers to
// its requests, so that one consistent query reads all of them.
func recordKey(id release.ExecutionID) key {
	return key{join(executionKind, id.Account, id.Region, id.Pipeline, id.ID), recordSort}
}

// executionAt is the execution of a recordKey.
func executionAt(k key) (release.ExecutionID, bool) {
	parts := split(k.pk)
	if len(parts) != 5 || parts[0] != executionKind || k.sk != recordSort {
		return release.ExecutionID{}, false
	}
	return release.ExecutionID{Account: parts[1], Region: parts[2], Pipeline: parts[3], ID: parts[4]}, true
}

// cardKey is that of what place has been told of an execution or, without one,
// besides.
func cardKey(of release.ExecutionID, place string) key {
	if of == (release.ExecutionID{}) {
		return key{placePartition(place), cardSort}
	}
	return key{recordKey(of).pk, join(cardSort, place)}
}

func artifactKey(a event.Artifact) key { return key{join("ARTIFACT", a.Bucket, short(a.Key)), "EXEC"} }

func placePartition(place string) string { return join(placeKind, place) }

func heldKey(h notice.Held) key {
	return key{placePartition(h.Place), join(heldSort, h.Execution, short(h.Key))}
}

// placeAt is the place of a heldKey.
func placeAt(k key) (string, bool) {
	parts := split(k.pk)
	if len(parts) != 2 || parts[0] != placeKind || !strings.HasPrefix(k.sk, heldSort+"#") {
		return "", false
	}
	return parts[1], true
}

func onceKey(name string) key { return key{join("ONCE", short(name)), "ONCE"} }

func badgeKey(account, region, pipeline, branch string) key {
	return key{join("BADGE", account, region, pipeline, branch), "BADGE"}
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

// split undoes join.
func split(joined string) []string {
	parts := strings.Split(joined, "#")
	for i, p := range parts {
		parts[i] = strings.NewReplacer("%23", "#", "%25", "%").Replace(p)
	}
	return parts
}

// short is a part of a key that may be of any length, such as a text. DynamoDB
// takes 1024 bytes as a sort key, in which an escaped byte counts three times;
// of what is longer the digest stands for the end.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
func short(part string) string {
	const most, kept = 256, 160
	if len(part) <= most {
		return part
	}
	digest := sha256.Sum256([]byte(part))
	return strings.ToValidUTF8(part[:kept], "") + "…" + hex.EncodeToString(digest[:])
}

// keyOf is the key of an item.
func keyOf(item map[string]types.AttributeValue) key {
	return key{textOf(item, partition), textOf(item, sorting)}
}

// item returns the attributes of k, to which the caller adds its own.
func (k key) item() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{partition: text(k.pk), sorting: text(k.sk)}
}
