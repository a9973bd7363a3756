package slack

import "slices"

// A method is one method of the Web API.
type method struct {
	// scope is what the app must have been granted; empty where a token is
	// enough.
	scope string
	// reads are the scopes of which one is needed besides, by the kind of channel.
	reads []string
	// required and optional are the arguments it takes here; Slack's own list
	// may be longer.
	required, optional []string
	// json tells that arguments may come as a JSON body; Slack wants those of
	// reading methods as a form.
	json bool
	tier tier
	// do carries it out, under the workspace's lock.
	do func(*Workspace, call) reply
}

var messageArguments = []string{"text", "blocks", "thread_ts", "metadata", "parse", "link_names", "mrkdwn"}

// readArguments are those of the methods that read messages, and readScopes the
// scopes that they need, as readScope chooses them.
var (
	readArguments = []string{"cursor", "latest", "oldest", "limit", "inclusive", "include_all_metadata"}
	readScopes    = []string{"channels:history", "groups:history", "im:history"}
)

// methods are those that we know, each with the scope and tier of
// https://docs.slack.dev/reference/methods.
var methods = map[string]method{
	"auth.test": {json: true, tier: tierSpecial, do: (*Workspace).authTest},
	"chat.getPermalink": {
		required: []string{"channel", "message_ts"},
		tier:     tierSpecial, do: (*Workspace).chatGetPermalink,
	},
	"chat.postEphemeral": {
		scope:    "chat:write",
		required: []string{"channel", "user"}, optional: messageArguments,
		json: true, tier: tier4, do: (*Workspace).chatPostEphemeral,
	},
	"chat.postMessage": {
		scope:    "chat:write",
		required: []string{"channel"},
		optional: append([]string{"unfurl_links", "unfurl_media", "reply_broadcast"}, messageArguments...),
		json:     true, tier: tierPosting, do: (*Workspace).chatPostMessage,
	},
	"chat.update": {
		scope:    "chat:write",
		required: []string{"channel", "ts"},
		optional: []string{"text", "blocks", "metadata", "parse", "link_names", "reply_broadcast"},
		json:     true, tier: tier3, do: (*Workspace).chatUpdate,
	},
	"conversations.history": {
		reads:    readScopes,
		required: []string{"channel"}, optional: readArguments,
		tier: tier3, do: (*Workspace).conversationsHistory,
	},
	"conversations.info": {
		scope:    "channels:read",
		required: []string{"channel"}, optional: []string{"include_locale", "include_num_members"},
		tier: tier3, do: (*Workspace).conversationsInfo,
	},
	"conversations.open": {
		scope:    "im:write",
		optional: []string{"users", "channel", "return_im", "prevent_creation"},
		json:     true, tier: tier3, do: (*Workspace).conversationsOpen,
	},
	"conversations.replies": {
		reads:    readScopes,
		required: []string{"channel", "ts"}, optional: readArguments,
		tier: tier3, do: (*Workspace).conversationsReplies,
	},
	"usergroups.list": {
		scope:    "usergroups:read",
		optional: []string{"include_count", "include_disabled", "include_users", "team_id"},
		tier:     tier2, do: (*Workspace).usergroupsList,
	},
	"usergroups.users.list": {
		scope:    "usergroups:read",
		required: []string{"usergroup"}, optional: []string{"include_disabled", "team_id"},
		tier: tier2, do: (*Workspace).usergroupsUsersList,
	},
	"users.info": {
		scope:    "users:read",
		required: []string{"user"}, optional: []string{"include_locale"},
		tier: tier4, do: (*Workspace).usersInfo,
	},
	"users.lookupByEmail": {
		scope:    "users:read.email",
		required: []string{"email"},
		tier:     tier3, do: (*Workspace).usersLookupByEmail,
	},
	"views.open": {
		required: []string{"trigger_id", "view"},
		json:     true, tier: tier4, do: (*Workspace).viewsOpen,
	},
	"views.publish": {
		required: []string{"user_id", "view"}, optional: []string{"hash"},
		json: true, tier: tier4, do: (*Workspace).viewsPublish,
	},
	"views.update": {
		required: []string{"view"}, optional: []string{"view_id", "external_id", "hash"},
		json: true, tier: tier4, do: (*Workspace).viewsUpdate,
	},
}

// commandScope lets an app have slash commands.
const commandScope = "commands"

// Scopes are those that a method needs to work everywhere. They are not known
// for a method that this workspace does not have.
func Scopes(method string) (scopes []string, known bool) {
	m, known := methods[method]
	return m.scopes(), known
}

func (m method) scopes() []string {
	if m.scope == "" {
		return m.reads
	}
	return append([]string{m.scope}, m.reads...)
}

// everyScope lists what an app needs to use all of this workspace.
func everyScope() []string {
	all := []string{commandScope}
	for _, m := range methods {
		all = append(all, m.scopes()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
