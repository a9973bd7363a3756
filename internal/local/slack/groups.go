package slack

import (
	"net/http"
	"slices"
)

// A Group is a user group, such as @qa.
type Group struct {
	ID     string `json:"id"`
	Handle string `json:"handle"`
	Name   string `json:"name"`
	// Members are user ids.
	Members []string `json:"members"`
	// Deleted is a group that an administrator has disabled. Slack's clients
	// speak of deleting, and keep it.
	Deleted bool `json:"deleted"`
}

// A GroupChange is what an administrator does to a group. What is nil stays.
type GroupChange struct {
	Members *[]string `json:"members"`
	Deleted *bool     `json:"deleted"`
}

// Groups lists the user groups, disabled ones too.
func (w *Workspace) Groups() []Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]Group, len(w.groups))
	for i, g := range w.groups {
		g.Members = slices.Clone(g.Members)
		list[i] = g
	}
	return list
}

// ChangeGroup changes a user group. It is a Refusal when there is no such group
// or no such member.
func (w *Workspace) ChangeGroup(id string, change GroupChange) (Group, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return Group{}, deny(http.StatusNotFound, "There is no user group %q.", id)
	}
	if change.Members != nil {
		for _, m := range *change.Members {
			if _, found := w.user(m); !found {
				return Group{}, deny(http.StatusBadRequest, "There is no Slack user %q to put into @%s.", m, w.groups[i].Handle)
			}
		}
		w.groups[i].Members = append([]string{}, *change.Members...)
	}
	if change.Deleted != nil {
		w.groups[i].Deleted = *change.Deleted
	}
	return w.groups[i], nil
}

// usergroupsList is the method usergroups.list.
func (w *Workspace) usergroupsList(c call) reply {
	if refusal := w.foreignTeam(c); refusal != nil {
		return refusal
	}
	list := []map[string]any{}
	for _, g := range w.groups {
		if g.Deleted && c.args["include_disabled"] != "true" {
			continue
		}
		list = append(list, w.describeGroup(g, c))
	}
	return reply{"usergroups": list}
}

func (w *Workspace) describeGroup(g Group, c call) map[string]any {
	described := map[string]any{
		"id": g.ID, "team_id": w.options.Team.ID, "is_usergroup": true, "is_subteam": true, "is_external": false,
		"name": g.Name, "handle": g.Handle, "description": "", "auto_type": nil,
		"date_create": 1, "date_update": 1, "date_delete": 0,
		"created_by": w.options.App.BotUser, "updated_by": w.options.App.BotUser, "deleted_by": nil,
		"prefs": map[string]any{"channels": []any{}, "groups": []any{}},
	}
	if g.Deleted {
		described["date_delete"], described["deleted_by"] = 2, w.options.App.BotUser
	}
	if c.args["include_users"] == "true" {
		described["users"] = append([]string{}, g.Members...)
	}
	if c.args["include_count"] == "true" {
		described["user_count"] = len(g.Members)
	}
	return described
}

// usergroupsUsersList is the method usergroups.users.list.
func (w *Workspace) usergroupsUsersList(c call) reply {
	if refusal := w.foreignTeam(c); refusal != nil {
		return refusal
	}
	i := slices.IndexFunc(w.groups, func(g Group) bool { return g.ID == c.args["usergroup"] })
	if i < 0 || w.groups[i].Deleted && c.args["include_disabled"] != "true" {
		return refuse("no_such_subteam")
	}
	return reply{"users": append([]string{}, w.groups[i].Members...)}
}

func (w *Workspace) foreignTeam(c call) reply {
	if team := c.args["team_id"]; team != "" && team != w.options.Team.ID {
		return refuse("team_not_found")
	}
	return nil
}
