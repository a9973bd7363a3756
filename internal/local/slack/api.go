package slack

import (
	"encoding/json"
	"net/http"
)

// scopes are what the app may do, as Slack reports with every answer.
const scopes = "chat:write,chat:write.public,commands,users:read,users:read.email"

// A reply is the JSON object that a method answers. "ok" is added on the way
// out: true unless there is an "error".
type reply map[string]any

// refuse is the reply with Slack's code for an error. The problems say where
// it is, in both of the places that Slack has for them.
func refuse(code string, problems ...string) reply {
	r := reply{"error": code}
	if len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = "[ERROR] " + p
		}
		r["errors"] = problems
		r["response_metadata"] = map[string]any{"messages": messages}
	}
	return r
}

// A method is one method of the Web API.
type method struct {
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

var (
	messageArguments = []string{"text", "blocks", "thread_ts", "metadata", "parse", "link_names", "mrkdwn"}
	methods          = map[string]method{
		"auth.test": {json: true, tier: tierSpecial, do: (*Workspace).authTest},
		"chat.getPermalink": {
			required: []string{"channel", "message_ts"},
			tier:     tierSpecial, do: (*Workspace).chatGetPermalink,
		},
		"chat.postEphemeral": {
			required: []string{"channel", "user"}, optional: messageArguments,
			json: true, tier: tier4, do: (*Workspace).chatPostEphemeral,
		},
		"chat.postMessage": {
			required: []string{"channel"},
			optional: append([]string{"unfurl_links", "unfurl_media", "reply_broadcast"}, messageArguments...),
			json:     true, tier: tierPosting, do: (*Workspace).chatPostMessage,
		},
		"chat.update": {
			required: []string{"channel", "ts"},
			optional: []string{"text", "blocks", "metadata", "parse", "link_names", "reply_broadcast"},
			json:     true, tier: tier3, do: (*Workspace).chatUpdate,
		},
		"conversations.info": {
			required: []string{"channel"}, optional: []string{"include_locale", "include_num_members"},
			tier: tier3, do: (*Workspace).conversationsInfo,
		},
		"users.info": {
			required: []string{"user"}, optional: []string{"include_locale"},
			tier: tier4, do: (*Workspace).usersInfo,
		},
		"users.lookupByEmail": {
			required: []string{"email"},
			tier:     tier3, do: (*Workspace).usersLookupByEmail,
		},
		"views.open": {
			required: []string{"trigger_id", "view"},
			json:     true, tier: tier4, do: (*Workspace).viewsOpen,
		},
		"views.update": {
			required: []string{"view"}, optional: []string{"view_id", "external_id", "hash"},
			json: true, tier: tier4, do: (*Workspace).viewsUpdate,
		},
	}
)

// serveMethod answers a call of a method, or fails it as it was told to.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	c, answer := readCall(rw, r)
	fault := w.faults.next(c.method)
	if fault.before() {
		fault.strike(rw, r)
		return
	}
	if answer == nil {
		answer = w.answer(c)
	}
	if fault != "" {
		fault.strike(rw, r)
		return
	}
	answer.write(rw)
}

// answer carries the call out.
func (w *Workspace) answer(c call) reply {
	m, known := methods[c.method]
	if !known {
		return refuse("unknown_method")
	}
	if refusal := w.authorize(c); refusal != nil {
		return refusal
	}
	if c.json && !m.json {
		return refuse("invalid_post_type")
	}
	if refusal := m.checkArguments(c); refusal != nil {
		return refusal
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.options.RateLimits {
		if wait := w.pace.wait(m.tier, c, w.now()); wait > 0 {
			return reply{"error": "ratelimited", retryAfter: wait}
		}
	}
	return m.do(w, c)
}

// retryAfter is the property of a reply that becomes the header of a 429.
const retryAfter = "retry_after"

func (r reply) write(rw http.ResponseWriter) {
	status := http.StatusOK
	if wait, limited := r[retryAfter].(seconds); limited {
		delete(r, retryAfter)
		rw.Header().Set("Retry-After", wait.String())
		status = http.StatusTooManyRequests
	}
	r["ok"] = r["error"] == nil
	rw.Header().Set("X-OAuth-Scopes", scopes)
	writeJSON(rw, status, r)
}

// writeJSON answers v. An error means that the client has gone, which is its
// own business.
func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(v)
}
