package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/slack"
)

// announcements are all that is announced, by the name of its golden file.
func announcements() map[string]struct {
	r    approval.Request
	a    approval.Announcement
	loud bool
} {
	type announced = struct {
		r    approval.Request
		a    approval.Announcement
		loud bool
	}
	late := started.Add(26*time.Hour + 5*time.Minute)
	return map[string]announced{
		"reminder":     {circles(nil), approval.Announcement{Kind: approval.Reminding, At: late}, true},
		"escalation":   {circles(nil), approval.Announcement{Kind: approval.Escalating, At: late, To: []people.Person{kim, priya}}, true},
		"for-the-eyes": {circles(nil), approval.Announcement{Kind: approval.Escalating, At: late, To: []people.Person{{ID: "boss", Name: "<!here> Boss", Slack: "U0BOSS00001"}}}, true},
		"holding":      {cards["held"], approval.Announcement{Kind: approval.Holding, At: late}, false},
		"glass-broken": {broken(&applied), approval.Announcement{Kind: approval.GlassBroken, At: voted}, true},
		"timed-out":    {expired(), approval.Announcement{Kind: approval.TimedOut, At: voted}, false},
		"evil":         {hostile(), approval.Announcement{Kind: approval.Reminding, At: late}, true},
	}
}

func TestAnnouncementsGoBelowTheCard(t *testing.T) {
	t.Parallel()
	for name, tt := range announcements() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c, err := o.client.Post(t.Context(), tt.r, "C0RELEASES")
			if err != nil {
				t.Fatal(err)
			}
			if err := o.client.Announce(t.Context(), tt.r, c, tt.a); err != nil {
				t.Fatal(err)
			}
			m := o.Messages("C0RELEASES")
			if len(m) != 2 || m[1].ThreadTS != c.TS || m[1].Broadcast != tt.loud || len(m[1].Blocks) == 0 {
				t.Fatalf("messages %+v", m)
			}
			golden(t, "announce-"+name+".golden.json", map[string]any{"text": m[1].Text, "blocks": m[1].Blocks})
			checkMarkup(t, "text", m[1].Text)
			for _, b := range m[1].Blocks {
				walk(t, b["type"].(string), b)
			}
		})
	}
}

func TestOnlyWhoeverMustActIsCalled(t *testing.T) {
	t.Parallel()
	for name, tt := range announcements() {
		a := newAPI(t, ok(repliedOK+card.TS+`"}}`))
		if err := a.client(&vault{current: botToken}).Announce(t.Context(), tt.r, card, tt.a); err != nil {
			t.Fatal(err)
		}
		blocks := a.calls[0].args["blocks"]
		if called := strings.Contains(blocks, `\u003c@U`) || strings.Contains(blocks, `\u003c!subteam`); called != tt.loud {
			t.Errorf("%s calls people: %v, want %v", name, called, tt.loud)
		}
		if tt.a.Kind == approval.GlassBroken && strings.Contains(blocks, "@"+priya.Slack) {
			t.Errorf("whoever broke the glass is called about it: %s", blocks)
		}
	}
}

func TestWhatIsGoneIsNotFound(t *testing.T) {
	t.Parallel()
	calls := map[string]func(context.Context, *slack.Client) error{
		"Update": func(ctx context.Context, c *slack.Client) error { return c.Update(ctx, pending(), card) },
		"Announce": func(ctx context.Context, c *slack.Client) error {
			return c.Announce(ctx, pending(), card, approval.Announcement{Kind: approval.Reminding, At: voted})
		},
		"Post": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Post(ctx, pending(), "C0GONE00001")
			return err
		},
	}
	for name, do := range calls {
		for code, gone := range map[string]bool{"channel_not_found": true, "is_archived": true, "not_in_channel": false, "missing_scope": false} {
			err := do(t.Context(), newAPI(t, no(code)).client(&vault{current: botToken}))
			if errors.Is(err, approval.ErrNotFound) != gone || err == nil || !strings.Contains(err.Error(), code) {
				t.Errorf("%s, %s: %v", name, code, err)
			}
		}
	}
	for code, gone := range map[string]bool{"user_not_found": true, "user_disabled": true, "missing_scope": false} {
		_, err := newAPI(t, no(code)).client(&vault{current: botToken}).Post(t.Context(), pending(), "U0GONE00012")
		if errors.Is(err, approval.ErrNotFound) != gone || err == nil {
			t.Errorf("Post to a member, %s: %v", code, err)
		}
	}
}

func TestMemberGetsTheCardDirectly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, err := o.client.Post(t.Context(), pending(), "U0DANA00001")
	if err != nil || !strings.HasPrefix(c.Channel, "D") {
		t.Fatalf("Post = %v, %v", c, err)
	}
	if a := o.click(t, "U0DANA00001", c, slack.ActionApprove); a.Problem != "" || len(o.votes.ballots) != 1 || o.votes.ballots[0].Card != c {
		t.Errorf("answer %+v, ballots %+v", a, o.votes.ballots)
	}
	if err := o.client.Update(t.Context(), decided(approval.Approve, approval.DoorSlack, "", &applied), c); err != nil {
		t.Error(err)
	}
}
