package deployment_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bucketsKeepEvidence: what is exported can be neither changed nor deleted nor
// read by strangers, and outlives the stack.
func bucketsKeepEvidence(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::S3::Bucket") {
		found = append(found, t.retained(id)...)
		for _, want := range []struct {
			path  string
			value any
		}{
			{"ObjectLockEnabled", true},
			{"ObjectLockConfiguration.ObjectLockEnabled", "Enabled"},
			{"VersioningConfiguration.Status", "Enabled"},
			{"OwnershipControls.Rules.0.ObjectOwnership", "BucketOwnerEnforced"},
			{"PublicAccessBlockConfiguration.BlockPublicAcls", true},
			{"PublicAccessBlockConfiguration.BlockPublicPolicy", true},
			{"PublicAccessBlockConfiguration.IgnorePublicAcls", true},
			{"PublicAccessBlockConfiguration.RestrictPublicBuckets", true},
		} {
			if got := t.of(id, below(want.path)...); got != want.value {
				found = append(found, fmt.Sprintf("%s: %s is %v, not %v", id, want.path, got, want.value))
			}
		}
		if t.of(id, "BucketEncryption", "ServerSideEncryptionConfiguration", "0") == nil {
			found = append(found, id+": is not encrypted")
		}
		kept := t.of(id, "ObjectLockConfiguration", "Rule", "DefaultRetention")
		if target(at(kept, "Mode")) != "AuditExport" || target(at(kept, "Days")) != "AuditRetentionDays" {
			found = append(found, id+": does not keep objects as the parameters say")
		}
		if !t.overTLSOnly(id) {
			found = append(found, id+": can be used without TLS")
		}
	}
	return found
}

// overTLSOnly reports whether a bucket policy denies everything else, on the
// bucket and on what is in it.
func (t template) overTLSOnly(bucket string) bool {
	return slices.ContainsFunc(t.resources("AWS::S3::BucketPolicy"), func(id string) bool {
		s := t.of(id, "PolicyDocument", "Statement", "0")
		return target(t.of(id, "Bucket")) == bucket && at(s, "Effect") == "Deny" && at(s, "Principal") == "*" && at(s, "Action") == "s3:*" &&
			at(s, "Condition", "Bool", "aws:SecureTransport") == "false" &&
			slices.Equal(targets(at(s, "Resource")), []string{bucket, "${" + bucket + ".Arn}/*"})
	})
}

// indexesHoldKeys: an index lags behind its table, so nothing is decided by
// what it says, and what it does not hold cannot be taken for the truth.
func indexesHoldKeys(t template) []string {
	var found []string
	for _, id := range t.resources("AWS::DynamoDB::Table") {
		indexes := list(t.of(id, "GlobalSecondaryIndexes"))
		if len(indexes) == 0 {
			found = append(found, id+": has no index of what is open")
		}
		for _, index := range indexes {
			if at(index, "Projection", "ProjectionType") != "KEYS_ONLY" {
				found = append(found, fmt.Sprintf("%s: its index %v holds more than keys", id, at(index, "IndexName")))
			}
		}
	}
	return found
}

// TestMetricsThatAlarmsWatchAreWritten: an alarm on a metric that no code names
// would be quiet for ever.
func TestMetricsThatAlarmsWatchAreWritten(t *testing.T) {
	t.Parallel()
	whole := load(t)
	var code strings.Builder
	files, err := filepath.Glob(root + "internal/approval/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			code.WriteString(read(t, strings.TrimPrefix(file, root)))
		}
	}
	watched := 0
	for _, id := range whole.resources(anAlarm) {
		if whole.of(id, "Namespace") != "Signalbox" {
			continue
		}
		watched++
		if name := fmt.Sprint(whole.of(id, "MetricName")); !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("%s: internal/approval writes no metric %s", id, name)
		}
	}
	if watched == 0 {
		t.Error("no alarm watches a metric of ours")
	}
}
