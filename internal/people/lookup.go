package people

// BySlack finds the member with the Slack member id user.
func (x *Index) BySlack(user string) (Person, bool) { return BySlack(x.people, user) }

// ByID finds the member with the configured id.
func (x *Index) ByID(id string) (Person, bool) { return ByID(x.people, id) }
