package calls

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
)

// unknown is what cannot be told from a request.
const unknown = "unknown"

// What may be kept of a request: names, never something that may be a secret.
var (
	serviceName   = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,39}$`)
	operationName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,79}$`)
	methodName    = regexp.MustCompile(`^[a-z]+(\.[A-Za-z]+)+$`)
)

// maxPath is how much of a path stands for an operation that has no name here,
// in bytes (chosen).
const maxPath = 100

// readAWS names a call of AWS by what its protocol sends: JSON has a target
// header, queries have an Action, CBOR has it in the path, and so has REST, in
// its own way for each operation.
// https://smithy.io/2.0/aws/protocols/index.html
func readAWS(r *http.Request, body []byte) (service, operation string) {
	service = signedFor(r.Header.Get("Authorization"))
	for _, name := range []string{target(r.Header.Get("X-Amz-Target")), rpcOperation(r.URL.Path), action(r, body)} {
		if operationName.MatchString(name) {
			return service, name
		}
	}
	place := r.Method + " " + r.URL.Path
	resource := place[:strings.LastIndexByte(place, '/')+1] + "*"
	for _, form := range []string{place, resource} {
		if name, known := restOperations[service+" "+form]; known {
			return service, name
		}
	}
	return service, place[:min(len(place), maxPath)]
}

// restOperations are those of the REST services that functions call, where *
// stands for the name of a resource. (Service models: inspector2, scheduler.)
var restOperations = map[string]string{
	"inspector2 POST /findings/list": "ListFindings",
	"inspector2 POST /coverage/list": "ListCoverage",
	"scheduler POST /schedules/*":    "CreateSchedule",
	"scheduler GET /schedules/*":     "GetSchedule",
	"scheduler PUT /schedules/*":     "UpdateSchedule",
	"scheduler DELETE /schedules/*":  "DeleteSchedule",
	"scheduler GET /schedules":       "ListSchedules",
}

// signedFor is the service in the scope of a signature:
// "AWS4-HMAC-SHA256 Credential=key/day/region/service/aws4_request, …".
func signedFor(authorization string) string {
	_, scope, _ := strings.Cut(authorization, "Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	parts := strings.Split(scope, "/")
	if len(parts) < 4 || !serviceName.MatchString(parts[len(parts)-2]) {
		return unknown
	}
	return parts[len(parts)-2]
}

// target is the operation in "DynamoDB_20120810.PutItem".
func target(header string) string { return header[strings.LastIndexByte(header, '.')+1:] }

// rpcOperation is the operation in "/service/Name/operation/PutMetricData".
func rpcOperation(path string) string {
	if !strings.HasPrefix(path, "/service/") {
		return ""
	}
	_, operation, _ := strings.Cut(path, "/operation/")
	return operation
}

// action is the parameter Action of a query, which may be in the body.
func action(r *http.Request, body []byte) string {
	if name := r.URL.Query().Get("Action"); name != "" {
		return name
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return ""
	}
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		if name, found := bytes.CutPrefix(pair, []byte("Action=")); found {
			return string(name)
		}
	}
	return ""
}

// readSlack names a call of the Web API, by its path.
func readSlack(r *http.Request, _ []byte) (service, operation string) {
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if !methodName.MatchString(method) {
		method = unknown
	}
	return "slack", method
}
