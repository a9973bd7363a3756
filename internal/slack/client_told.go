package slack

import (
	"errors"
	"fmt"

	"github.com/signalbox/signalbox/internal/telegraph"
)

// told turns an error into what telegraph branches on. What is no clear answer
// of Slack's stays as it is: what was sent may have arrived.
func told(err error) error {
	var (
		slow *RateLimitedError
		no   *refusedError
	)
	switch {
	case errors.As(err, &slow):
		return &telegraph.LaterError{After: slow.RetryAfter, Err: err}
	case !errors.As(err, &no) || uncertain(no.code):
		return err
	case no.code == "message_limit_exceeded": // of the whole workspace
		return &telegraph.LaterError{After: defaultRetryAfter, Err: err}
	}
	if no.code == "message_not_found" {
		err = fmt.Errorf("%w: %w", err, telegraph.ErrNotFound)
	}
	if sentence := everywhere(no); sentence != "" {
		return &telegraph.RefusedError{Sentence: sentence, Everywhere: true, Err: err}
	}
	return &telegraph.RefusedError{Sentence: sentenceFor(no.code), Err: err}
}

// uncertain reports the codes after which a message may have been posted.
func uncertain(code string) bool {
	switch code {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", noCode:
		return true
	}
	return false
}

// everywhere says why Slack takes nothing from us at all, and what to do about
// it; empty if it does.
func everywhere(no *refusedError) string {
	const waits = " What is to be told waits in the queue meanwhile."
	const token = " Install the app again and put its bot token into the secret." + waits
	switch no.code {
	case "token_revoked":
		return "Slack says that the bot token was revoked." + token
	case "token_expired":
		return "Slack says that the bot token has expired." + token
	case "account_inactive":
		return "Slack says that the app's bot was deactivated, or the app removed from the workspace." + token
	case "not_allowed_token_type":
		return "The token in the secret is no bot token, which begins with xoxb-." + token
	case "invalid_auth", "not_authed":
		return "Slack does not know the bot token in the secret." + token
	case "missing_scope":
		scope := "a scope"
		if no.scope != "" {
			scope = "the scope " + no.scope
		}
		return "The Slack app lacks " + scope + ". Add it under OAuth & Permissions, or take over the manifest of " +
			"signalbox slack manifest, and install the app again." + waits
	case "org_login_required", "team_access_not_granted", "access_denied", "no_permission", "enterprise_is_restricted":
		return "Slack does not let the app into the workspace (" + no.code + "). An admin of the workspace can approve it again." + waits
	case "ekm_access_denied":
		return "The workspace's admins have suspended posting (" + no.code + "): its encryption key is withdrawn. They can restore it." + waits
	case "accesslimited":
		return "Slack refuses calls from this network (" + no.code + "). Add its addresses under OAuth & Permissions, or lift the restriction there." + waits
	}
	return ""
}

// sentenceFor says what is wrong with one place and what to do about it; empty
// if it is the message that is at fault.
// https://docs.slack.dev/reference/methods/chat.postMessage/#errors
func sentenceFor(code string) string {
	switch code {
	case "channel_not_found":
		return "The channel was deleted, or it is private and the bot is not in it. Invite the bot with /invite @Signalbox, or name another channel in the configuration."
	case "is_archived", "is_inactive":
		return "The channel is archived. Unarchive it, or name another channel in the configuration."
	case "not_in_channel":
		return "The bot is not in the channel. Invite it there with /invite @Signalbox."
	case "restricted_action", "user_is_restricted", "restricted_action_read_only_channel", "restricted_action_non_threadable_channel", "restricted_action_thread_only_channel":
		return "The workspace does not let the bot post in the channel. An admin of the workspace can allow it under the channel's posting permissions."
	case "restricted_action_thread_locked":
		return "Somebody has locked the thread of the card, so that nothing can be said there."
	case "message_not_found":
		return "Somebody has deleted the card. This release is not told of there any more; the next one gets a card again."
	case "cant_update_message", "edit_window_closed":
		return "Slack does not let the bot change its card (" + code + "): another app or bot user has posted it, or the workspace forbids changes. What it shows stays as it is."
	}
	return memberSentence(code)
}

// memberSentence is sentenceFor about somebody who cannot be written to.
func memberSentence(code string) string {
	switch code {
	case "messages_tab_disabled":
		return "The app has no messages tab, so nobody can be written to directly. Switch it on under App Home."
	case "user_not_found", "users_not_found":
		return "Slack knows no member with that id. Correct it under people in the configuration."
	case "user_disabled":
		return "The member was deactivated in Slack. Take them out of the configuration."
	case "user_not_visible":
		return "The member belongs to another workspace, where the app cannot write to them."
	case "cannot_dm_bot":
		return "The member id in the configuration is that of a bot, to which nobody can write."
	}
	return ""
}
