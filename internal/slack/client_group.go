package slack

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// maxMembersAge is how long a group's members are taken from memory. Whoever
// leaves a group can still vote for so long, so it is short; it is there for
// several votes at once, as Slack allows about twenty calls in a minute.
// https://docs.slack.dev/reference/methods/usergroups.users.list/
const maxMembersAge = 30 * time.Second

// Members asks Slack for the members of a user group, which may be nobody. It
// fails with approval.ErrNotFound when the group is not there or disabled.
// Whether a member may vote at all is for Voter to say.
func (c *Client) Members(ctx context.Context, group string) ([]string, error) {
	var members []string
	err := c.call(ctx, "usergroups.users.list", func(ctx context.Context, api *slackgo.Client) error {
		found, err := api.GetUserGroupMembersContext(ctx, group)
		if err == nil && found == nil {
			return errNoAnswer
		}
		members = found
		return err
	})
	if refused(err, "no_such_subteam", "subteam_not_found", "invalid_usergroup") {
		return nil, fmt.Errorf("slack usergroups.users.list: %w", approval.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return members, nil
}

// Groups remembers the members of user groups for a short time. It is safe for
// use by several goroutines.
type Groups struct {
	members func(ctx context.Context, group string) ([]string, error)
	now     func() time.Time

	mu    sync.Mutex
	known map[string]membership
}

type membership struct {
	members []string
	at      time.Time
}

// NewGroups returns a Groups that asks members, usually Client.Members.
func NewGroups(members func(ctx context.Context, group string) ([]string, error), now func() time.Time) *Groups {
	return &Groups{members: members, now: now, known: map[string]membership{}}
}

// Members is Client.Members, at most 30 seconds late. A failure is not
// remembered, and members that were known before do not stand in for it.
func (g *Groups) Members(ctx context.Context, group string) ([]string, error) {
	asked := g.now()
	g.mu.Lock()
	known, found := g.known[group]
	g.mu.Unlock()
	if age := asked.Sub(known.at); found && age >= 0 && age < maxMembersAge {
		return slices.Clone(known.members), nil
	}
	members, err := g.members(ctx, group)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[group] = membership{members: slices.Clone(members), at: asked}
	return members, nil
}
