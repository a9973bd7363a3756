package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Control serves what a page or a script needs to be a Slack client:
//
//	GET    /local/slack/channels          with ?user=ID what that user sees, direct messages too
//	GET    /local/slack/users
//	GET    /local/slack/usergroups
//	POST   /local/slack/usergroups/{id}   {members, deleted}
//	GET    /local/slack/messages?channel=ID
//	GET    /local/slack/home?user=ID      the published home tab, or null
//	POST   /local/slack/home              {user, tab, times}: opens the app
//	POST   /local/slack/events/verify     asks the app for the challenge
//	GET    /local/slack/views
//	POST   /local/slack/actions           {user, channel, ts | view_id, action_id, block_id, value}
//	POST   /local/slack/commands          {user, channel, command, text}
//	POST   /local/slack/views/{id}        {user, values}
//	DELETE /local/slack/views/{id}
//	POST   /local/slack/faults            {method, fault, times}
//	POST   /local/slack/channels/{id}     {archived, deleted, joined}
//	POST   /local/slack/app               {revoked}: its token
//
// Everything is JSON; an error is {"error": "a sentence"}.
func (w *Workspace) Control() http.Handler {
	mux := http.NewServeMux()
	w.look(mux)
	mux.HandleFunc("POST /local/slack/actions", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(c Click) (Answer, error) { return w.Click(r.Context(), c) })
	})
	mux.HandleFunc("POST /local/slack/commands", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(c Command) (Answer, error) { return w.Command(r.Context(), c) })
	})
	mux.HandleFunc("POST /local/slack/home", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(v Visit) (Answer, error) { return w.Visit(r.Context(), v) })
	})
	mux.HandleFunc("POST /local/slack/events/verify", func(rw http.ResponseWriter, r *http.Request) {
		a, err := w.VerifyRequestURL(r.Context())
		writeAnswer(rw, a, err)
	})
	mux.HandleFunc("POST /local/slack/usergroups/{id}", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(c GroupChange) (Group, error) { return w.ChangeGroup(r.PathValue("id"), c) })
	})
	mux.HandleFunc("POST /local/slack/views/{id}", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(s Submission) (Answer, error) { return w.Submit(r.Context(), r.PathValue("id"), s) })
	})
	mux.HandleFunc("DELETE /local/slack/views/{id}", func(rw http.ResponseWriter, r *http.Request) {
		a, err := w.Dismiss(r.Context(), r.PathValue("id"))
		writeAnswer(rw, a, err)
	})
	mux.HandleFunc("POST /local/slack/faults", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(o faultOrder) (faultOrder, error) { return o, w.order(o) })
	})
	mux.HandleFunc("POST /local/slack/channels/{id}", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, func(c ChannelChange) (Channel, error) { return w.ChangeChannel(r.PathValue("id"), c) })
	})
	mux.HandleFunc("POST /local/slack/app", func(rw http.ResponseWriter, r *http.Request) {
		act(rw, r, w.ChangeApp)
	})
	return mux
}

// look serves what only looks.
func (w *Workspace) look(mux *http.ServeMux) {
	mux.HandleFunc("GET /local/slack/channels", func(rw http.ResponseWriter, r *http.Request) {
		writeJSON(rw, http.StatusOK, w.Sidebar(r.URL.Query().Get("user")))
	})
	mux.HandleFunc("GET /local/slack/users", func(rw http.ResponseWriter, _ *http.Request) {
		writeJSON(rw, http.StatusOK, append([]User{}, w.options.Users...))
	})
	mux.HandleFunc("GET /local/slack/usergroups", func(rw http.ResponseWriter, _ *http.Request) {
		writeJSON(rw, http.StatusOK, w.Groups())
	})
	mux.HandleFunc("GET /local/slack/messages", w.serveMessages)
	mux.HandleFunc("GET /local/slack/home", func(rw http.ResponseWriter, r *http.Request) {
		user := r.URL.Query().Get("user")
		if _, found := w.user(user); !found {
			writeAnswer(rw, nil, deny(http.StatusNotFound, "There is no Slack user %q.", user))
			return
		}
		home, published := w.Home(user)
		if !published {
			writeJSON(rw, http.StatusOK, nil)
			return
		}
		writeJSON(rw, http.StatusOK, home)
	})
	mux.HandleFunc("GET /local/slack/views", func(rw http.ResponseWriter, _ *http.Request) {
		writeJSON(rw, http.StatusOK, w.Views())
	})
}

func (w *Workspace) serveMessages(rw http.ResponseWriter, r *http.Request) {
	channel := r.URL.Query().Get("channel")
	w.mu.Lock()
	_, found := w.channel(channel)
	w.mu.Unlock()
	if !found && channel != "" {
		writeAnswer(rw, Answer{}, deny(http.StatusNotFound, "There is no Slack channel %q.", channel))
		return
	}
	writeJSON(rw, http.StatusOK, w.Messages(channel))
}

// A faultOrder is the body of a request for faults.
type faultOrder struct {
	Method string `json:"method"`
	Fault  Fault  `json:"fault"`
	Times  int    `json:"times"`
}

func (w *Workspace) order(o faultOrder) error {
	if err := w.Fail(o.Method, o.Fault, o.Times); err != nil {
		return deny(http.StatusBadRequest, "Slack cannot fail like that: %s.", err)
	}
	return nil
}

// act reads the request as In, does it and answers.
func act[In, Out any](rw http.ResponseWriter, r *http.Request, do func(In) (Out, error)) {
	var in In
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody)).Decode(&in); err != nil {
		var zero Out
		writeAnswer(rw, zero, deny(http.StatusBadRequest, "The request is not the JSON object that belongs here: %s.", err))
		return
	}
	out, err := do(in)
	writeAnswer(rw, out, err)
}

// writeAnswer answers with out, or with the error as a sentence.
func writeAnswer(rw http.ResponseWriter, out any, err error) {
	var refusal Refusal
	switch {
	case errors.As(err, &refusal):
		writeJSON(rw, refusal.Status, map[string]string{"error": refusal.Sentence})
	case err != nil:
		writeJSON(rw, http.StatusBadGateway, map[string]string{"error": fmt.Sprintf("Slack could not do that: %s.", err)})
	default:
		writeJSON(rw, http.StatusOK, out)
	}
}
