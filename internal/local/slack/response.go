package slack

import (
	"encoding/json"
	"io"
	"net/http"
)

// An aside is what an app sends to a response_url, or answers to a command.
// Other properties are ignored, as client libraries send plenty.
type aside struct {
	ResponseType    string          `json:"response_type"`
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	ThreadTS        string          `json:"thread_ts"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
}

// serveReply answers a response_url.
func (w *Workspace) serveReply(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	fault := w.faults.next("response_url")
	if fault.before() {
		fault.strike(rw, r)
		return
	}
	var a aside
	if err != nil || json.Unmarshal(body, &a) != nil {
		http.Error(rw, "invalid_payload", http.StatusBadRequest)
		return
	}
	status, answer := w.respond(r.PathValue("id"), r.PathValue("secret"), a)
	if fault != "" {
		fault.strike(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, answer)
}

// respond does what a says, and gives the status and text of the answer.
func (w *Workspace) respond(id, secret string, a aside) (int, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, problem := w.replies.use(id, secret, w.now())
	if problem != "" {
		return http.StatusNotFound, problem
	}
	original, found := w.history.find(t.origin.Channel, t.origin.TS)
	if a.DeleteOriginal && found {
		w.history.remove(original.Channel, original.TS)
		return http.StatusOK, "ok"
	}
	m, refusal := a.content()
	if refusal != nil {
		code, _ := refusal["error"].(string)
		return http.StatusBadRequest, code
	}
	if a.ReplaceOriginal && found {
		w.edit(original, m.Text, m.Blocks)
		return http.StatusOK, "ok"
	}
	w.say(m, t.user, t.channel, a)
	return http.StatusOK, "ok"
}

func (a aside) content() (Message, reply) {
	c := call{args: map[string]string{"text": a.Text}}
	if string(a.Blocks) != "null" {
		c.args["blocks"] = string(a.Blocks)
	}
	return c.content()
}

// say posts m as an answer to user: to the user alone unless the app wants it
// in the channel.
func (w *Workspace) say(m Message, user, channel string, a aside) {
	m.Channel = channel
	m.ThreadTS = w.thread(channel, a.ThreadTS)
	if a.ResponseType != "in_channel" {
		m.EphemeralTo = user
	}
	w.post(m)
}
