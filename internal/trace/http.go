package trace

import (
	"net/http"

	"github.com/aws/aws-xray-sdk-go/v2/xray"
)

// HTTPClient returns a copy of c that traces its requests as calls to name,
// such as "Slack". Of a URL the trace shows scheme and host only: paths and
// queries of the services we call hold secrets. The other side learns nothing
// of the trace.
func HTTPClient(name string, c *http.Client) *http.Client {
	quieten()
	traced := *c
	next := c.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	traced.Transport = transport{name: name, next: next}
	return &traced
}

type transport struct {
	name string
	next http.RoundTripper
}

// RoundTrip passes r on as it is and records how it went.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	_, segment := xray.BeginSubsegment(r.Context(), t.name)
	if segment == nil {
		return t.next.RoundTrip(r)
	}
	defer segment.Close(nil) // an error's text holds the URL
	response, err := t.next.RoundTrip(r)
	describe(segment, r, err)
	if err == nil {
		xray.HttpCaptureResponse(segment, response.StatusCode)
	}
	return response, err
}

func describe(segment *xray.Segment, r *http.Request, err error) {
	segment.Lock()
	defer segment.Unlock()
	segment.Namespace = "remote"
	request := segment.GetHTTP().GetRequest()
	request.Method = r.Method
	request.URL = r.URL.Scheme + "://" + r.URL.Host
	segment.Fault = err != nil
}
