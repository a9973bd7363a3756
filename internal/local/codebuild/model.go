package codebuild

import (
	_ "embed" // for the models

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

//go:generate ../../../.venv/bin/python ../codepipeline/api/extract.py codebuild/2016-10-06 codebuild.json
//go:generate ../../../.venv/bin/python ../codepipeline/api/extract.py logs/2014-03-28 logs.json GetLogEvents

//go:embed codebuild.json
var buildsJSON []byte

//go:embed logs.json
var logsJSON []byte

// The error types that the service models list.
const (
	invalidInput     = "InvalidInputException"
	notFound         = "ResourceNotFoundException"
	alreadyExists    = "ResourceAlreadyExistsException"
	limitExceeded    = "AccountLimitExceededException"
	invalidParameter = "InvalidParameterException" // of CloudWatch Logs
)

// LoadModel reads the embedded service model of CodeBuild. It fails only if
// codebuild.json was edited by hand and broken.
func LoadModel() (*api.Model, error) { return api.ReadModel(buildsJSON, invalidInput) }

// invalid is an InvalidInputException in CodeBuild's words.
func invalid(format string, args ...any) *api.Error {
	return api.Errorf(invalidInput, "Invalid input: "+format, args...)
}
