package e2e_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSlackRequestThatIsNotGenuineDoesNothing(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	r.click(cleo, m, approve) // and somebody listens, who wants it to be Ada's
	genuine := r.slack.last(t, r.request(m), cleo.Slack)
	click := r.pressed(ada, m, r.request(m), approve)
	altered := func(change func(*signed)) signed {
		c := click
		c.header = click.header.Clone()
		change(&c)
		return c
	}
	const signature, stamp = "X-Slack-Signature", "X-Slack-Request-Timestamp"
	for what, c := range map[string]struct {
		request signed
		status  int
	}{
		"another body":      {signed{genuine.path, genuine.header, strings.ReplaceAll(genuine.body, cleo.Slack, ada.Slack)}, http.StatusUnauthorized},
		"another path":      {signed{"/slack/commands", genuine.header, strings.ReplaceAll(genuine.body, cleo.Slack, ada.Slack)}, http.StatusUnauthorized},
		"no signature":      {altered(func(c *signed) { c.header.Del(signature) }), http.StatusUnauthorized},
		"no time":           {altered(func(c *signed) { c.header.Del(stamp) }), http.StatusUnauthorized},
		"another time":      {altered(func(c *signed) { c.header.Set(stamp, "1") }), http.StatusUnauthorized},
		"another signature": {altered(func(c *signed) { c.header.Set(signature, "v0="+strings.Repeat("0", 64)) }), http.StatusUnauthorized},
		"half a signature":  {altered(func(c *signed) { c.header.Set(signature, c.header.Get(signature)[:35]) }), http.StatusUnauthorized},
		"six minutes old":   {r.sign(interactions, click.body, time.Now().Add(-6*time.Minute)), http.StatusUnauthorized},
		"of the future":     {r.sign(interactions, click.body, time.Now().Add(6*time.Minute)), http.StatusUnauthorized},
	} {
		t.Run(what, func(t *testing.T) {
			if got := r.send(t, c.request); got != c.status {
				t.Errorf("it is answered %d, want %d", got, c.status)
			}
		})
	}
	r.stillWaits()
	r.unaudited(m)
	if got := r.send(t, click); got != http.StatusOK {
		t.Errorf("unaltered it is answered %d", got)
	}
	r.goesOn()
	r.audited(m, ada.Name)
}

func TestSlackRequestThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	body := func(text string) signed { return r.sign(interactions, text, time.Now()) }
	like := func(other payload) signed {
		p := r.clicked(ada, m, r.request(m), approve)
		maps.Copy(p, other)
		return r.signed(t, p)
	}
	json := body(`{"payload":{}}`)
	json.header.Set("Content-Type", "application/json")
	for what, c := range map[string]struct {
		request signed
		status  int
	}{
		"over 1 MiB":               {body("payload=" + strings.Repeat("a", 1<<20)), http.StatusRequestEntityTooLarge},
		"far more than a click":    {body("payload=" + strings.Repeat("a", 300<<10)), http.StatusRequestEntityTooLarge},
		"no JSON":                  {body(url.Values{"payload": {"<xml/>"}}.Encode()), http.StatusBadRequest},
		"no payload":               {body("x=1"), http.StatusBadRequest},
		"two payloads":             {body(like(nil).body + "&" + like(nil).body), http.StatusBadRequest},
		"empty":                    {body(""), http.StatusBadRequest},
		"a damaged form":           {body("payload=%zz"), http.StatusBadRequest},
		"not a form":               {json, http.StatusUnsupportedMediaType},
		"a request that cannot be": {r.pressed(ada, m, "../../etc/passwd", approve), http.StatusBadRequest},
		"a card that cannot be":    {like(payload{"container": payload{"channel_id": "<!channel>", "message_ts": "now"}}), http.StatusBadRequest},
		"of another app":           {like(payload{"api_app_id": "A0ELSEWHERE"}), http.StatusForbidden},
		"of another workspace":     {like(payload{"team": payload{"id": "T0ELSEWHERE"}}), http.StatusForbidden},
		"by an outsider":           {like(payload{"user": payload{"id": ada.Slack, "team_id": "T0ELSEWHERE"}}), http.StatusForbidden},
		"of a kind of tomorrow":    {like(payload{"type": "mind_reading"}), http.StatusOK},
		"a button of tomorrow":     {r.pressed(ada, m, r.request(m), "approval_postpone"), http.StatusOK},
	} {
		t.Run(what, func(t *testing.T) {
			if got := r.send(t, c.request); got != c.status {
				t.Errorf("it is answered %d, want %d", got, c.status)
			}
		})
	}
	// A genuine click about a request that there is not.
	if got := r.send(t, r.pressed(bo, m, strings.Repeat("a", 26), approve)); got != http.StatusOK {
		t.Errorf("a click on an unknown request is answered %d", got)
	}
	r.told(bo, "no longer knows this request")
	r.stillWaits()
	r.unaudited(m)
	r.click(ada, m, approve)
	r.goesOn()
	r.audited(m, ada.Name)
}
