package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// The states of an alarm.
const (
	AlarmOK           = "OK"
	AlarmRinging      = "ALARM"
	AlarmInsufficient = "INSUFFICIENT_DATA"
)

// AlarmStates are all states of an alarm.
var AlarmStates = []string{AlarmOK, AlarmRinging, AlarmInsufficient}

// checkAlarm succeeds when the alarm is in a wanted state, or gets into one
// within the wait time.
func (e *Engine) checkAlarm(r *ruleRun) {
	name := r.resolved["AlarmName"]
	wanted, err := wantedStates(r.condition.kind, r.resolved["AlarmStates"])
	if err != nil {
		e.errSoon(r, err.Error())
		return
	}
	wait, err := waitTime(r.resolved["WaitTime"])
	if err != nil {
		e.errSoon(r, err.Error())
		return
	}
	state, ok := e.alarms[name]
	switch {
	case !ok:
		e.errSoon(r, fmt.Sprintf("There is no alarm '%s'", name))
	case slices.Contains(wanted, state):
		e.endSoon(r, succeeded, alarmText(name, state))
	case wait == 0:
		e.endSoon(r, failed, alarmText(name, state))
	default:
		r.outcome.summary = fmt.Sprintf("%s. Waiting until %s for %s", alarmText(name, state),
			stamp(e.now().Add(wait)), strings.Join(wanted, " or "))
		e.schedule(r, wait, func() { e.endRule(r, failed, outcome{summary: alarmText(name, e.alarms[name])}) })
	}
}

func alarmText(name, state string) string {
	return fmt.Sprintf("Alarm '%s' is in state %s", name, state)
}

// wantedStates are the states in which a CloudWatchAlarm rule succeeds.
func wantedStates(kind, configured string) ([]string, error) {
	if configured == "" {
		if kind == api.OnFailure {
			return []string{AlarmRinging}, nil
		}
		return []string{AlarmOK, AlarmInsufficient}, nil
	}
	var states []string
	for s := range strings.SplitSeq(configured, ",") {
		s = strings.TrimSpace(s)
		if !slices.Contains(AlarmStates, s) {
			return nil, fmt.Errorf("the AlarmStates %q are not of %s", configured, strings.Join(AlarmStates, ", "))
		}
		states = append(states, s)
	}
	return states, nil
}

// maxWait is the longest wait time in minutes: the longest timeout of a rule.
const maxWait = 86_400

func waitTime(minutes string) (time.Duration, error) {
	if minutes == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(minutes)
	if err != nil || n < 0 || n > maxWait {
		return 0, fmt.Errorf("the WaitTime %q is no number of minutes from 0 to %d", minutes, maxWait)
	}
	return time.Duration(n) * time.Minute, nil
}

// SetAlarm puts the CloudWatch alarm of that name into a state, which is one of
// AlarmStates, and makes it exist. Rules that wait for it are checked at once.
func (e *Engine) SetAlarm(name, state string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.alarms[name] = state
	for _, r := range e.waitingFor(name) {
		wanted, err := wantedStates(r.condition.kind, r.resolved["AlarmStates"])
		if err == nil && slices.Contains(wanted, state) {
			e.endRule(r, succeeded, outcome{summary: alarmText(name, state)})
		}
	}
}

// Alarms are the states of all alarms by name.
func (e *Engine) Alarms() map[string]string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.alarms)
}

// waitingFor lists the rules that wait for an alarm. What ends one may abandon
// another, which is why they are collected first.
func (e *Engine) waitingFor(alarm string) []*ruleRun {
	var found []*ruleRun
	for _, name := range e.names() {
		for _, x := range activeOf(e.pipelines[name]) {
			for _, r := range x.rules {
				if r.status == inProgress && r.decl.Type.Provider == ruleAlarm && r.resolved["AlarmName"] == alarm {
					found = append(found, r)
				}
			}
		}
	}
	return found
}
