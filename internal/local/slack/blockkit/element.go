package blockkit

// An Element is an interactive element of a message or view.
type Element struct {
	// BlockID and ActionID address the element.
	BlockID, ActionID string
	// Type is Slack's type, such as "button".
	Type string
	// Input tells an element of an input block, whose value goes with a
	// submission, from one that acts at once.
	Input bool
	// Optional is an input that may stay empty.
	Optional bool
	// Spec is the element as it was sent.
	Spec map[string]any
}

// Elements lists the interactive elements in the order they are shown.
func (b Blocks) Elements() []Element {
	var found []Element
	for _, block := range b {
		optional, _ := block["optional"].(bool)
		for _, e := range elementsOf(block) {
			if text(e["action_id"]) == "" {
				continue
			}
			found = append(found, Element{
				BlockID:  text(block["block_id"]),
				ActionID: text(e["action_id"]),
				Type:     text(e["type"]),
				Input:    text(block["type"]) == "input",
				Optional: optional,
				Spec:     e,
			})
		}
	}
	return found
}

// elementsOf lists the elements directly within block, whatever its type.
func elementsOf(block map[string]any) []map[string]any {
	var found []map[string]any
	for _, key := range []string{"accessory", "element"} {
		if e, ok := block[key].(map[string]any); ok {
			found = append(found, e)
		}
	}
	list, _ := block["elements"].([]any)
	for _, v := range list {
		if e, ok := v.(map[string]any); ok {
			found = append(found, e)
		}
	}
	return found
}

// Options are the options of a menu by their value, those of its groups
// included.
func (e Element) Options() map[string]map[string]any {
	found := map[string]map[string]any{}
	collect := func(list any) {
		options, _ := list.([]any)
		for _, o := range options {
			if m, ok := o.(map[string]any); ok {
				found[text(m["value"])] = m
			}
		}
	}
	collect(e.Spec["options"])
	groups, _ := e.Spec["option_groups"].([]any)
	for _, g := range groups {
		if m, ok := g.(map[string]any); ok {
			collect(m["options"])
		}
	}
	return found
}
