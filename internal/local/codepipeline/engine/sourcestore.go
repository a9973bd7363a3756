package engine

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
)

// Images finds the image that a tag or a digest names in a repository of the
// local registry and returns its digest, or false when there is none. The
// Engine calls it with its lock held, so it must neither block nor call back.
type Images func(repository, reference string) (digest string, found bool)

// imageDigest is the digest of an image manifest.
var imageDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// findObject finds the newest version of an S3 object, or what the start of
// the execution asked for.
func (e *Engine) findObject(r *run, _ *revision) (find, error) {
	bucket, key, pinned := r.resolved["S3Bucket"], r.resolved["S3ObjectKey"], r.execution.pinned[r.action.Name]
	if pinned.key != "" {
		key = pinned.key
		r.resolved["S3ObjectKey"] = key
	}
	version := pinned.version
	if version == "" {
		version = r.execution.made(32, alphanumeric, bucket, key)
	}
	tag := r.execution.made(32, hexadecimal, bucket, key, version)
	return find{
		id: version, change: tag,
		summary: short("Amazon S3 version id: " + version),
		url:     link("https://console.aws.amazon.com/s3/object/" + url.PathEscape(bucket) + "?prefix=" + url.QueryEscape(key)),
		variables: map[string]string{
			"BucketName": bucket, "ObjectKey": key, "VersionId": version, "ETag": tag,
		},
	}, nil
}

// findImage finds the image behind a tag, or the digest that the start of the
// execution asked for; in the latter case there is no variable ImageTag.
func (e *Engine) findImage(r *run, _ *revision) (find, error) {
	a, repository := r.action, r.resolved["RepositoryName"]
	tag, pinned := cmp.Or(r.resolved["ImageTag"], "latest"), r.execution.pinned[r.action.Name].digest
	if pinned != "" && !imageDigest.MatchString(pinned) {
		return find{}, fmt.Errorf("the source action %s cannot find the image %.100q in the repository %s: it is not a sha256 digest", a.Name, pinned, repository)
	}
	reference := cmp.Or(pinned, tag)
	digest := cmp.Or(pinned, "sha256:"+r.execution.made(64, hexadecimal, repository, tag))
	if e.opts.Images != nil {
		found := false
		if digest, found = e.opts.Images(repository, reference); !found {
			return find{}, fmt.Errorf("the source action %s cannot find the image %s in the repository %s", a.Name, reference, repository)
		}
	}
	registry := e.accountOf(a)
	f := find{
		id: digest,
		url: link("https://" + e.regionOf(a) + ".console.aws.amazon.com/ecr/repositories/private/" + registry + "/" +
			url.PathEscape(repository) + "?region=" + e.regionOf(a)),
		variables: map[string]string{
			"RegistryId": registry, "RepositoryName": repository, "ImageDigest": digest,
			"ImageURI": registry + ".dkr.ecr." + e.regionOf(a) + ".amazonaws.com/" + repository + "@" + digest,
		},
	}
	if pinned == "" {
		f.variables["ImageTag"] = tag
	}
	return f, nil
}
