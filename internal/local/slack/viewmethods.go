package slack

import (
	"errors"
	"slices"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// The kinds of views.
const (
	modalType = "modal"
	homeType  = "home"
)

// viewsOpen is the method views.open.
func (w *Workspace) viewsOpen(c call) reply {
	spec, refusal := readView(c.args["view"], blockkit.ParseView)
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
	v, found := w.view(c.args["view_id"])
	if !found {
		v, found = w.views.named(c.args["external_id"])
	}
	if !found {
		return refuse("not_found")
	}
	spec, refusal := readView(c.args["view"], v.parser())
	if refusal != nil {
		return refusal
	}
	other, taken := w.views.named(spec.ExternalID)
	switch hash := c.args["hash"]; {
	case taken && other != v:
		return refuse("duplicate_external_id")
	case hash != "" && hash != v.hash:
		return refuse("hash_conflict")
	}
	w.redraw(v, spec)
	return reply{"view": w.describeView(v)}
}

// A viewParser reads the description of one kind of view.
type viewParser func(string) (blockkit.View, []blockkit.Problem, error)

// parser reads what may take the place of v.
func (v *View) parser() viewParser {
	if v.Type == homeType {
		return blockkit.ParseHome
	}
	return blockkit.ParseView
}

// view finds an open modal or a home tab.
func (w *Workspace) view(id string) (*View, bool) {
	for _, v := range w.homes {
		if v.ID == id {
			return v, true
		}
	}
	return w.views.find(id)
}

// readView reads the description of a view.
func readView(raw string, parse viewParser) (blockkit.View, reply) {
	if len(raw) > blockkit.MaxViewBytes {
		return blockkit.View{}, refuse("view_too_large")
	}
	spec, problems, err := parse(raw)
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
	v := &View{ID: w.id("V"), Type: modalType, User: u.ID, UserName: u.RealName, Message: t.origin}
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
		"type": v.Type, "title": v.Title, "submit": v.Submit, "close": v.Close, "callback_id": v.CallbackID, "external_id": v.spec.ExternalID,
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
