package deployment_test

import (
	"fmt"
	"slices"
)

// functionsAreComplete: a reader of the console knows what each function is
// for, none can hang or grow for ever, and every one is traced.
func functionsAreComplete(t template) []string {
	var found []string
	for _, id := range t.resources(aFunction) {
		if d, _ := t.of(id, "Description").(string); len(d) < 20 {
			found = append(found, id+": says too little in Description")
		}
		if n := number(t.of(id, "Timeout")); n < 1 || n > 60 {
			found = append(found, id+": Timeout is not between 1 and 60 seconds")
		}
		if n := number(t.of(id, "MemorySize")); n < 128 || n > 1024 {
			found = append(found, id+": MemorySize is not between 128 and 1024")
		}
		if at(t.mapping, "Globals", "Function", "Tracing") != "Active" || t.of(id, "Tracing") != nil {
			found = append(found, id+": is not traced as Globals say")
		}
	}
	return found
}

// functionsLog: a log group that Lambda makes by itself keeps logs for ever.
func functionsLog(t template) []string {
	var found []string
	taken := map[string]string{}
	for _, id := range t.resources(aFunction) {
		group := target(t.of(id, "LoggingConfig", "LogGroup"))
		switch {
		case !slices.Contains(t.resources(aLogGroup), group):
			found = append(found, id+": names no log group of ours in LoggingConfig")
		case taken[group] != "":
			found = append(found, fmt.Sprintf("%s: shares the log group of %s", id, taken[group]))
		}
		taken[group] = id
	}
	for _, id := range t.resources(aLogGroup) {
		if target(t.of(id, "RetentionInDays")) != "LogRetentionDays" {
			found = append(found, id+": does not end as LogRetentionDays says")
		}
	}
	return found
}

// functionsHaveRoles: what one function may do is not what another may.
func functionsHaveRoles(t template) []string {
	var found []string
	taken := map[string]string{}
	for _, id := range t.resources(aFunction) {
		role := target(t.of(id, "Role"))
		switch {
		case !slices.Contains(t.resources(aRole), role):
			found = append(found, id+": has no role of this template")
		case taken[role] != "":
			found = append(found, fmt.Sprintf("%s: shares the role of %s", id, taken[role]))
		case t.of(role, "ManagedPolicyArns") != nil:
			found = append(found, id+": has a managed policy, which allows more than it needs")
		case target(t.of(role, "AssumeRolePolicyDocument", "Statement", "0", "Principal", "Service")) != "lambda.amazonaws.com":
			found = append(found, id+": its role is not for Lambda")
		}
		taken[role] = id
	}
	return found
}
