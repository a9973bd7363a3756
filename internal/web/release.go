package web

import (
	"net/url"
	"strings"
)

// The longest texts on the page, in characters. They are from outside, and a
// page that scrolls for ever hides what matters.
const (
	maxLine = 200
	maxNote = 2000
)

// A release is what is being asked about.
type release struct {
	Pipeline    string
	Stage       string
	Action      string
	Environment string
	Execution   string
	Revisions   []revision
	StartedBy   string
	Since       moment
	Expires     moment
	Began       *moment
	// Left is how long there is to answer; empty when that is over.
	Left   string
	Note   string
	Review *review
	// Progress and Changes are empty when there is nothing to tell.
	Progress []quorum
	Changes  *changes
}

type revision struct {
	ID      string
	FullID  string
	Title   string
	Author  string
	URL     string
	Source  string
	Several bool
}

// A review is the address that the pipeline wants looked at.
type review struct {
	// URL is https, or empty when the address is not fit to be a link.
	URL  string
	Host string
	Text string
}

func newRelease(s sight) *release {
	r := s.request
	rel := &release{
		Pipeline: r.Pipeline, Stage: r.Stage, Action: r.Name, Environment: r.Environment, Execution: r.ExecutionID,
		StartedBy: clip(r.Starter(), maxLine),
		Since:     newMoment(r.StartedAt), Expires: newMoment(s.until()),
		Note: clip(strings.TrimSpace(r.CustomData), maxNote), Review: newReview(r.ReviewURL),
	}
	if !r.State.Final() && s.now.Before(s.until()) {
		rel.Left = span(s.until().Sub(s.now))
	}
	if at := r.Changes.Began; !at.IsZero() {
		began := newMoment(at)
		rel.Began = &began
	}
	rel.Progress, rel.Changes = newProgress(r), newChanges(r)
	for _, v := range r.Revisions {
		rel.Revisions = append(rel.Revisions, revision{
			ID: v.Short(), FullID: v.ID, Title: clip(v.Subject(), maxLine), Author: clip(v.Author, maxLine),
			URL: httpsURL(v.URL), Source: v.Source, Several: len(r.Revisions) > 1,
		})
	}
	return rel
}

func newReview(address string) *review {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil
	}
	v := &review{URL: httpsURL(address), Text: clip(address, maxLine)}
	if u, err := url.Parse(v.URL); err == nil {
		v.Host = u.Host
	}
	return v
}

// httpsURL returns address when it is fit to be a link: https, with a host,
// and without a user name that could pass for one.
func httpsURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// clip cuts s to at most limit characters, the last of which is then an
// ellipsis.
func clip(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}
