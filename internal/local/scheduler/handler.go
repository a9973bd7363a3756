package scheduler

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxRequest is the largest request that is read, in bytes: AWS's limit of
// 256 KB for an input, and room for the rest.
const maxRequest = 300 << 10

// A call is one operation of the API: where its input is found besides the
// body, and who answers it.
type call struct {
	operation string
	// query lists the members that are in the query, by their names there.
	query map[string]string
	// answer gets the input, which fits the model. The caller holds the lock.
	answer func(input []byte) (any, error)
}

// Handler is the REST API of EventBridge Scheduler, without tags. Signatures
// are not checked.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
func (s *Service) Handler() http.Handler {
	one := map[string]string{"groupName": "GroupName", "clientToken": "ClientToken"}
	list := map[string]string{
		"ScheduleGroup": "GroupName", "MaxResults": "MaxResults", "NamePrefix": "NamePrefix", "NextToken": "NextToken", "State": "State",
	}
	mux := http.NewServeMux()
	for pattern, c := range map[string]call{
		"POST /schedules/{Name}":         {"CreateSchedule", nil, typed(s.createSchedule)},
		"GET /schedules/{Name}":          {"GetSchedule", one, typed(s.getSchedule)},
		"PUT /schedules/{Name}":          {"UpdateSchedule", nil, typed(s.updateSchedule)},
		"DELETE /schedules/{Name}":       {"DeleteSchedule", one, typed(s.deleteSchedule)},
		"GET /schedules":                 {"ListSchedules", list, typed(s.listSchedules)},
		"POST /schedule-groups/{Name}":   {"CreateScheduleGroup", nil, typed(s.createGroup)},
		"GET /schedule-groups/{Name}":    {"GetScheduleGroup", nil, typed(s.getGroup)},
		"DELETE /schedule-groups/{Name}": {"DeleteScheduleGroup", one, typed(s.deleteGroup)},
		"GET /schedule-groups":           {"ListScheduleGroups", list, typed(s.listGroups)},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, c) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.respond(w, nil, api.Errorf(api.UnknownOperation, "This local Scheduler does not offer %s %.100s", r.Method, r.URL.Path))
	})
	return mux
}

// typed makes an answer of a method with typed input and output.
func typed[I, O any](f func(I) (O, error)) func([]byte) (any, error) {
	return func(input []byte) (any, error) {
		var in I
		if err := json.Unmarshal(input, &in); err != nil { // only numbers beyond their Go type get here
			return nil, api.Errorf(api.Serialization, "The request has a number that is out of range")
		}
		return f(in)
	}
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request, c call) {
	input, err := c.read(w, r)
	if err == nil {
		input, err = s.model.Input(c.operation, input)
	}
	var out any
	if err == nil {
		s.mu.Lock()
		out, err = c.answer(input)
		s.mu.Unlock()
	}
	s.respond(w, out, err)
}

// read makes one object of what is in the path, the query and the body.
func (c call) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, api.Errorf(api.TooLarge, "The request body is larger than %d bytes", maxRequest)
	}
	members := map[string]any{}
	if len(body) > 0 {
		var raw map[string]json.RawMessage
		if json.Unmarshal(body, &raw) != nil || raw == nil {
			return nil, api.Errorf(api.Serialization, "The request body is not a JSON object")
		}
		for name, value := range raw {
			members[name] = value
		}
	}
	if name := r.PathValue("Name"); name != "" {
		members["Name"] = name
	}
	query := r.URL.Query()
	for name, member := range c.query {
		if !query.Has(name) {
			continue
		}
		members[member] = query.Get(name)
		if name == "MaxResults" {
			n, err := strconv.Atoi(query.Get(name))
			if err != nil {
				return nil, api.Errorf(api.Serialization, "MaxResults is no number")
			}
			members[member] = n
		}
	}
	return json.Marshal(members)
}

// respond answers with out, or with the type and message of err.
func (s *Service) respond(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("x-amzn-RequestId", rand.Text())
	status := http.StatusOK
	if err != nil {
		refusal := (*api.Error)(nil)
		if !errors.As(err, &refusal) {
			s.opts.Log.Error("operation broke", "service", "Scheduler", "err", err)
			refusal = api.Errorf(api.InternalFailure, "The local Scheduler broke; see its log")
		}
		w.Header().Set("x-amzn-ErrorType", refusal.Type)
		status, out = http.StatusBadRequest, map[string]string{"Message": refusal.Message}
		if other, ok := statuses[refusal.Type]; ok {
			status = other
		}
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // a client that has gone misses its answer
}
