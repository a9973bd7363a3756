package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// What CloudFormation actions may do.
const (
	modeCreateUpdate     = "CREATE_UPDATE"
	modeReplaceOnFailure = "REPLACE_ON_FAILURE"
	modeDelete           = "DELETE_ONLY"
	modeChangeSet        = "CHANGE_SET_REPLACE"
	modeExecute          = "CHANGE_SET_EXECUTE"
)

// stackModes are the configuration keys that a CloudFormation action needs
// besides ActionMode and StackName. Source: CodePipeline user guide,
// "CloudFormation deploy action reference".
var stackModes = map[string][]string{
	modeCreateUpdate:     {"RoleArn", "TemplatePath"},
	modeReplaceOnFailure: {"RoleArn", "TemplatePath"},
	modeDelete:           {"RoleArn"},
	modeChangeSet:        {"ChangeSetName", "RoleArn", "TemplatePath"},
	modeExecute:          {"ChangeSetName"},
}

func checkCloudFormation(_ *Engine, r *run) error {
	mode := r.resolved["ActionMode"]
	needed, known := stackModes[mode]
	if !known {
		return fmt.Errorf("the configuration ActionMode of action %s is %q, which is none of the CloudFormation action modes", r.action.Name, mode)
	}
	for _, key := range needed {
		if r.resolved[key] == "" {
			return fmt.Errorf("action %s has no configuration %s, which ActionMode %s needs", r.action.Name, key, mode)
		}
	}
	for _, key := range []string{"TemplatePath", "TemplateConfiguration"} {
		path := r.resolved[key]
		if path == "" {
			continue
		}
		artifact, file, ok := strings.Cut(path, "::")
		if !ok || file == "" {
			return fmt.Errorf("the configuration %s of action %s is %q, not ARTIFACT::FILE", key, r.action.Name, path)
		}
		if err := isInput(r, key, artifact); err != nil {
			return err
		}
	}
	return nil
}

// isInput refuses an artifact that a configuration names and the action does
// not read.
func isInput(r *run, key, artifact string) error {
	if slices.ContainsFunc(r.action.InputArtifacts, func(in api.ArtifactName) bool { return in.Name == artifact }) {
		return nil
	}
	return fmt.Errorf("the configuration %s of action %s names %q, which is none of its input artifacts", key, r.action.Name, artifact)
}

func checkBlueGreen(_ *Engine, r *run) error {
	for _, key := range sorted(r.resolved) {
		if !strings.HasSuffix(key, "Artifact") && !strings.HasSuffix(key, "ArtifactName") {
			continue
		}
		if err := isInput(r, key, r.resolved[key]); err != nil {
			return err
		}
	}
	return nil
}

func checkObjectDeploy(_ *Engine, r *run) error {
	switch extract := r.resolved["Extract"]; extract {
	case "true":
		return nil
	case "false":
		if r.resolved["ObjectKey"] == "" {
			return fmt.Errorf("action %s has no configuration ObjectKey, which Extract false needs", r.action.Name)
		}
		return nil
	default:
		return fmt.Errorf("the configuration Extract of action %s is %q; it must be true or false", r.action.Name, extract)
	}
}

func checkFunctionDeploy(_ *Engine, r *run) error {
	conf, name := r.resolved, r.action.Name
	if len(r.action.InputArtifacts) == 0 && conf["PublishedTargetVersion"] == "" {
		return fmt.Errorf("action %s has neither an input artifact nor the configuration PublishedTargetVersion", name)
	}
	if conf["FunctionAlias"] == "" {
		for _, key := range []string{"DeployStrategy", "PublishedTargetVersion"} {
			if conf[key] != "" {
				return fmt.Errorf("the configuration %s of action %s needs FunctionAlias", key, name)
			}
		}
	}
	if _, ok := parseStrategy(conf["DeployStrategy"]); !ok {
		return fmt.Errorf("the configuration DeployStrategy of action %s is %q; it must look like AllAtOnce, "+
			"Canary10Percent5Minutes or Linear10PercentEvery1Minute and take two days at most", name, conf["DeployStrategy"])
	}
	return nil
}

// checkApproval refuses a topic that the pipeline could not publish to:
// NotificationArn must be in the pipeline's Region.
func checkApproval(e *Engine, r *run) error {
	arn := r.resolved["NotificationArn"]
	if arn == "" {
		return nil
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" || parts[5] == "" {
		return fmt.Errorf("the configuration NotificationArn of action %s is not the ARN of an SNS topic", r.action.Name)
	}
	if parts[3] != e.opts.Region {
		return fmt.Errorf("the configuration NotificationArn of action %s names a topic in %s; it must be in the pipeline's Region %s",
			r.action.Name, parts[3], e.opts.Region)
	}
	return nil
}
