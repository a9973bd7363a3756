package codepipeline

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// maxAlarmName is the longest name of an alarm in characters. Source:
// CloudWatch API reference, PutMetricAlarm.
const maxAlarmName = 255

type alarmBody struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

// setAlarm puts a CloudWatch alarm into a state. There is no CloudWatch here:
// an alarm exists once it has been set.
func (s *Service) setAlarm(_ *http.Request, in alarmBody) (any, error) {
	if in.Name == "" {
		return nil, badRequest("name is empty; it must be the alarm's name.")
	}
	if err := within("name", in.Name, maxAlarmName); err != nil {
		return nil, err
	}
	if !slices.Contains(engine.AlarmStates, in.State) {
		return nil, badRequest(fmt.Sprintf("state is %q; it must be one of %s.", in.State, strings.Join(engine.AlarmStates, ", ")))
	}
	s.engine.SetAlarm(in.Name, in.State)
	return struct{}{}, nil
}

// listAlarms answers the states of all alarms by name.
func (s *Service) listAlarms(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	s.write(w, http.StatusOK, s.engine.Alarms())
}
