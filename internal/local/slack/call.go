package slack

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is the size of a request that we read at all, in bytes.
const maxBody = 1 << 20

// A call is one call of a Web API method, once its arguments are read. Lists
// and objects in args are JSON text, whichever way they were sent.
type call struct {
	method string
	args   map[string]string
	token  string
	// json tells that the arguments came as a JSON body.
	json bool
}

// readCall reads the arguments of a call. The reply is nil unless the request
// cannot be read, and then says what Slack would say.
func readCall(rw http.ResponseWriter, r *http.Request) (call, reply) {
	c := call{method: r.PathValue("method"), args: map[string]string{}}
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer"); found {
		c.token = strings.TrimSpace(bearer)
	}
	// The body is read to its end whatever it holds: only then does net/http
	// notice a client that hangs up.
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		return c, refuse("request_too_large")
	}
	if problem := c.take(r.URL.RawQuery); problem != nil {
		return c, problem
	}
	if r.Method == http.MethodPost {
		if problem := c.readBody(r.Header.Get("Content-Type"), body); problem != nil {
			return c, problem
		}
	}
	if t, sent := c.args["token"]; sent {
		c.token = t
		delete(c.args, "token")
	}
	return c, nil
}

func (c *call) readBody(contentType string, body []byte) reply {
	media, params, err := mime.ParseMediaType(contentType)
	switch charset := strings.ToLower(params["charset"]); {
	case contentType == "" && len(body) == 0:
		return nil
	case contentType == "":
		return refuse("missing_post_type")
	case err != nil:
		return refuse("invalid_post_type")
	case charset != "" && charset != "utf-8":
		return refuse("invalid_charset")
	}
	switch media {
	case "application/x-www-form-urlencoded":
		return c.take(string(body))
	case "application/json":
		c.json = true
		return c.takeJSON(body)
	default:
		return refuse("invalid_post_type")
	}
}

// take adds form-encoded arguments.
func (c *call) take(form string) reply {
	values, err := url.ParseQuery(form)
	if err != nil {
		return refuse("invalid_form_data")
	}
	for name, list := range values {
		if len(list) != 1 {
			return refuse("invalid_array_arg")
		}
		c.args[name] = list[0]
	}
	return nil
}

// takeJSON adds the properties of a JSON object. A null counts as not sent.
func (c *call) takeJSON(body []byte) reply {
	var values map[string]json.RawMessage
	if !json.Valid(body) {
		return refuse("invalid_json")
	}
	if err := json.Unmarshal(body, &values); err != nil {
		return refuse("json_not_object")
	}
	for name, raw := range values {
		var s string
		switch raw = bytes.TrimSpace(raw); {
		case string(raw) == "null":
		case json.Unmarshal(raw, &s) == nil:
			c.args[name] = s
		default:
			c.args[name] = string(raw)
		}
	}
	return nil
}

// authorize checks the token. The reply is nil when it is the app's, and the
// app has the scope.
func (w *Workspace) authorize(c call, scope string) reply {
	switch {
	case c.token == "":
		return refuse("not_authed")
	case subtle.ConstantTimeCompare([]byte(c.token), []byte(w.options.Token)) != 1:
		return refuse("invalid_auth")
	case w.revoked.Load():
		return refuse("token_revoked")
	default:
		return w.installed.lacks(scope)
	}
}

// checkArguments refuses arguments that the method does not take, and the lack
// of those it needs.
func (m method) checkArguments(c call) reply {
	var problems []string
	for _, name := range m.required {
		if c.args[name] == "" {
			problems = append(problems, "missing required field: "+name)
		}
	}
	var unknown []string
	for name := range c.args {
		if !slices.Contains(m.required, name) && !slices.Contains(m.optional, name) {
			unknown = append(unknown, fmt.Sprintf("%s takes no argument %q here", c.method, name))
		}
	}
	slices.Sort(unknown)
	if problems = append(problems, unknown...); len(problems) > 0 {
		return refuse("invalid_arguments", problems...)
	}
	return nil
}
