package slack

import (
	"net/http"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// act does what c does to the element that it means: the action for the
// payload, and what the elements hold afterwards.
func (w *Workspace) act(blocks blockkit.Blocks, c Click) (action map[string]any, state Values, err error) {
	e, err := meant(blocks, c)
	if err != nil {
		return nil, nil, err
	}
	action = map[string]any{
		"type": e.Type, "action_id": e.ActionID, "block_id": e.BlockID, "action_ts": w.history.stamp(w.now()),
	}
	for _, name := range []string{"text", "value", "style", "confirm"} {
		if v, present := e.Spec[name]; present {
			action[name] = v
		}
	}
	state = Values{}
	if e.Type == "button" {
		if c.Value != nil {
			return nil, nil, deny(http.StatusBadRequest, "%q is a button: it takes no value.", c.ActionID)
		}
		return action, state, nil
	}
	key, known := answerKeys[e.Type]
	if !known {
		return nil, nil, deny(http.StatusConflict, "%q is of type %s, which nobody can press here.", c.ActionID, e.Type)
	}
	if !key.many && empty(c.Value) { // while every box may be unticked
		return nil, nil, deny(http.StatusBadRequest, "%q is of type %s: say what is chosen, as value.", c.ActionID, e.Type)
	}
	e.Optional = true
	chosen, complaint := answer(e, c.Value, true)
	if complaint != "" {
		return nil, nil, deny(http.StatusUnprocessableEntity, "Slack would not send that: %s", complaint)
	}
	action[key.name] = chosen[key.name]
	if e.Type != "overflow" { // which keeps nothing
		state[e.BlockID] = map[string]map[string]any{e.ActionID: chosen}
	}
	return action, state, nil
}

// meant finds the one element that c means.
func meant(blocks blockkit.Blocks, c Click) (blockkit.Element, error) {
	var found []blockkit.Element
	for _, e := range blocks.Elements() {
		if e.ActionID == c.ActionID && (c.BlockID == "" || c.BlockID == e.BlockID) {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0:
		return blockkit.Element{}, deny(http.StatusConflict, "Slack would not show that: there is no button or menu %q (any more).", c.ActionID)
	case len(found) > 1:
		return blockkit.Element{}, deny(http.StatusConflict, "There are %d elements %q: say which block_id.", len(found), c.ActionID)
	case found[0].Input:
		return blockkit.Element{}, deny(http.StatusConflict, "%q is an input: its value goes with the submission.", c.ActionID)
	default:
		return found[0], nil
	}
}
