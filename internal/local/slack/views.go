package slack

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// maxViews is how many views may be open at the same time, over all users;
// the oldest goes first.
const maxViews = 50

// A View is an open modal, or a home tab, as a page can show it. What the app
// keeps in its private_metadata stays hidden, as in Slack.
type View struct {
	ID string `json:"id"`
	// Type is "modal" or "home".
	Type       string `json:"type"`
	CallbackID string `json:"callback_id"`
	// User is who sees the view.
	User     string `json:"user"`
	UserName string `json:"user_name"`
	// Message is the message whose button opened the modal; empty for others.
	Message Origin `json:"message"`
	// Title, Submit and Close are the words in the frame; nil where the app
	// gave none.
	Title  *Label          `json:"title"`
	Submit *Label          `json:"submit"`
	Close  *Label          `json:"close"`
	Blocks blockkit.Blocks `json:"blocks"`
	// State holds what was submitted last, by block_id and action_id, in
	// Slack's form.
	State Values `json:"state"`
	// Errors are the app's complaints about the last submission, by block_id.
	Errors map[string]string `json:"errors"`
	// Previous is the view underneath, when this one was pushed onto it.
	Previous string `json:"previous_view_id"`

	spec blockkit.View
	root string
	hash string
}

// A Label is a plain_text object, as Slack writes it.
type Label struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

func label(words string) *Label {
	if words == "" {
		return nil
	}
	return &Label{Type: "plain_text", Text: words, Emoji: true}
}

// Values are the values of the inputs of a view, by block_id and action_id.
type Values map[string]map[string]map[string]any

// An Origin is the message that an interaction began at.
type Origin struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// views are the open views, oldest first.
type views []*View

func (v views) find(id string) (*View, bool) {
	i := slices.IndexFunc(v, func(o *View) bool { return o.ID == id })
	if i < 0 {
		return nil, false
	}
	return v[i], true
}

// named finds the view that the app itself called id.
func (v views) named(id string) (*View, bool) {
	i := slices.IndexFunc(v, func(o *View) bool { return id != "" && o.spec.ExternalID == id })
	if i < 0 {
		return nil, false
	}
	return v[i], true
}

func (v *views) remove(id string) {
	*v = slices.DeleteFunc(*v, func(o *View) bool { return o.ID == id })
}

// removeStack closes all views that were pushed onto each other.
func (v *views) removeStack(root string) {
	*v = slices.DeleteFunc(*v, func(o *View) bool { return o.root == root })
}

// Views lists the open modals, oldest first.
func (w *Workspace) Views() []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]View, len(w.views))
	for i, v := range w.views {
		list[i] = *v
	}
	return list
}
