package codebuild

import "time"

// maxLatest is how many builds Latest shows (chosen).
const maxLatest = 100

// A Summary is what a list of builds shows of one.
type Summary struct {
	ID        string     `json:"id"`
	Project   string     `json:"project"`
	Number    int        `json:"number"`
	Status    string     `json:"status"`
	Phase     string     `json:"phase"`
	Message   string     `json:"message,omitempty"` // why it did not succeed
	Initiator string     `json:"initiator"`
	Started   time.Time  `json:"started"`
	Ended     *time.Time `json:"ended,omitempty"`
	Reports   []string   `json:"reports,omitempty"` // ARNs
	URL       string     `json:"url"`               // of its log
}

// Latest are the latest builds, newest first.
func (s *Service) Latest() []Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Summary{}
	for i := len(s.history) - 1; i >= 0 && len(list) < maxLatest; i-- {
		list = append(list, s.summary(s.history[i]))
	}
	return list
}

func (s *Service) summary(b *build) Summary {
	v := Summary{
		ID: b.id(), Project: b.project, Number: b.number, Status: b.shown(), Phase: b.current().name,
		Initiator: b.initiator, Started: b.started, URL: s.deepLink(b),
	}
	if b.over() {
		v.Ended = &b.ended
	}
	for _, p := range b.phases {
		if text := p.reason.text(); text != "" {
			v.Message = text
		}
	}
	for _, r := range b.reports {
		v.Reports = append(v.Reports, r.arn)
	}
	return v
}
