// Package release says what an execution of a pipeline would release: which
// changes since the last release, by whom, how they were built and tested.
//
// It holds plain values and works them out of other plain values; reading them
// is the business of adapters. All texts in it come from outside (commits,
// images, tests) and nobody has verified them: escape them for where they land.
package release

import (
	"slices"
	"time"
)

// Changes are what people approve: everything that an execution carries to a
// stage and that is not there yet. They are kept within a request, so they are
// bounded: see Bounded.
//
// They are as complete as CodePipeline's memory. Of a push of several commits
// it knows the head alone, unless it started one execution for each of them.
type Changes struct {
	// Stage is the stage that is to be entered or finished.
	Stage string `json:"stage,omitempty"`
	// Since is the last release to Stage before this execution; nil if there
	// was none, or if Missing says that it was not found.
	Since *Release `json:"since,omitempty"`
	// Newer is a release to Stage that began after this execution did, which
	// is possible where executions run in parallel: this one would replace it.
	Newer *Release `json:"newer,omitempty"`
	// RollsBackTo is the execution whose revisions are released again, if
	// this one is a roll-back.
	RollsBackTo string `json:"rolls_back_to,omitempty"`
	// Commits has the newest changes, newest first; More counts the others,
	// and MoreKeys has the issue keys that only they mention.
	Commits  []Commit `json:"commits,omitempty"`
	More     int      `json:"more,omitempty"`
	MoreKeys []string `json:"more_keys,omitempty"`
	// Authors are those of all changes, also of those that Commits leaves
	// out. They are all there are only if AuthorsComplete says so.
	Authors         []Author `json:"authors,omitempty"`
	AuthorsComplete bool     `json:"authors_complete"`
	Images          []Image  `json:"images,omitempty"`
	Tests           []Test   `json:"tests,omitempty"`
	// Superseded are the executions that gave way to this one or to another
	// before it: their changes are among these. Newest first.
	Superseded []Superseded `json:"superseded,omitempty"`
	// Missing says in sentences for people what is not known.
	Missing []string `json:"missing,omitempty"`
	// Began is when the execution started.
	Began time.Time `json:"began,omitzero"`
}

// A Release is an execution that a stage has let through.
type Release struct {
	ExecutionID string `json:"execution_id"`
	// At is when the execution last changed, which is when it ended.
	At time.Time `json:"at"`
	// RolledBackTo is the execution whose revisions it released again, if it
	// was a roll-back.
	RolledBackTo string `json:"rolled_back_to,omitempty"`
}

// A Commit is one change: a commit, or a version of an image or object.
type Commit struct {
	// Source is the name of the source action.
	Source string `json:"source,omitempty"`
	ID     string `json:"id"`
	// Summary is the first line of the message.
	Summary        string `json:"summary,omitempty"`
	Author         string `json:"author,omitempty"`
	Email          string `json:"email,omitempty"`
	Committer      string `json:"committer,omitempty"`
	CommitterEmail string `json:"committer_email,omitempty"`
	URL            string `json:"url,omitempty"`
	// At is when the change was made or, if nobody says, when the execution
	// that brought it started.
	At          time.Time `json:"at,omitzero"`
	ExecutionID string    `json:"execution_id,omitempty"`
	// Keys are the keys of Jira issues that the message mentions.
	Keys []string `json:"keys,omitempty"`
}

// An Author is one identity that made changes.
type Author struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	// Login is the user name or id at the Git provider, if it is not Name.
	Login string `json:"login,omitempty"`
	// Committer is set for one who committed changes and wrote none.
	Committer bool `json:"committer,omitempty"`
}

// An Image is a container image that the execution carries or has built.
type Image struct {
	Repository string  `json:"repository,omitempty"`
	Digest     string  `json:"digest"`
	Verdict    Verdict `json:"verdict"`
	// Counts are the findings of each severity, in the scanner's words.
	Counts map[string]int `json:"counts,omitempty"`
	// At is when the scan was completed.
	At time.Time `json:"at,omitzero"`
}

// A Verdict is what a scan says about an image, in words for people.
type Verdict string

// The verdicts. Only Clean and Findings come from a scan that was completed.
const (
	Clean        Verdict = "no findings"
	Findings     Verdict = "findings"
	Scanning     Verdict = "still being scanned"
	NotScanned   Verdict = "not scanned"
	NotScannable Verdict = "cannot be scanned"
	Unknown      Verdict = "not known"
)

// A Test is the result of one test report.
type Test struct {
	Name    string `json:"name"`
	Passed  int    `json:"passed"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	URL     string `json:"url,omitempty"`
}

// A Superseded execution gave way to a newer one.
type Superseded struct {
	ExecutionID string `json:"execution_id"`
	Summary     string `json:"summary,omitempty"`
}

// Keys lists the keys of all Jira issues that the changes mention, each once,
// those of the newest changes first.
func (c Changes) Keys() []string {
	var all []string
	add := func(keys []string) {
		for _, k := range keys {
			if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	for _, commit := range c.Commits {
		add(commit.Keys)
	}
	add(c.MoreKeys)
	return all
}

// Miss returns c with one more sentence about what is not known. The same
// sentence is kept once.
func (c Changes) Miss(sentence string) Changes {
	if sentence != "" && !slices.Contains(c.Missing, sentence) {
		c.Missing = append(slices.Clip(c.Missing), sentence)
	}
	return c
}
