package blockkit

import "fmt"

// A View is a modal, or a home tab, as an app describes it.
type View struct {
	// Title, Submit and Close are the words in the modal's frame.
	Title, Submit, Close string
	CallbackID           string
	ExternalID           string
	// PrivateMetadata comes back with every payload about the view.
	PrivateMetadata string
	// NotifyOnClose asks for a view_closed payload; ClearOnClose closes the
	// whole stack together with this view.
	NotifyOnClose, ClearOnClose bool
	Blocks                      Blocks
}

// modal are the rules for the object that describes a view.
var modal = object{
	required: rules{"title": plain(24), "blocks": listOf(1, maxViewBlocks, oneOf(viewBlocks))},
	optional: rules{
		"submit":           plain(24),
		"close":            plain(24),
		"private_metadata": characters(0, 3000),
		"callback_id":      characters(0, maxID),
		"external_id":      characters(0, maxID),
		"clear_on_close":   boolean,
		"notify_on_close":  boolean,
		"submit_disabled":  boolean,
	},
	also: func(c *checker, at string, m map[string]any) {
		list, _ := m["blocks"].([]any)
		for _, b := range asBlocks(list) {
			if text(b["type"]) == "input" && m["submit"] == nil {
				c.add(at, "missing required field: submit, which a view with inputs needs")
				return
			}
		}
	},
}

// home are the rules for the object that describes a home tab.
var home = object{
	required: rules{"blocks": listOf(1, maxViewBlocks, oneOf(viewBlocks))},
	optional: rules{
		"private_metadata": characters(0, 3000),
		"callback_id":      characters(0, maxID),
		"external_id":      characters(0, maxID),
	},
}

// ParseView reads the description of a modal. The view is usable only when
// there is no problem; ErrFormat means that raw is no JSON object.
func ParseView(raw string) (View, []Problem, error) {
	return parseView(raw, map[string]object{"modal": modal})
}

// ParseHome reads the description of a home tab, as ParseView does a modal's.
func ParseHome(raw string) (View, []Problem, error) {
	return parseView(raw, map[string]object{"home": home})
}

func parseView(raw string, kinds map[string]object) (View, []Problem, error) {
	m, ok := decode(raw).(map[string]any)
	if !ok {
		return View{}, nil, fmt.Errorf("read view: %w", ErrFormat)
	}
	c := &checker{}
	oneOf(kinds)(c, "/view", m)
	list, _ := m["blocks"].([]any)
	v := View{
		Title:           wording(m["title"]),
		Submit:          wording(m["submit"]),
		Close:           wording(m["close"]),
		CallbackID:      text(m["callback_id"]),
		ExternalID:      text(m["external_id"]),
		PrivateMetadata: text(m["private_metadata"]),
		Blocks:          asBlocks(list),
	}
	v.NotifyOnClose, _ = m["notify_on_close"].(bool)
	v.ClearOnClose, _ = m["clear_on_close"].(bool)
	c.unique(v.Blocks, "/view/blocks")
	return v, c.problems, nil
}

// wording is the text within a text object.
func wording(v any) string {
	m, _ := v.(map[string]any)
	return text(m["text"])
}
