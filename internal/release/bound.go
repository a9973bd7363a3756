package release

import (
	"encoding/json"
	"fmt"
)

// Limits of what is kept, in bytes of JSON: maxBytes of everything, and the
// others of single lists. Commits get what is left. A record of the table has
// 400 KB at most, and a request keeps more than this.
const (
	maxBytes           = 40 << 10
	maxAuthorBytes     = 16 << 10
	maxTestBytes       = 4 << 10
	maxImageBytes      = 3 << 10
	maxSupersededBytes = 3 << 10
	maxMissingBytes    = 4 << 10
	maxKeyBytes        = 3 << 10
	maxOtherBytes      = 2 << 10 // Since, Stage, and the names of all fields
)

// maxCounts bounds the severities of an image: scanners know six or seven.
const maxCounts = 10

// Bounded returns c cut down to 40 KB of JSON, so that it can be stored. What
// was cut off is counted or told, and if it was an author, AuthorsComplete is
// false.
func (c Changes) Bounded() Changes {
	c = c.clipped()
	if authors := fitting(c.Authors, maxAuthorBytes); len(authors) < len(c.Authors) {
		c.Authors = authors
		c.tooMany()
	}
	tests, images := fitting(c.Tests, maxTestBytes), fitting(c.Images, maxImageBytes)
	if n := len(c.Tests) + len(c.Images) - len(tests) - len(images); n > 0 {
		c = c.Miss(fmt.Sprintf("%d of the test reports and images are left out.", n))
	}
	c.Tests, c.Images = tests, images
	c.Superseded = fitting(c.Superseded, maxSupersededBytes)
	c.Missing = fitting(c.Missing, maxMissingBytes)
	used := size(c.Authors) + size(c.Tests) + size(c.Images) + size(c.Superseded) + size(c.Missing)
	kept := fitting(c.Commits, maxBytes-maxOtherBytes-maxKeyBytes-used)
	dropped := c.Commits[len(kept):]
	c.Commits = kept
	for _, commit := range dropped {
		c.leaveOut(commit)
	}
	c.MoreKeys = fitting(c.MoreKeys, maxKeyBytes)
	return c
}

// clipped bounds the texts that did not come from Collect.
func (c Changes) clipped() Changes {
	c.Images, c.Tests, c.Missing = copied(c.Images), copied(c.Tests), copied(c.Missing)
	for i, image := range c.Images {
		image.Repository, image.Digest = clip(image.Repository, maxEmail), clip(image.Digest, maxID)
		if len(image.Counts) > maxCounts {
			image.Counts = nil
		}
		c.Images[i] = image
	}
	for i, t := range c.Tests {
		c.Tests[i].Name, c.Tests[i].URL = clip(t.Name, maxID), link(t.URL)
	}
	for i, sentence := range c.Missing {
		c.Missing[i] = clip(sentence, maxSentence)
	}
	return c
}

// copied keeps what is changed from being the caller's.
func copied[T any](all []T) []T { return append([]T(nil), all...) }

// fitting returns as many of all, from the first on, as fit into limit bytes.
func fitting[T any](all []T, limit int) []T {
	for i, one := range all {
		if limit -= size(one) + 1; limit < 0 { // one for the comma
			return all[:i]
		}
	}
	return all
}

// size is how many bytes of JSON v takes.
func size(v any) int {
	text, err := json.Marshal(v)
	if err != nil {
		return maxBytes // which does not fit
	}
	return len(text)
}
