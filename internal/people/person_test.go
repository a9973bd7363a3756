package people_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/people"
)

func TestPeopleAreFoundByTheirIDs(t *testing.T) {
	t.Parallel()
	index := office().Index()
	if p, ok := index.BySlack("U0LEE000002"); !ok || p.ID != "lee" {
		t.Errorf("by Slack id: %v, %v", p, ok)
	}
	if p, ok := index.BySlack(""); ok { // as of everybody without Slack
		t.Errorf("by an empty Slack id: %v", p)
	}
	if p, ok := index.ByID("priya"); !ok || p.Name != "Priya Raman" {
		t.Errorf("by id: %v, %v", p, ok)
	}
	if p, ok := index.ByID(""); ok {
		t.Errorf("by an empty id: %v", p)
	}
}

func TestNamesMakeAList(t *testing.T) {
	t.Parallel()
	all := office().People()[:3]
	for n, want := range []string{"", "Dana Whitfield", "Dana Whitfield or Lee Okafor", "Dana Whitfield, Lee Okafor or Priya Raman"} {
		if got := people.Names(all[:n], "or"); got != want {
			t.Errorf("%d names: %q, want %q", n, got, want)
		}
	}
}
