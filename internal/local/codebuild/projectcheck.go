package codebuild

import (
	"regexp"
)

// The types of sources and artifacts that are treated by name.
const (
	typePipeline    = "CODEPIPELINE"
	typeNoSource    = "NO_SOURCE"
	typeS3          = "S3"
	typeNoArtifacts = "NO_ARTIFACTS"
)

// roleARN is how a service role may be named; a bare name counts too.
var roleARN = regexp.MustCompile(`^(arn:aws[a-z-]*:iam::[0-9]{12}:role/)?[\w+=,.@/-]{1,512}$`)

// check is what CodeBuild asks of a project beyond the shapes of its model.
func (p Project) check() error {
	if (p.Source.Type == typePipeline) != (p.Artifacts.Type == typePipeline) {
		return invalid("when using CodePipeline both sourceType, and artifactType must be set to: CODEPIPELINE")
	}
	if err := p.Source.check(); err != nil {
		return err
	}
	if p.Artifacts.Type == typeS3 && p.Artifacts.Location == "" {
		return invalid("artifacts location is required for the type S3")
	}
	if !roleARN.MatchString(p.ServiceRole) {
		return invalid("Invalid service role")
	}
	if p.ConcurrentBuildLimit < -1 {
		return invalid("concurrentBuildLimit must be greater than 0, or -1 to remove it")
	}
	return p.LogsConfig.check()
}

func (s Source) check() error {
	switch {
	case s.Type == typePipeline:
		return nil
	case s.Type == typeNoSource && s.Buildspec == "":
		return invalid("buildspec must be set when source's type is NO_SOURCE")
	case s.Type == typeNoSource && s.Location != "":
		return invalid("source location must not be set for the type NO_SOURCE")
	case s.Type != typeNoSource && s.Location == "":
		return invalid("source location is required for the type %s", s.Type)
	}
	return nil
}

// logName is the alphabet of log groups and streams. Source: CloudWatch Logs
// API reference, CreateLogGroup.
var logName = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)

func (l *LogsConfig) check() error {
	if l == nil || l.CloudWatchLogs == nil {
		return nil
	}
	for _, name := range []string{l.CloudWatchLogs.GroupName, l.CloudWatchLogs.StreamName} {
		if name != "" && !logName.MatchString(name) {
			return invalid("'%.100s' is no name of a log group or stream", name)
		}
	}
	return nil
}
