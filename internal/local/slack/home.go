package slack

import (
	"context"
	"net/http"
)

// homes are the published home tabs, by user.
type homes map[string]*View

// viewsPublish is the method views.publish.
func (w *Workspace) viewsPublish(c call) reply {
	v, published := w.homes[c.args["user_id"]]
	spec, refusal := readView(c.args["view"], (&View{Type: homeType}).parser())
	if refusal != nil {
		return refusal
	}
	u, refusal := w.partner(c.args["user_id"])
	if refusal != nil {
		return refusal
	}
	if !w.installed.home {
		return refuse("not_enabled")
	}
	if hash := c.args["hash"]; hash != "" && (!published || hash != v.hash) {
		return refuse("hash_conflict")
	}
	if !published {
		v = &View{ID: w.id("V"), Type: homeType, User: u.ID, UserName: u.RealName}
		v.root = v.ID
		w.homes[u.ID] = v
	}
	w.redraw(v, spec)
	return reply{"view": w.describeView(v)}
}

// Home is what the app has published as the home tab of a user; nothing at
// first.
func (w *Workspace) Home(user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, found := w.homes[user]
	if !found {
		return View{}, false
	}
	return *v, true
}

// A Visit is a user opening the app in Slack's sidebar.
type Visit struct {
	User string `json:"user"`
	// Tab is "home", also when empty, or "messages".
	Tab string `json:"tab"`
	// Times is how often Slack delivers the event: once, also when zero, or
	// more often, as it does when it takes an answer for lost.
	Times int `json:"times"`
}

// homeOpened is the event of a visit.
const homeOpened = "app_home_opened"

// maxTimes is how often one event may be delivered.
const maxTimes = 10

// Visit opens the app's home: the app gets a signed app_home_opened event. The
// Answer is the one to the last delivery.
func (w *Workspace) Visit(ctx context.Context, v Visit) (Answer, error) {
	event, err := w.opened(v)
	if err != nil {
		return Answer{}, err
	}
	if !w.installed.hears(homeOpened) {
		return Answer{Problem: "Slack tells the app nothing: it is not subscribed to " + homeOpened + "."}, nil
	}
	var a Answer
	for range max(v.Times, 1) {
		if a, err = w.notify(ctx, event); err != nil {
			return Answer{}, err
		}
	}
	return a, nil
}

// opened builds the event.
func (w *Workspace) opened(v Visit) (map[string]any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, refusal := w.partner(v.User)
	if refusal != nil {
		return nil, deny(http.StatusConflict, "Slack would not show the app to %q (%v).", v.User, refusal["error"])
	}
	if v.Tab == "" {
		v.Tab = homeType
	}
	if shown := v.Tab == homeType && w.installed.home || v.Tab == "messages" && w.installed.messages; !shown {
		return nil, deny(http.StatusBadRequest, "The app has no tab %q.", v.Tab)
	}
	if v.Times < 0 || v.Times > maxTimes {
		return nil, deny(http.StatusBadRequest, "An event cannot be delivered %d times: say 1 to %d.", v.Times, maxTimes)
	}
	channel, _ := w.direct(u)
	inner := map[string]any{
		"type": homeOpened, "user": u.ID, "channel": channel.ID, "tab": v.Tab, "event_ts": w.history.stamp(w.now()),
	}
	if home, published := w.homes[u.ID]; published && v.Tab == homeType {
		inner["view"] = w.describeView(home)
	}
	return w.envelope(inner), nil
}
