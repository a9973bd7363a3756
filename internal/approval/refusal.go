package approval

// A Refusal says why a vote did not count. It is an answer for the voter to
// read, not an error: nothing broke and nothing should be retried.
type Refusal string

// The refusals. The empty Refusal means that the vote counts.
const (
	NotKnown       Refusal = "not_known"
	NotOpen        Refusal = "not_open"
	AlreadyDecided Refusal = "already_decided"
	TooLate        Refusal = "too_late"
	NobodyMay      Refusal = "nobody_may"
	NotApprover    Refusal = "not_approver"
	NoVerdict      Refusal = "no_verdict"
	NoReason       Refusal = "no_reason"
	Deactivated    Refusal = "deactivated"
	Bot            Refusal = "bot"
	Guest          Refusal = "guest"
	Foreign        Refusal = "foreign"
	NotInSlack     Refusal = "not_in_slack"

	// Counted: this person's approval counts already.
	Counted Refusal = "counted"
	// TooMany: the request holds as many votes as it can.
	TooMany Refusal = "too_many"
	// NothingToWithdraw: no vote of this person counts.
	NothingToWithdraw Refusal = "nothing_to_withdraw"
	MayNotOverride    Refusal = "may_not_override"
	// NeedsLink: high risk, so that a click alone does not count.
	NeedsLink Refusal = "needs_link"
	// Outside: the rule takes no approvals outside of its hours.
	Outside Refusal = "outside"
	// NeverOpens: the release could start only after CodePipeline gave up.
	NeverOpens Refusal = "never_opens"

	SelfStarted    Refusal = "self_started"
	SelfAuthored   Refusal = "self_authored"
	SelfCommitted  Refusal = "self_committed"
	StarterUnknown Refusal = "starter_unknown"
	AuthorUnknown  Refusal = "author_unknown"
	AuthorsUnread  Refusal = "authors_unread"

	// NotConfigured: a member of a Slack user group who is not in the
	// configuration, so that nobody knows what they had to do with a change.
	NotConfigured Refusal = "not_configured"
	// GroupGone: Slack no longer knows a user group that could have admitted.
	GroupGone Refusal = "group_gone"
)
