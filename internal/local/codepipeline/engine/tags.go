package engine

import (
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxTags is how many tags a resource may have, AWS's own apart.
const maxTags = 50

// TagResource adds tags to a pipeline or a custom action type, and replaces
// those with the same keys.
func (e *Engine) TagResource(_ Caller, in api.TagResourceInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tags, err := e.tagsOf(in.ResourceARN)
	if err != nil {
		return api.Nothing{}, err
	}
	merged := slices.DeleteFunc(slices.Clone(*tags), func(t api.Tag) bool {
		return slices.ContainsFunc(in.Tags, func(n api.Tag) bool { return n.Key == t.Key })
	})
	merged = append(merged, in.Tags...)
	if err := validateTags(merged); err != nil {
		return api.Nothing{}, err
	}
	*tags = merged
	return api.Nothing{}, nil
}

// UntagResource removes tags. Removing one that is not there is no error.
func (e *Engine) UntagResource(_ Caller, in api.UntagResourceInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tags, err := e.tagsOf(in.ResourceARN)
	if err != nil {
		return api.Nothing{}, err
	}
	*tags = slices.DeleteFunc(slices.Clone(*tags), func(t api.Tag) bool { return slices.Contains(in.TagKeys, t.Key) })
	return api.Nothing{}, nil
}

// ListTagsForResource lists the tags of a pipeline or a custom action type.
func (e *Engine) ListTagsForResource(_ Caller, in api.ListTagsForResourceInput) (api.ListTagsForResourceOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tags, err := e.tagsOf(in.ResourceARN)
	if err != nil {
		return api.ListTagsForResourceOutput{}, err
	}
	all := slices.Clone(*tags)
	slices.SortFunc(all, func(a, b api.Tag) int { return strings.Compare(a.Key, b.Key) })
	rows, next, err := page(all, func(t api.Tag) string { return t.Key }, in.NextToken, in.MaxResults)
	if err != nil {
		return api.ListTagsForResourceOutput{}, err
	}
	return api.ListTagsForResourceOutput{Tags: append([]api.Tag{}, rows...), NextToken: next}, nil
}

// tagsOf finds the tags of a resource by its ARN.
func (e *Engine) tagsOf(arn string) (*[]api.Tag, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[3] == "" || parts[5] == "" {
		return nil, api.Errorf("InvalidArnException", "resourceArn '%.200s' is not the ARN of a pipeline or a custom action type", arn)
	}
	if parts[3] != e.opts.Region || parts[4] != e.opts.Account {
		return nil, api.Errorf("InvalidArnException", "resourceArn '%.200s' is not in account %s and Region %s", arn, e.opts.Account, e.opts.Region)
	}
	if p := e.pipelines[parts[5]]; p != nil {
		return &p.tags, nil
	}
	for _, t := range e.types {
		if parts[5] == typeResource(t.id) {
			return &t.tags, nil
		}
	}
	return nil, api.Errorf("ResourceNotFoundException", "resourceArn: there is no resource '%.200s'", arn)
}

// typeResource is the last part of the ARN of a custom action type.
func typeResource(id api.ActionType) string {
	return "actiontype:" + strings.Join([]string{id.Owner, id.Category, id.Provider, id.Version}, "/")
}

// validateTags refuses tags that no resource may have.
func validateTags(tags []api.Tag) error {
	if len(tags) > maxTags {
		return api.Errorf("TooManyTagsException", "A resource can have at most %d tags, not %d", maxTags, len(tags))
	}
	seen := map[string]bool{}
	for _, t := range tags {
		switch {
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return api.Errorf("InvalidTagsException", "tags: the key '%s' begins with aws:, which is reserved", t.Key)
		case seen[t.Key]:
			return api.Errorf("InvalidTagsException", "tags: the key '%s' is given more than once", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}
