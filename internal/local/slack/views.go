package slack

import (
	"errors"
	"slices"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// maxViews is how many views may be open at the same time, over all users;
// the oldest goes first.
const maxViews = 50

// A View is an open modal as a page can show it. What the app keeps in its
// private_metadata stays hidden, as in Slack.
type View struct {
	ID         string `json:"id"`
	CallbackID string `json:"callback_id"`
	// User is who sees the modal.
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

// viewsOpen is the method views.open.
func (w *Workspace) viewsOpen(c call) reply {
	spec, refusal := readView(c.args["view"])
	if refusal != nil {
		return refusal
	}
	if _, taken := w.views.named(spec.ExternalID); taken {
		return refuse("duplicate_external_id")
	}
	t, problem := w.triggers.use(c.args["trigger_id"], w.now())
	if problem != "" {
		return refuse(problem)
	}
	return reply{"view": w.describeView(w.open(spec, t, nil))}
}

// viewsUpdate is the method views.update.
func (w *Workspace) viewsUpdate(c call) reply {
	spec, refusal := readView(c.args["view"])
	if refusal != nil {
		return refusal
	}
	v, found := w.views.find(c.args["view_id"])
	if !found {
		v, found = w.views.named(c.args["external_id"])
	}
	other, taken := w.views.named(spec.ExternalID)
	switch hash := c.args["hash"]; {
	case !found:
		return refuse("not_found")
	case taken && other != v:
		return refuse("duplicate_external_id")
	case hash != "" && hash != v.hash:
		return refuse("hash_conflict")
	}
	w.redraw(v, spec)
	return reply{"view": w.describeView(v)}
}

// readView reads the description of a view.
func readView(raw string) (blockkit.View, reply) {
	if len(raw) > blockkit.MaxViewBytes {
		return blockkit.View{}, refuse("view_too_large")
	}
	spec, problems, err := blockkit.ParseView(raw)
	switch {
	case errors.Is(err, blockkit.ErrFormat):
		return blockkit.View{}, refuse("invalid_arguments", "view is no JSON object [json-pointer:/view]")
	case len(problems) > 0:
		return blockkit.View{}, refuse("invalid_arguments", sentences(problems)...)
	default:
		return spec, nil
	}
}

// open shows a new view to the user of t, on top of below unless that is nil.
func (w *Workspace) open(spec blockkit.View, t trigger, below *View) *View {
	u, _ := w.user(t.user)
	v := &View{ID: w.id("V"), User: u.ID, UserName: u.RealName, Message: t.origin}
	v.root = v.ID
	if below != nil {
		v.root, v.Previous = below.root, below.ID
	}
	w.redraw(v, spec)
	w.views = append(w.views, v)
	if len(w.views) > maxViews {
		w.views = slices.Delete(w.views, 0, 1)
	}
	return v
}

// redraw makes v look like spec. What was typed and complained about goes.
func (w *Workspace) redraw(v *View, spec blockkit.View) {
	spec.Blocks = w.complete(spec.Blocks)
	v.spec = spec
	v.CallbackID, v.Blocks = spec.CallbackID, spec.Blocks
	v.Title, v.Submit, v.Close = label(spec.Title), label(spec.Submit), label(spec.Close)
	v.State = Values{}
	v.Errors = map[string]string{}
	v.hash = w.id("h")
}

// describeView is a view as Slack sends it to apps.
func (w *Workspace) describeView(v *View) map[string]any {
	out := map[string]any{
		"id": v.ID, "team_id": w.options.Team.ID, "app_id": w.options.App.ID, "bot_id": w.options.App.BotID,
		"type": "modal", "title": v.Title, "submit": v.Submit, "close": v.Close, "callback_id": v.CallbackID, "external_id": v.spec.ExternalID,
		"private_metadata": v.spec.PrivateMetadata, "blocks": v.Blocks, "state": map[string]any{"values": v.State},
		"hash": v.hash, "root_view_id": v.root, "previous_view_id": nil,
		"clear_on_close": v.spec.ClearOnClose, "notify_on_close": v.spec.NotifyOnClose,
		"app_installed_team_id": w.options.Team.ID,
	}
	if v.Previous != "" {
		out["previous_view_id"] = v.Previous
	}
	return out
}
