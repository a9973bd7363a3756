package registry

// What AWS leaves open is decided here, once, with the reason.
//
//   - The scan type is a setting of the whole registry in AWS. An image that
//     Push made keeps the scan type it was given, whatever the setting says, so
//     that both formats can be shown side by side. The setting decides about
//     images that arrive through PutImage.
//   - A scan that a push starts does not exist at first (ScanNotFoundException),
//     is then PENDING, then IN_PROGRESS, and has its result at the end of its
//     time. Both engines use both words, as clients must know both.
//   - Strict: Inspector says ACTIVE, with an empty list of basic findings and
//     without imageScanCompletedAt, for the last part of that time. Such an
//     answer was captured and is not documented; a client that reads it as "no
//     findings" lets everything pass.
//   - Neither engine scans an index. Basic scanning behaves as if it had not
//     been pushed; Inspector says UNSUPPORTED_IMAGE. Attestations end as
//     UNSUPPORTED_IMAGE with Inspector and as FAILED with
//     UnsupportedImageError in basic scanning.
//   - Findings come in the order in which they were given, not the worst first,
//     so that a client that reads one page only misses something.
//   - findingSeverityCounts includes suppressed findings and leaves out closed
//     ones; the list holds the same findings.
//   - Inspector tells of its first scan before it tells of the findings. There
//     may be more of these than wait for a slow bus, and the last are lost.
//   - PutImage does not look for layers, as there is no place to upload them.
//   - Deleting an image with several tags sends one event for each.
//   - Deleting an image sends nothing from Inspector.
//   - ListFindings fills pages of 100, as it does in production, although the
//     service model has a maximum of 25 for the list in the answer.
//   - What one local registry holds is bounded; beyond, pushes are refused with
//     LimitExceededException.

// usage is what is held, to be kept within the limits below.
type usage struct {
	images, manifestBytes, findings int
}

// The limits (chosen): a week of a busy demo fits, and full they take about
// 200 MB.
const (
	maxRepositories  = 1000
	maxImages        = 10_000
	maxManifestBytes = 64 << 20
	maxFindings      = 200_000
	// maxImageFindings is how many findings one image has, open and closed.
	maxImageFindings = 20_000
	maxAllTags       = 50_000
	// maxTags is ECR's own limit for one image, and maxReferences the one for the
	// layers of an image. (User guide, "Service quotas".)
	maxTags       = 1000
	maxReferences = 4200
)
