package slack

import (
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// consoleURL is the pipeline's page in the AWS console, or nothing when the
// action names no pipeline that can be. The three partitions have consoles of their
// own. https://docs.aws.amazon.com/general/latest/gr/console.html
func consoleURL(a approval.Action) string {
	if !isRegion(a.Region) || !isPipeline(a.Pipeline) {
		return ""
	}
	host := a.Region + ".console.aws.amazon.com"
	switch {
	case strings.HasPrefix(a.Region, "cn-"):
		host = a.Region + ".console.amazonaws.cn"
	case strings.HasPrefix(a.Region, "us-gov-"):
		host = "console.amazonaws-us-gov.com"
	}
	return "https://" + host + "/codesuite/codepipeline/pipelines/" + a.Pipeline + "/view?region=" + a.Region
}
