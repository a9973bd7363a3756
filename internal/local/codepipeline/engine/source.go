package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// gitProvider is what stands behind every connection here.
const gitProvider = "GitHub"

// A revision is what a source action found.
type revision struct {
	action   string
	artifact string
	id       string
	// change is a second identifier: the ETag of an object, the date of a
	// commit.
	change string
	// summary is what the API shows: for connections a JSON text.
	summary string
	url     string
	created time.Time
	// commit is what was pushed, where the source is a Git repository.
	git    bool
	commit Commit
	// connection, repository and branch are set for connection sources.
	connection string
	repository string
	branch     string
}

// keepRevision stores rev in place of what an earlier attempt found.
func (x *execution) keepRevision(rev revision) {
	x.revisions = slices.DeleteFunc(x.revisions, func(o revision) bool { return o.action == rev.action })
	x.revisions = append(x.revisions, rev)
}

// A find is what a source found: a revision and the variables it gives.
type find struct {
	id, change   string
	summary, url string
	variables    map[string]string
}

// sourcePlan is what a source action finds, by its provider. Until it has, the
// API shows nothing of it.
func (e *Engine) sourcePlan(r *run) plan {
	a := r.action
	rev := &revision{action: a.Name, created: e.now(), commit: r.execution.commit.complete(nextCommit(r.execution.pipeline), r.execution.started)}
	if len(a.OutputArtifacts) > 0 {
		rev.artifact = a.OutputArtifacts[0].Name
	}
	look := e.findCommit
	switch a.Type.Provider {
	case providerS3:
		look = e.findObject
	case providerECR:
		look = e.findImage
	}
	found, err := look(r, rev)
	if err != nil {
		text := short(err.Error())
		return plan{refused: &outcome{summary: text, code: revisionUnavailable, message: text}}
	}
	rev.id, rev.change, rev.summary, rev.url = found.id, found.change, found.summary, found.url
	return plan{
		done: outcome{
			externalID: rev.id, summary: rev.summary, url: rev.url, outputs: found.variables, revision: rev,
		},
		failure: "The source revision could not be read",
	}
}

// made makes up a revision of something: n characters out of alphabet, the
// same ones whenever this execution asks again.
func (x *execution) made(n int, alphabet string, of ...string) string {
	var b strings.Builder
	for block := 0; b.Len() < n; block++ {
		sum := sha256.Sum256([]byte(strings.Join(append([]string{x.id, hex.EncodeToString([]byte{byte(block)})}, of...), "\x00")))
		for _, c := range sum {
			b.WriteByte(alphabet[int(c)%len(alphabet)])
		}
	}
	return b.String()[:n]
}
