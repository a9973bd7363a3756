package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const inProgress = "InProgress"

// A person of the demo, by the Slack id and the address.
type person struct{ slack, email string }

var (
	dana  = person{"U0DANA00001", "dana@example.com"}
	lee   = person{"U0LEE000002", "lee@example.com"}
	priya = person{"U0PRIYA0003", "priya@example.com"}
	marco = person{"U0MARCO0004", "marco@example.com"}
	sam   = person{"U0SAM000009", "sam@example.com"}
)

// Where the demo's rules ask.
const (
	releases         = "C0RELEASES"
	paymentsReleases = "C0PAYMENTS"
	reportsChannel   = "C0REPORTS"
)

// The buttons of a card, as internal/slack names them.
const (
	approveButton = "approval_approve"
	rejectButton  = "approval_reject"
)

var (
	linkLine = regexp.MustCompile(`(?m)^(https?://\S+/approve\?t=\S+)$`)
	codeLine = regexp.MustCompile(`(?m)^Code: (\S+)$`)
)

// push starts a release of a commit.
func (s *show) push(ctx context.Context, pipeline string, c commit) (*release, error) {
	var started struct {
		ID string `json:"execution_id"`
	}
	path := "/local/codepipeline/" + pipeline + "/start"
	if err := s.call(ctx, path, map[string]string{"message": c.message, "author": c.author}, &started); err != nil {
		return nil, fmt.Errorf("start a release of %s: %w", pipeline, err)
	}
	r := &release{pipeline, started.ID}
	s.releases = append(s.releases, r)
	return r, nil
}

// script says how the next run of an action goes.
func (s *show) script(ctx context.Context, path, outcome, summary string, takes time.Duration) error {
	body := map[string]any{"outcome": outcome, "delay_ms": takes.Milliseconds(), "summary": summary}
	return s.call(ctx, "/local/codepipeline/"+path, body, nil)
}

// asks waits until r waits for a person.
func (s *show) asks(ctx context.Context, r *release) error {
	return s.see(ctx, r, "waits for approval", func(x execution) bool { return x.Approving })
}

// ends waits until r has ended as wanted.
func (s *show) ends(ctx context.Context, r *release, status string) error {
	return s.see(ctx, r, "is "+status, func(x execution) bool { return x.Status == status })
}

// card waits for the card that asks about r.
func (s *show) card(ctx context.Context, r *release) (message, error) {
	var card message
	err := s.until(ctx, "Slack shows the card of "+r.pipeline, func() (bool, error) {
		var all []message
		if err := s.call(ctx, "/local/slack/messages", nil, &all); err != nil {
			return false, err
		}
		for _, m := range all {
			if m.EphemeralTo == "" && bytes.Contains(m.Blocks, []byte(r.id[:8])) && bytes.Contains(m.Blocks, []byte(approveButton)) {
				card = m
				return true, nil
			}
		}
		return false, nil
	})
	return card, err
}

// click presses a button of the card about r. A card that somebody else has
// answered meanwhile has none, and that is fine.
func (s *show) click(ctx context.Context, who person, r *release, button string) error {
	card, err := s.card(ctx, r)
	if err != nil {
		return err
	}
	var answer struct {
		Status int `json:"status"`
	}
	err = s.call(ctx, "/local/slack/actions", map[string]string{
		"user": who.slack, "channel": card.Channel, "ts": card.TS, "action_id": button,
	}, &answer)
	var no refusal
	switch {
	case errors.As(err, &no) && no.status == http.StatusConflict:
		return nil
	case err != nil:
		return err
	case answer.Status != http.StatusOK:
		return fmt.Errorf("slack shows an error: Signalbox answers %d", answer.Status)
	}
	return nil
}

// approves answers in Slack, and waits until the release goes on.
func (s *show) approves(ctx context.Context, who person, r *release) error {
	x, err := s.find(ctx, r)
	if err != nil {
		return err
	}
	if err := s.click(ctx, who, r, approveButton); err != nil {
		return err
	}
	return s.left(ctx, r, x.Stage)
}

// left waits until r has left a stage.
func (s *show) left(ctx context.Context, r *release, stage string) error {
	return s.see(ctx, r, "leaves "+stage, func(x execution) bool { return x.Stage != stage || x.Status == "Succeeded" })
}

// rejects answers in Slack with a reason, and waits until the release has ended.
func (s *show) rejects(ctx context.Context, who person, r *release, why string) error {
	if err := s.click(ctx, who, r, rejectButton); err != nil {
		return err
	}
	var open view
	err := s.until(ctx, "Slack asks for the reason", func() (bool, error) {
		var all []view
		err := s.call(ctx, "/local/slack/views", nil, &all)
		for _, v := range all {
			if v.User == who.slack {
				open = v
			}
		}
		return open.ID != "", err
	})
	if err != nil {
		return err
	}
	if err := s.options.Pause(ctx, watching); err != nil { // to be seen
		return err
	}
	err = s.call(ctx, "/local/slack/views/"+url.PathEscape(open.ID), map[string]any{
		"user": who.slack, "values": map[string]any{"reason": map[string]string{"reason": why}},
	}, nil)
	if err != nil {
		return err
	}
	return s.ends(ctx, r, "Failed")
}

// mails answers through the link and the code in the mail about r, and waits
// until the release goes on.
func (s *show) mails(ctx context.Context, who person, r *release) error {
	x, err := s.find(ctx, r)
	if err != nil {
		return err
	}
	var link, code string
	err = s.until(ctx, "the mail has come", func() (bool, error) {
		var all []letter
		err := s.call(ctx, "/local/mail?to="+url.QueryEscape(who.email), nil, &all)
		for _, m := range all {
			l, c := linkLine.FindStringSubmatch(m.Body), codeLine.FindStringSubmatch(m.Body)
			if l != nil && c != nil && strings.Contains(m.Body, r.id) {
				link, code = l[1], c[1]
			}
		}
		return link != "", err
	})
	if err != nil {
		return err
	}
	address, err := url.Parse(link)
	if err != nil {
		return errors.New("the link in the mail is no address") // which it must not repeat
	}
	fields := url.Values{"t": {address.Query().Get("t")}, "code": {code}, "reason": {""}, "verdict": {"approve"}}
	address.RawQuery = ""
	status, err := s.form(ctx, address.String(), fields)
	switch {
	case err != nil:
		return fmt.Errorf("answer the page behind the mail's link: %w", err)
	case status >= http.StatusBadRequest && status != http.StatusConflict: // then somebody was quicker
		return fmt.Errorf("the page behind the mail's link answers %d", status)
	}
	return s.left(ctx, r, x.Stage)
}
