package registry

import (
	"maps"
	"slices"
	"time"
)

// maxOverview is how many images Images lists, the newest (chosen).
const maxOverview = 500

// An ImageOverview is what the console shows of an image.
type ImageOverview struct {
	Repository string   `json:"repository"`
	Digest     string   `json:"digest"`
	Tags       []string `json:"tags"`
	MediaType  string   `json:"media_type"`
	// Platform is empty for an index; Children are then its images.
	Platform string    `json:"platform,omitempty"`
	Children []Child   `json:"children"`
	PushedAt time.Time `json:"pushed_at"`
	// Scan is the engine, and Status is empty as long as there is no scan.
	Scan   string `json:"scan"`
	Status string `json:"status"`
	// Counts are findings by severity as clients see them now.
	Counts map[string]int `json:"counts"`
}

// Images lists the images of a repository, or of all if it is empty: the newest
// 500, newest first.
func (s *Service) Images(repository string) []ImageOverview {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*image
	for name, r := range s.repositories {
		if repository == "" || repository == name {
			all = slices.AppendSeq(all, maps.Values(r.images))
		}
	}
	slices.SortFunc(all, func(a, b *image) int { return b.sequence - a.sequence })
	out := []ImageOverview{}
	for _, im := range all[:min(len(all), maxOverview)] {
		out = append(out, im.overview())
	}
	return out
}

func (im *image) overview() ImageOverview {
	o := ImageOverview{
		Repository: im.repository.name, Digest: im.digest, Tags: im.allTags(), MediaType: im.mediaType, Children: []Child{},
		PushedAt: im.pushedAt, Scan: im.scan.engine, Status: im.scan.status, Counts: im.counts(),
	}
	if !im.isIndex() {
		o.Platform = im.platform.String()
	}
	for _, d := range im.parsed.Manifests {
		if c := im.repository.images[d.Digest]; c != nil {
			o.Children = append(o.Children, Child{Digest: c.digest, Platform: c.platform.String(), Attestation: c.isAttestation()})
		}
	}
	return o
}
