package codebuild

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type getLogEventsInput struct {
	Group         string `json:"logGroupName"`
	GroupID       string `json:"logGroupIdentifier"`
	Stream        string `json:"logStreamName"`
	StartTime     *int64 `json:"startTime"` // milliseconds since 1970, as all times here
	EndTime       *int64 `json:"endTime"`
	NextToken     string `json:"nextToken"`
	Limit         int    `json:"limit"`
	StartFromHead bool   `json:"startFromHead"`
}

type getLogEventsOutput struct {
	Events   []logEvent `json:"events"`
	Forward  string     `json:"nextForwardToken"`
	Backward string     `json:"nextBackwardToken"`
}

type logEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
	Ingestion int64  `json:"ingestionTime"`
}

// getLogEvents shows a part of a build's log as CloudWatch Logs does: the
// newest lines, the oldest ones, or what comes before or after the part that a
// token belongs to. At either end, the same token comes back.
func (s *Service) getLogEvents(in getLogEventsInput) (getLogEventsOutput, error) {
	b, err := s.logOf(in)
	if err != nil {
		return getLogEventsOutput{}, err
	}
	var events []logEvent
	for _, l := range b.log {
		at := l.at.UnixMilli()
		if in.StartTime != nil && at < *in.StartTime || in.EndTime != nil && at >= *in.EndTime {
			continue
		}
		events = append(events, logEvent{Timestamp: at, Message: l.text + "\n", Ingestion: at})
	}
	from, to, err := in.window(len(events))
	if err != nil {
		return getLogEventsOutput{}, err
	}
	return getLogEventsOutput{
		Events:  append([]logEvent{}, events[from:to]...),
		Forward: fmt.Sprintf("f/%056d", to), Backward: fmt.Sprintf("b/%056d", from),
	}, nil
}

// logOf finds the build whose log is asked for. A group or stream exists once
// a build has written there.
func (s *Service) logOf(in getLogEventsInput) (*build, error) {
	id := in.GroupID
	if _, name, ok := strings.Cut(id, ":log-group:"); ok {
		id = name
	}
	if (in.Group == "") == (in.GroupID == "") {
		return nil, api.Errorf(invalidParameter, "Give either logGroupName or logGroupIdentifier")
	}
	group, found := cmp.Or(in.Group, id), false
	for _, b := range s.history {
		if len(b.log) == 0 || !b.logged() || b.group() != group {
			continue
		}
		if b.stream() == in.Stream {
			return b, nil
		}
		found = true
	}
	if found {
		return nil, api.Errorf(notFound, "The specified log stream does not exist.")
	}
	return nil, api.Errorf(notFound, "The specified log group does not exist.")
}

// window is the part of n events that in asks for, as a half-open range.
func (in getLogEventsInput) window(n int) (from, to int, err error) {
	limit := maxLogs
	if in.Limit > 0 {
		limit = in.Limit
	}
	if in.NextToken == "" {
		if in.StartFromHead {
			return 0, min(limit, n), nil
		}
		return max(0, n-limit), n, nil
	}
	direction, digits, _ := strings.Cut(in.NextToken, "/")
	at, err := strconv.ParseUint(digits, 10, 31)
	if err != nil || int(at) > n || direction != "f" && direction != "b" {
		return 0, 0, api.Errorf(invalidParameter, "The specified nextToken is invalid.")
	}
	if direction == "f" {
		return int(at), min(int(at)+limit, n), nil
	}
	return max(0, int(at)-limit), int(at), nil
}
