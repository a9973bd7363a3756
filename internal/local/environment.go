package local

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// environmentFile is what other shells read to reach the local world.
const environmentFile = "local.env"

// EnvironmentFile is the path of the file that writeEnvironment has written.
func (w *World) EnvironmentFile() string { return filepath.Join(w.options.Dir, environmentFile) }

// writeEnvironment writes local.env: enough for the ordinary AWS CLI, and for
// clients of Slack and of our HTTP API, in another shell.
func (w *World) writeEnvironment() error {
	lines := []string{
		"# Written by `signalbox local`. Use it with: set -a; . " + filepath.Join(".signalbox", environmentFile) + "; set +a",
		"AWS_ENDPOINT_URL=" + w.Stack.Endpoint,
		"AWS_ENDPOINT_URL_CODEPIPELINE=" + w.pipelineURL,
		"AWS_ENDPOINT_URL_CODEBUILD=" + w.buildURL,
		"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=" + w.buildURL,
		"AWS_ENDPOINT_URL_ECR=" + w.registryURL,
		"AWS_ENDPOINT_URL_INSPECTOR2=" + w.registryURL,
		"AWS_ENDPOINT_URL_SCHEDULER=" + w.schedulerURL,
		"AWS_REGION=" + w.Stack.AWS().Region,
		"AWS_DEFAULT_REGION=" + w.Stack.AWS().Region,
		"AWS_ACCESS_KEY_ID=" + w.Stack.Account,
		"AWS_SECRET_ACCESS_KEY=local",
		"SLACK_API_URL=" + w.slackURL + "/api/",
		"SIGNALBOX_API_URL=" + w.Stack.APIURL,
		"SIGNALBOX_CONSOLE_URL=" + w.URL,
		"",
	}
	if err := os.WriteFile(w.EnvironmentFile(), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		return fmt.Errorf("write the environment for other shells: %w", err)
	}
	return nil
}
