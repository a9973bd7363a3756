package slack

import "strings"

// The forms of names that come from outside. They are written out rather than
// compiled from regular expressions, because compiling happens at every start,
// and a start is what people wait for.

// isRequestID reports whether s has the form of approval.RequestID.
func isRequestID(s string) bool {
	return len(s) == 26 && only(s, func(c byte) bool { return lower(c) || c >= '2' && c <= '7' })
}

// isMemberID reports whether s can be a member of a Slack workspace.
func isMemberID(s string) bool { return isSlackID(s, "UW") }

// isGroupID reports whether s can be a user group of a Slack workspace.
func isGroupID(s string) bool { return isSlackID(s, "S") }

// isChannelID reports whether s can be a conversation in Slack.
func isChannelID(s string) bool { return isSlackID(s, "CDG") }

// isSlackID: a letter that says of what, and letters and digits.
func isSlackID(s, kinds string) bool {
	return len(s) > 1 && len(s) <= 32 && strings.IndexByte(kinds, s[0]) >= 0 && only(s, func(c byte) bool { return c >= 'A' && c <= 'Z' || digit(c) })
}

// isTS reports whether s can be a timestamp, by which Slack names a message.
func isTS(s string) bool {
	seconds, fraction, ok := strings.Cut(s, ".")
	return ok && len(s) <= 24 && seconds != "" && fraction != "" && only(seconds, digit) && only(fraction, digit)
}

// isErrorCode reports whether s has the form of Slack's error codes.
func isErrorCode(s string) bool {
	return s != "" && len(s) <= 64 && only(s, func(c byte) bool { return lower(c) || digit(c) || c == '_' })
}

// isRegion reports whether s can be an AWS region. It becomes part of a host
// name, so there must be no dot in it.
func isRegion(s string) bool {
	return s != "" && len(s) <= 32 && only(s, func(c byte) bool { return lower(c) || digit(c) || c == '-' })
}

// isPipeline reports whether s can be the name of a pipeline.
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
func isPipeline(s string) bool {
	return s != "" && len(s) <= 100 && only(s, func(c byte) bool {
		return lower(c) || digit(c) || c >= 'A' && c <= 'Z' || strings.IndexByte(".@_-", c) >= 0
	})
}

// only reports whether ok holds for every byte of s.
func only(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }
