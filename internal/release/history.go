package release

import (
	"slices"
	"time"
)

// superseded is the status of an execution that gave way to a newer one.
const superseded = "Superseded"

// A Revision is one source revision of an execution, as far as it is known.
type Revision struct {
	Source string
	ID     string
	// Message is the whole message of the commit.
	Message        string
	URL            string
	Author         string
	Email          string
	Login          string
	Committer      string
	CommitterEmail string
	At             time.Time
}

// An Execution is one run of a pipeline.
type Execution struct {
	ID    string
	Began time.Time
	// Status is CodePipeline's word for how it stands or ended.
	Status string
	// RollsBackTo is the execution whose revisions a roll-back carries.
	RollsBackTo string
	Revisions   []Revision
}

// A History is what is known about the past of a pipeline when one of its
// executions is about to be released.
type History struct {
	// Stage is the stage to which it is released.
	Stage string
	This  Execution
	// Earlier are the executions that began before This, newest first.
	Earlier []Execution
	// Since is the newest release to Stage among Earlier, and Newer one that
	// began after This; nil if there is none.
	Since, Newer *Release
	// Whole is set when Earlier reaches back to the first execution that
	// anybody remembers.
	Whole bool
}

// Carried are the executions whose changes This would release, newest first:
// itself and those since the last release, however they ended, because a
// commit that failed yesterday is part of what is built today. Roll-backs
// bring no changes of their own. After a release that was rolled back to
// another one, the changes since that other one count: the ones that were
// taken back come again. A roll-back carries what the execution that it rolls
// back to carried; that one stands here in its place.
//
// Executions are told apart by time alone, so one that built another branch
// counts too: that excludes somebody from approving rather than letting an
// author approve.
func (h History) Carried() []Execution {
	if h.This.RollsBackTo != "" {
		if i := h.content(h.This.RollsBackTo); i >= 0 {
			return []Execution{h.Earlier[i]}
		}
		return []Execution{h.This}
	}
	earlier := h.Earlier
	if i := h.base(); i >= 0 {
		earlier = earlier[:i]
	}
	carried := []Execution{h.This}
	for _, e := range earlier {
		if e.RollsBackTo == "" {
			carried = append(carried, e)
		}
	}
	return carried
}

// base is the index in Earlier of the execution whose revisions the last
// release brought to the stage, or -1.
func (h History) base() int {
	if h.Since == nil {
		return -1
	}
	return h.content(h.Since.ExecutionID)
}

// content is the index in Earlier of the execution whose revisions id carries,
// which is another one if id is a roll-back, or -1 if it is not there.
func (h History) content(id string) int {
	for range len(h.Earlier) + 1 { // a chain is no longer, unless it is a circle
		i := slices.IndexFunc(h.Earlier, func(e Execution) bool { return e.ID == id })
		if i < 0 || h.Earlier[i].RollsBackTo == "" {
			return i
		}
		id = h.Earlier[i].RollsBackTo
	}
	return -1
}

// Known reports whether Carried is all that there is.
func (h History) Known() bool {
	if h.This.RollsBackTo != "" {
		return h.content(h.This.RollsBackTo) >= 0
	}
	if h.Since != nil {
		return h.base() >= 0
	}
	return h.Whole
}

// since is the last release, told what it had rolled back to.
func (h History) since() *Release {
	if h.Since == nil {
		return nil
	}
	s := *h.Since
	if i := h.base(); i >= 0 && h.Earlier[i].ID != s.ExecutionID {
		s.RolledBackTo = h.Earlier[i].ID
	}
	return &s
}

// released has the revisions that are in the stage already, by source and id.
func (h History) released() map[[2]string]bool {
	all := map[[2]string]bool{}
	if i := h.base(); i >= 0 {
		for _, r := range h.Earlier[i].Revisions {
			all[[2]string{r.Source, r.ID}] = true
		}
	}
	return all
}
