package event

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// Our own kinds of events. No rule of the template matches them, so nothing
// sends them but Scheduler and whoever may invoke the function.
const (
	// Ours is their source.
	Ours = "signalbox"
	// AlarmType is the detail-type of AlarmRang.
	AlarmType = "Signalbox Alarm"
	// ReconcileType is the detail-type of ReconcileDue.
	ReconcileType = "Signalbox Reconcile"
	// SweepType is the detail-type of SweepDue.
	SweepType = "Signalbox Sweep"
)

// AlarmRang says that the moment has come which somebody set an alarm for, by
// internal/schedule. Meta.Time is that moment and not when it rang: Scheduler
// rings up to a minute late, and later after an outage.
type AlarmRang struct {
	Meta
	// Request is the id of the request that wants to be looked at.
	Request string
}

// ReconcileDue asks for everything that is open to be compared with the truth.
// The template's recurring schedule sends it, and people who do not want to
// wait for that.
type ReconcileDue struct{ Meta }

// SweepDue asks for the releases to be looked at of which nothing has been
// heard, and for what people are to be told at this time. Meta.Time is when.
type SweepDue struct{ Meta }

func (AlarmRang) event()    {}
func (ReconcileDue) event() {}
func (SweepDue) event()     {}

type alarmDetail struct {
	Request string `json:"request"`
}

func alarmRang(m Meta, d alarmDetail, f *fields) Event {
	return AlarmRang{Meta: m, Request: f.text("detail.request", d.Request)}
}

func reconcileDue(m Meta, _ struct{}, _ *fields) Event { return ReconcileDue{Meta: m} }

func sweepDue(m Meta, _ struct{}, _ *fields) Event { return SweepDue{Meta: m} }

// What Scheduler replaces in the input of a target when it invokes it. It fills
// in nothing else: account and Region must be written by whoever makes the
// schedule.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
const (
	executionID   = "<aws.scheduler.execution-id>"
	scheduledTime = "<aws.scheduler.scheduled-time>"
)

// AlarmInput is what a schedule hands to its target so that this reads it as
// an AlarmRang. Scheduler completes it with the id and the time.
func AlarmInput(account, region, request string) (string, error) {
	detail, err := json.Marshal(alarmDetail{Request: request})
	if err != nil {
		return "", err
	}
	var input bytes.Buffer
	e := json.NewEncoder(&input)
	e.SetEscapeHTML(false) // Scheduler would not know <…> again
	err = e.Encode(envelope{
		Version: "0", ID: executionID, Source: Ours, DetailType: AlarmType, Account: account, Region: region,
		Time: scheduledTime, Resources: []string{}, Detail: detail,
	})
	return strings.TrimSuffix(input.String(), "\n"), err
}

// ReconcileInput is what a function is invoked with so that it reads it as a
// ReconcileDue that somebody asked for at the moment at.
func ReconcileInput(id, account, region string, at time.Time) ([]byte, error) {
	return dueInput(ReconcileType, id, account, region, at)
}

// SweepInput is what a function is invoked with so that it reads it as a
// SweepDue that somebody asked for at the moment at.
func SweepInput(id, account, region string, at time.Time) ([]byte, error) {
	return dueInput(SweepType, id, account, region, at)
}

func dueInput(detailType, id, account, region string, at time.Time) ([]byte, error) {
	return json.Marshal(envelope{
		Version: "0", ID: id, Source: Ours, DetailType: detailType, Account: account, Region: region,
		Time: at.UTC().Format(time.RFC3339), Resources: []string{}, Detail: json.RawMessage("{}"),
	})
}
