package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The media types of manifests that ECR stores. (OCI image specification;
// Docker image manifest v2, schema 2.)
const (
	ociImage    = "application/vnd.oci.image.manifest.v1+json"
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	dockerImage = "application/vnd.docker.distribution.manifest.v2+json"
	dockerList  = "application/vnd.docker.distribution.manifest.list.v2+json"
)

var (
	imageTypes = map[string]bool{ociImage: true, dockerImage: true}
	indexTypes = map[string]bool{ociIndex: true, dockerList: true}
)

// What the manifests that we make contain. (OCI image specification; BuildKit,
// "Attestation storage".)
const (
	ociConfig       = "application/vnd.oci.image.config.v1+json"
	ociLayer        = "application/vnd.oci.image.layer.v1.tar+gzip"
	inTotoLayer     = "application/vnd.in-toto+json"
	predicateType   = "in-toto.io/predicate-type"
	referenceType   = "vnd.docker.reference.type"
	referenceDigest = "vnd.docker.reference.digest"
	attestation     = "attestation-manifest"
	unknown         = "unknown"
)

// A Platform is what an image runs on, such as linux/arm64.
type Platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	Variant      string `json:"variant,omitempty"`
}

// String is os/architecture, with the variant when there is one.
func (p Platform) String() string {
	if p.Variant == "" {
		return p.OS + "/" + p.Architecture
	}
	return p.OS + "/" + p.Architecture + "/" + p.Variant
}

// defaultPlatform is that of images that do not say (chosen).
var defaultPlatform = Platform{Architecture: "amd64", OS: "linux"}

// A descriptor points at a blob or a manifest.
type descriptor struct {
	MediaType   string            `json:"mediaType,omitempty"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    *Platform         `json:"platform,omitempty"`
}

// A manifest is an image's or an index's.
type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType,omitempty"`
	ArtifactType  string       `json:"artifactType,omitempty"`
	Config        *descriptor  `json:"config,omitempty"`
	Layers        []descriptor `json:"layers,omitempty"`
	Manifests     []descriptor `json:"manifests,omitempty"`
	Subject       *descriptor  `json:"subject,omitempty"`
}

func (m manifest) hasAttestation() bool {
	for _, l := range m.Layers {
		if l.MediaType == inTotoLayer {
			return true
		}
	}
	return false
}

// size is what DescribeImages calls the image's size.
func (m manifest) size() int64 {
	var n int64
	for _, l := range m.Layers {
		n += l.Size
	}
	return n
}

// artifactType is the type of what a manifest holds; an index has none.
func (m manifest) artifactType() string {
	switch {
	case m.ArtifactType != "":
		return m.ArtifactType
	case m.Config != nil:
		return m.Config.MediaType
	}
	return ""
}

// parseManifest reads a manifest that somebody pushes. The media type is that of
// the request or, without one, the manifest's own.
func parseManifest(text, mediaType string) (manifest, string, error) {
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, "", api.Errorf(invalidParameter, "Invalid parameter at 'imageManifest' failed to satisfy constraint: it is not the JSON of an image manifest")
	}
	if mediaType == "" {
		mediaType = m.MediaType
	}
	switch {
	case !imageTypes[mediaType] && !indexTypes[mediaType]:
		return m, "", api.Errorf(invalidParameter, "Invalid parameter at 'imageManifestMediaType' failed to satisfy constraint: "+
			"the media type '%s' is not one of an image manifest or an index", clip(mediaType))
	case m.MediaType != "" && m.MediaType != mediaType:
		return m, "", api.Errorf(invalidParameter, "Invalid parameter at 'imageManifestMediaType' failed to satisfy constraint: "+
			"the manifest says '%s'", clip(m.MediaType))
	case m.SchemaVersion != 2, imageTypes[mediaType] && m.Config == nil:
		return m, "", api.Errorf(invalidParameter, "Invalid parameter at 'imageManifest' failed to satisfy constraint: "+
			"a manifest has the schemaVersion 2 and an image's has a config")
	case len(m.Layers) > maxReferences, len(m.Manifests) > maxReferences:
		return m, "", api.Errorf(limitExceeded, "The manifest refers to more than %d layers or images", maxReferences)
	}
	return m, mediaType, nil
}

// digestOf is the digest of a manifest or of any other text.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// made is a manifest of ours, ready to be stored.
type made struct {
	text     string
	platform Platform
}

func (m made) digest() string { return digestOf(m.text) }

// imageManifest makes the manifest of an image. The seed makes its layers, and
// with them its digest, its own.
func imageManifest(seed string, p Platform) (made, error) {
	about := seed + "/" + p.String()
	return encode(manifest{
		SchemaVersion: 2, MediaType: ociImage,
		Config: &descriptor{MediaType: ociConfig, Digest: digestOf("config " + about), Size: 2310},
		Layers: []descriptor{
			{MediaType: ociLayer, Digest: digestOf("base layer of " + p.String()), Size: 29_150_479},
			{MediaType: ociLayer, Digest: digestOf("layer " + about), Size: 7_340_032},
		},
	}, p)
}

// attestationManifest makes what BuildKit pushes beside the image of that digest.
func attestationManifest(of string) (made, error) {
	return encode(manifest{
		SchemaVersion: 2, MediaType: ociImage,
		Config: &descriptor{MediaType: ociConfig, Digest: digestOf("attestation config " + of), Size: 167},
		Layers: []descriptor{{
			MediaType: inTotoLayer, Digest: digestOf("provenance " + of), Size: 3140,
			Annotations: map[string]string{predicateType: "https://slsa.dev/provenance/v0.2"},
		}},
	}, Platform{Architecture: unknown, OS: unknown})
}

// indexManifest makes the index of images and their attestations; of tells for
// each attestation's digest which image it is about.
func indexManifest(parts []made, of map[string]string) (made, error) {
	index := manifest{SchemaVersion: 2, MediaType: ociIndex}
	for _, p := range parts {
		platform := p.platform
		d := descriptor{MediaType: ociImage, Digest: p.digest(), Size: int64(len(p.text)), Platform: &platform}
		if about := of[d.Digest]; about != "" {
			d.Annotations = map[string]string{referenceType: attestation, referenceDigest: about}
		}
		index.Manifests = append(index.Manifests, d)
	}
	return encode(index, Platform{})
}

func encode(m manifest, p Platform) (made, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return made{}, fmt.Errorf("write a manifest: %w", err)
	}
	return made{text: string(text), platform: p}, nil
}

// parsePlatform reads os/architecture or os/architecture/variant.
func parsePlatform(text string) (Platform, bool) {
	parts := strings.Split(text, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return Platform{}, false
	}
	for _, p := range parts {
		if !tagPattern.MatchString(p) || p == unknown {
			return Platform{}, false
		}
	}
	p := Platform{OS: parts[0], Architecture: parts[1]}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p, true
}
