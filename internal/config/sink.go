package config

// A Sink is told of releases besides Slack. Routes name it.
type Sink struct {
	Name string `json:"name"`
	// Type is one of sns, teams, webhook and github.
	Type string `json:"type"`
	// TopicARN is the SNS topic; with sns only.
	TopicARN string `json:"topic_arn,omitempty"`
	// SecretARN is the Secrets Manager secret: the address of a Teams workflow,
	// the key that a webhook is signed with, or a token of GitHub.
	SecretARN string `json:"secret_arn,omitempty"`
	// URL is where a webhook goes.
	URL string `json:"url,omitempty"`
	// Repositories are patterns of owner/name; with github only.
	Repositories []string `json:"repositories,omitempty"`
}
