package api

// TagResourceInput labels a resource.
type TagResourceInput struct {
	ResourceARN string `json:"resourceArn"`
	Tags        []Tag  `json:"tags"`
}

// UntagResourceInput takes labels off a resource.
type UntagResourceInput struct {
	ResourceARN string   `json:"resourceArn"`
	TagKeys     []string `json:"tagKeys"`
}

// ListTagsForResourceInput asks for a page of labels.
type ListTagsForResourceInput struct {
	ResourceARN string `json:"resourceArn"`
	NextToken   string `json:"nextToken"`
	MaxResults  int    `json:"maxResults"`
}

// ListTagsForResourceOutput is one page, by key.
type ListTagsForResourceOutput struct {
	Tags      []Tag  `json:"tags"`
	NextToken string `json:"nextToken,omitempty"`
}
