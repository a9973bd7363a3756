package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"time"
)

// commitID is a whole Git commit id.
var commitID = regexp.MustCompile(`^[0-9a-f]{40}$`)

// findCommit finds the head of a branch, or the commit that the start of the
// execution asked for.
func (e *Engine) findCommit(r *run, rev *revision) (find, error) {
	a, c, conf := r.action, rev.commit, r.resolved
	branch := cmp.Or(conf["BranchName"], conf["Branch"])
	repository := cmp.Or(conf["FullRepositoryId"], conf["RepositoryName"], conf["Owner"]+"/"+conf["Repo"])
	rev.git = true
	f := find{id: r.execution.pinned[a.Name].commit}
	if f.id == "" {
		f.id = r.execution.made(40, hexadecimal, repository, branch)
	}
	if !commitID.MatchString(f.id) {
		return find{}, fmt.Errorf("the source action %s cannot find the commit %.100q in the repository %s: it is not a whole commit id", a.Name, f.id, repository)
	}
	f.change, f.summary = c.At.UTC().Format(time.RFC3339), c.Message
	f.variables = map[string]string{"CommitId": f.id, "CommitMessage": c.Message, "AuthorDate": f.change, "BranchName": branch}
	switch a.Type.Provider {
	case providerConnection:
		rev.connection, rev.repository, rev.branch = conf["ConnectionArn"], repository, branch
		f.summary = connectionSummary(c.Message)
		f.url = link("https://" + e.regionOf(a) + ".console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=" +
			rev.connection + "&referenceType=COMMIT&FullRepositoryId=" + repository + "&Commit=" + f.id)
		maps.Copy(f.variables, map[string]string{
			"AuthorDisplayName": c.Author, "AuthorEmail": c.Email, "AuthorId": c.authorID(),
			"ConnectionArn": rev.connection, "FullRepositoryName": repository, "ProviderType": gitProvider,
		})
	case providerCodeCommit:
		f.url = link("https://" + e.regionOf(a) + ".console.aws.amazon.com/codesuite/codecommit/repositories/" +
			url.PathEscape(repository) + "/commit/" + f.id)
		f.variables["RepositoryName"], f.variables["CommitterDate"] = repository, f.change
	default: // GitHub, version 1
		f.url = link("https://github.com/" + repository + "/commit/" + f.id)
		maps.Copy(f.variables, map[string]string{
			"RepositoryName": conf["Repo"], "CommitUrl": f.url, "CommitterDate": f.change,
		})
	}
	f.summary = short(f.summary)
	return f, nil
}

// connectionSummary is the JSON text that connections have for a summary. A
// message that would make it too long for the API is cut.
func connectionSummary(message string) string {
	runes := []rune(message)
	for {
		text, err := json.Marshal(struct{ ProviderType, CommitMessage string }{gitProvider, string(runes)})
		if err != nil || len(text) <= maxSummary { // strings only: no error
			return string(text)
		}
		runes = runes[:max(0, len(runes)-max(1, (len(text)-maxSummary)/6))]
	}
}
